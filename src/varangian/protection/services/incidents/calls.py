"""The notification tree: who must be told, and what came of it."""

from django.db import transaction
from django.db.models import Max

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, require, system_read

from ...incident_rules import due_of
from ...models import Incident, Notification
from .ground import locked, mark, named, tell, text_of


@transaction.atomic
def add_notification(
    *, actor: Actor, incident: Incident, whom: str, within_minutes: int = 15
) -> Notification:
    """Somebody whom the tree of the library does not know."""
    incident = locked(actor, incident, "incident.command")
    if not 0 <= within_minutes <= 24 * 60:
        raise Refused("Within 0 to 1,440 minutes", where="within_minutes")
    mine = Notification.objects.visible_to(actor).filter(incident=incident)
    last = mine.aggregate(last=Max("serial"))["last"] or 0
    return Notification.objects.create(
        compartment_id=incident.compartment_id,
        key_id=incident.key_id,
        incident=incident,
        serial=last + 1,
        node="",
        whom=text_of("whom", whom, least=2, most=200),
        due_at=due_of(now(), within_minutes),
    )


@transaction.atomic
def record_notification(
    *, actor: Actor, notification: Notification, result: str, note: str = ""
) -> Notification:
    """What came of it. Nobody answered: it keeps waiting, and the try is counted and logged."""
    named(actor)
    require(actor, "incident.command", notification.compartment_id)
    rows = Notification.objects.visible_to(actor).select_related("incident__operation")
    row = rows.select_for_update(of=("self",)).get(pk=notification.pk)
    if result not in Notification.Result.values or result == Notification.Result.WAITING:
        raise Refused("Reached, no answer or not needed", where=result)
    if result == Notification.Result.NOT_NEEDED and not note.strip():
        raise Refused("Say why nobody needs to be told", where="note")
    row.result, row.note, row.at, row.by = result, text_of("note", note), now(), actor
    row.tries += 1
    row.save()
    incident = locked(actor, row.incident, "incident.command", ended=True)
    why = f": {row.note}" if row.note else ""
    words = f"{incident.label}, {row.whom}: {row.get_result_display().lower()}{why}"  # pyright: ignore
    tell(incident, "notified", words, actor)
    if result == Notification.Result.REACHED:
        mark(incident, "notified", row.at)
        _wake(row)
    return row


@system_read("the clock of those who come after starts when the one before was reached")
def _wake(row: Notification) -> None:
    """A node that waits for another counts its minutes from there, if that is later."""
    if not row.node or row.at is None:
        return
    for late in Notification.objects.filter(
        incident_id=row.incident_id, after=row.node, result=Notification.Result.WAITING
    ):
        late.due_at = max(late.due_at, row.at)
        late.save(update_fields=["due_at"])
