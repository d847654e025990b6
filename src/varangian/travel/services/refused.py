"""Files that could not be read are kept, with the reason: a person may still need what they say."""

from typing import Any

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Refused
from varangian.kernel.words import plural
from varangian.operations.models import Operation
from varangian.platform.access.scope import Actor, require
from varangian.platform.crypto.models import SubjectKey
from varangian.platform.news.services import announce
from varangian.platform.storage.services import keep

from ..itineraries.ical_text import LIMIT_BYTES
from ..models import RefusedFile


class Unreadable(Refused):
    """A file that gives nothing; ``problems`` are what was found while it was read."""

    def __init__(
        self, what: str, where: str = "", mend: str = "", problems: list[Any] | None = None
    ) -> None:
        super().__init__(what, where, mend)
        self.problems = problems or []


@transaction.atomic
def keep_refused(
    *,
    actor: Actor,
    principal: Any,
    operation: Operation | None,
    data: bytes,
    name: str,
    unreadable: Unreadable,
) -> RefusedFile:
    """Sealed with the key of the operation, else of the principal. Nothing and too much are not
    kept: then the refusal goes on."""
    if not data.strip() or len(data) > LIMIT_BYTES:
        raise unreadable
    home = operation or principal
    original = keep(
        data=data,
        name=name or "file",
        media_type="application/octet-stream",
        key=SubjectKey(pk=home.key_id),
        compartment_id=home.compartment_id,
    )
    record = RefusedFile.objects.create(
        key_id=home.key_id,
        compartment_id=home.compartment_id,
        principal=principal,
        operation=operation,
        original=original,
        reason={"what": unreadable.what, "mend": unreadable.mend},
        problems=unreadable.problems,
        imported_by_id=actor.pk,
    )
    _tell(record, "refused", f"A file could not be read: {unreadable.what}", actor)
    return record


@transaction.atomic
def put_away_refused(*, actor: Actor, refused: RefusedFile) -> RefusedFile:
    """Somebody dealt with it. The original stays until the records of its subject are erased."""
    require(actor, "itinerary.import", refused.compartment_id)
    record = (
        RefusedFile.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=refused.pk)
    )
    if record.put_away_at:
        raise Conflict("This file is put away already", mend="Load the page again.")
    record.put_away_at, record.put_away_by_id = now(), actor.pk
    record.save(update_fields=["put_away_at", "put_away_by"])
    _tell(record, "put away", "A file that could not be read was put away", actor)
    return record


def _tell(record: RefusedFile, event: str, text: str, actor: Actor) -> None:
    found = f"; {plural(len(record.problems), 'problem')}" if record.problems else ""
    announce(
        topic="itineraries",
        event=event,
        text=f"{text}{found}",
        compartment_id=record.compartment_id,
        operation_id=record.operation_id,
        record=("refused file", record.pk),
        actor=actor,
    )
