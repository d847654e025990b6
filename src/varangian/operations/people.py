"""A member of an operation, named by e-mail."""

from varangian.kernel.results import Refused
from varangian.platform.access.models import User
from varangian.platform.access.queries import members
from varangian.platform.access.scope import Actor

from .models import Operation


def member_by_email(actor: Actor, operation: Operation, email: str) -> User:
    for membership in members(actor, operation.compartment_id):
        if membership.user.email == email.lower():
            return membership.user
    raise Refused(
        "This person is not a member of the operation", where=email, mend="Add the person first."
    )
