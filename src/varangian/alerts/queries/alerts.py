"""Alerts as a person may see them."""

from uuid import UUID

from django.db.models import Case, CharField, Count, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Cast

from varangian.kernel.results import NotFound
from varangian.platform.access.models import User
from varangian.platform.access.queries import members
from varangian.platform.access.roles import roles_for
from varangian.platform.access.scope import Actor, system_read
from varangian.platform.access.unseen import kept_from

from ..models import Alert, Delivery, NuisanceReport
from ..models.alert import UNSUPPRESSED
from ..rules import RANK

VIEWS = (("open", "Open"), ("mine", "Mine"), ("shelved", "Shelved"), ("closed", "Closed"))
URGENT_FIRST = Case(
    *(When(urgency=urgency, then=Value(-rank)) for urgency, rank in RANK.items()),
    output_field=IntegerField(),
)


UNSUPPRESSED_FIRST = Case(
    When(source__in=sorted(UNSUPPRESSED), then=Value(0)),
    default=Value(1),
    output_field=IntegerField(),
)
GROUPED = Count("grouped", filter=Q(grouped__state__in=Alert.OPEN))


def alerts_by_id(actor: Actor, ids: list[UUID]) -> list[Alert]:
    """Those that this person may see, in the order asked; all of them or the refusal."""
    found = {row.pk: row for row in alerts(actor, view="all").filter(pk__in=ids)}
    missing = [str(pk) for pk in ids if pk not in found]
    if missing or not ids:
        raise NotFound(
            "There is no such alert, or it is not yours to see", where=", ".join(missing)
        )
    return [found[pk] for pk in ids]


def _seen_by(actor: Actor) -> QuerySet[Alert]:
    """All but those that must not show on this person's screens."""
    found = Alert.objects.visible_to(actor)
    if actor.is_system:
        return found
    if kept := kept_from(actor):
        found = found.exclude(about__in=kept)
    return found.exclude(silent_for_id=actor.pk, state__in=Alert.OPEN)


@system_read("which alerts a record raised, to keep them from one person")
def ids_about(records: set[UUID]) -> set[UUID]:
    return set(Alert.objects.filter(about__in=records).values_list("pk", flat=True))


def alerts(actor: Actor, *, view: str = "open", operation: str = "") -> QuerySet[Alert]:
    """``open``: what asks, the most urgent first; the first of a group asks for all of it.

    ``standing``: everything open, also what is grouped under another or shelved. ``closed`` and
    ``all`` have the newest first.
    """
    found = _seen_by(actor).select_related(
        "operation", "movement", "assigned_to", "acknowledged_by", "shelved_by"
    )
    found = found.annotate(group_size=GROUPED)
    if operation:
        found = found.filter(operation__slug=operation)
    if view == "closed":
        return found.exclude(state__in=Alert.OPEN).order_by("-closed_at", "-raised_at")
    if view == "all":
        return found.order_by("-raised_at")
    found = found.filter(state__in=Alert.OPEN)
    if view == "mine":
        found = found.filter(assigned_to_id=actor.pk)
    elif view == "shelved":
        found = found.exclude(shelved_until=None)
    elif view != "standing":
        found = found.filter(group=None, shelved_until=None)
    return found.order_by(UNSUPPRESSED_FIRST, URGENT_FIRST, "-raised_at", "pk")


def queue(actor: Actor, limit: int = 50) -> list[Alert]:
    """What waits, for the Board."""
    return list(alerts(actor)[:limit])


def of_signals(actor: Actor, ids: list[UUID]) -> list[Alert]:
    """Open alerts that these signals raised."""
    return list(alerts(actor, view="standing").filter(source="signal", about__in=ids))


def alert(actor: Actor, pk: UUID) -> Alert:
    found = alerts(actor, view="all").filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such alert, or it is not yours to see", where=str(pk))
    return found


def alert_by_code(actor: Actor, code: str) -> Alert:
    """What a message named: the open one before those that are over, the newest first."""
    found = alerts(actor, view="all").annotate(words=Cast("pk", CharField()))
    rows = list(found.filter(words__endswith=code.strip().lower()[-4:])[:20])
    if len(code.strip()) != 4 or not rows:
        raise NotFound("There is no alert with this code, or it is not yours to see", where=code)
    return next((row for row in rows if row.state in Alert.OPEN), rows[0])


def open_count(actor: Actor) -> int:
    """For the rail."""
    rows = _seen_by(actor).filter(state__in=Alert.OPEN, group=None, shelved_until=None)
    return rows.count()


def group_of(actor: Actor, alert: Alert) -> list[Alert]:
    """What is open and asked for by this one."""
    return list(alerts(actor, view="standing").filter(group_id=alert.pk))


def deliveries(actor: Actor, alert: Alert) -> QuerySet[Delivery]:
    """Who was told, over what, and how it went."""
    found = Delivery.objects.visible_to(actor).filter(alert_id=alert.pk)
    return found.select_related("person").order_by("-round", "person__name", "channel")


def nuisance(actor: Actor, alert: Alert) -> list[NuisanceReport]:
    """Who said that it should not have asked."""
    found = NuisanceReport.objects.visible_to(actor).filter(alert_id=alert.pk)
    return list(found.select_related("by").order_by("at"))


def handlers(actor: Actor, alert: Alert) -> list[User]:
    """Members of the operation to whom this alert may be assigned."""
    roles = [role.value for role in roles_for("alert.handle")]
    found = members(actor, alert.compartment_id).filter(role__in=roles)
    return [member.user for member in found]
