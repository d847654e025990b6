"""Reads of the alerts."""

from uuid import UUID

from django.db.models import Case, IntegerField, QuerySet, Value, When

from varangian.kernel.results import NotFound
from varangian.platform.access.models import User
from varangian.platform.access.queries import members
from varangian.platform.access.roles import roles_for
from varangian.platform.access.scope import Actor

from .models import Alert
from .rules import RANK

VIEWS = (("open", "Open"), ("mine", "Mine"), ("closed", "Closed"))
URGENT_FIRST = Case(
    *(When(urgency=urgency, then=Value(-rank)) for urgency, rank in RANK.items()),
    output_field=IntegerField(),
)


def alerts_by_id(actor: Actor, ids: list[UUID]) -> list[Alert]:
    """Those that this person may see, in the order asked; all of them or the refusal."""
    found = {row.pk: row for row in alerts(actor, view="all").filter(pk__in=ids)}
    missing = [str(pk) for pk in ids if pk not in found]
    if missing or not ids:
        raise NotFound(
            "There is no such alert, or it is not yours to see", where=", ".join(missing)
        )
    return [found[pk] for pk in ids]


def alerts(actor: Actor, *, view: str = "open", operation: str = "") -> QuerySet[Alert]:
    """``open`` and ``mine`` have the most urgent first, ``closed`` and ``all`` the newest."""
    found = Alert.objects.visible_to(actor).select_related(
        "operation", "movement", "assigned_to", "acknowledged_by"
    )
    if operation:
        found = found.filter(operation__slug=operation)
    if view == "closed":
        return found.exclude(state__in=Alert.OPEN).order_by("-closed_at", "-raised_at")
    if view == "all":
        return found.order_by("-raised_at")
    found = found.filter(state__in=Alert.OPEN)
    if view == "mine":
        found = found.filter(assigned_to_id=actor.pk)
    return found.order_by(URGENT_FIRST, "-raised_at", "pk")


def queue(actor: Actor, limit: int = 50) -> list[Alert]:
    """What waits, for the Board."""
    return list(alerts(actor)[:limit])


def of_signals(actor: Actor, ids: list[UUID]) -> list[Alert]:
    """Open alerts that these signals raised."""
    return list(alerts(actor).filter(source="signal", about__in=ids))


def alert(actor: Actor, pk: UUID) -> Alert:
    found = alerts(actor, view="all").filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such alert, or it is not yours to see", where=str(pk))
    return found


def open_count(actor: Actor) -> int:
    """For the rail."""
    return Alert.objects.visible_to(actor).filter(state__in=Alert.OPEN).count()


def handlers(actor: Actor, alert: Alert) -> list[User]:
    """Members of the operation to whom this alert may be assigned."""
    roles = [role.value for role in roles_for("alert.handle")]
    found = members(actor, alert.compartment_id).filter(role__in=roles)
    return [member.user for member in found]
