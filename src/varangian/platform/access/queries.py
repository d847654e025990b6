"""Reads of the access floor."""

from uuid import UUID

from django.db.models import QuerySet

from varangian.kernel.results import NotFound

from .models import ApiToken, Compartment, Membership, User
from .scope import Actor, administrate, circles, may, reach_of, system_read


@system_read("a name is needed to sign, assign or add; e-mail addresses are unique")
def user_by_email(email: str) -> User | None:
    return User.objects.filter(email=email.lower(), is_active=True).first()


def members(actor: Actor, compartment_id: UUID) -> QuerySet[Membership]:
    """Members of a compartment that the person can see into."""
    found = Membership.objects.filter(compartment_id=compartment_id).select_related("user")
    if actor.is_system or may(actor, "operation.view", compartment_id):
        return found.order_by("role", "user__name")
    return found.none()


def tokens_of(user: Actor) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(user=user, revoked_at=None).order_by("-created_at")


def people(actor: Actor) -> QuerySet[User]:
    """Everybody with an account: for an administrator and the console."""
    administrate(actor)
    return User.objects.order_by("-is_active", "name", "email")


def someone(actor: Actor, email: str) -> User:
    """One account, shut out or not."""
    found = people(actor).filter(email=email.lower()).first()
    if found is None:
        raise NotFound("There is no such person", where=email, mend="See varangian user list.")
    return found


def person(actor: Actor, pk: UUID) -> User:
    found = people(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such person", where=str(pk))
    return found


def member(actor: Actor, compartment_id: UUID, user_id: UUID) -> Membership:
    found = members(actor, compartment_id).filter(user_id=user_id).first()
    if found is None:
        raise NotFound("This person is no member here")
    return found


def compartment(actor: Actor, pk: UUID) -> Compartment:
    return _compartment(actor, str(pk), pk=pk)


def compartment_named(actor: Actor, label: str) -> Compartment:
    """By the short name of the engagement or operation that owns it."""
    return _compartment(actor, label, label=label)


def _compartment(actor: Actor, where: str, **named: object) -> Compartment:
    found = Compartment.objects.filter(**named)
    if not actor.is_system:
        allowed = circles(actor, "operation.view")
        found = found.none() if allowed is None else found.filter(pk__in=allowed)
    row = found.first()
    if row is None:
        raise NotFound("There is no such record, or it is not yours to see", where=where)
    return row


def seats(user: Actor) -> list[dict[str, object]]:
    """What a person is, and where: their own memberships."""
    rows = Membership.objects.filter(user=user).select_related("compartment")
    inside = {reach.compartment for reach in reach_of(user)}
    return [
        {
            "compartment": str(row.compartment_id),
            "label": row.compartment.label,
            "engagement": row.compartment.parent_id is None,
            "role": row.role,
            "until": row.until,
        }
        for row in rows.order_by("compartment__label")
        if row.compartment_id in inside
    ]
