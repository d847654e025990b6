"""Invented people and records for tests; small functions, no magic."""

from itertools import count

from allauth.account.internal.flows.login import record_authentication
from django.test import Client

from varangian.operations.services import open_engagement, open_operation
from varangian.platform.access.models import Membership, User
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.platform.crypto import keys
from varangian.principals.models import Principal

_numbers = count(1)


def person(name: str = "", **fields) -> User:
    number = next(_numbers)
    name = name or f"Officer {number}"
    return User.objects.create_user(f"person{number}@example.org", None, name=name, **fields)


def engagement(leader: User | None = None, slug: str = ""):
    return open_engagement(
        actor=leader or SYSTEM, slug=slug or f"contract-{next(_numbers)}", title="Invented client"
    )


def principal(engagement, slug: str = "", **fields) -> Principal:
    number = next(_numbers)
    return Principal.objects.create(
        key=keys.create(),
        compartment=engagement.compartment,
        slug=slug or f"heron-{number}",
        code_name=f"HERON {number}",
        **{"name": "Astrid Invented", **fields},
    )


def operation(leader: User | None = None, **fields):
    """An operation with its engagement and principal, led by ``leader``."""
    contract = fields.pop("engagement", None) or engagement(leader)
    who = fields.pop("principal", None) or principal(contract)
    return open_operation(
        actor=leader or SYSTEM,
        engagement=contract,
        principal=who,
        **{"title": "Two days in Helsinki", "time_zone": "Europe/Helsinki", **fields},
    )


def member(record, role: Role, user: User | None = None) -> User:
    """A person with a role in the compartment of a record."""
    user = user or person()
    Membership.objects.update_or_create(
        compartment_id=record.compartment_id, user=user, defaults={"role": role.value}
    )
    user.__dict__.pop("_reach", None)
    return user


def signed_in(user: User, *, fresh: bool = False) -> Client:
    """A browser of this person; ``fresh`` has proved again who they are."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    if fresh:
        session = client.session
        request = type("Request", (), {"session": session})()
        record_authentication(request, user, method="password", reauthenticated=True)
        session.save()
    return client
