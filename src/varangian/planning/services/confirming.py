"""A named person says that something required is there, or that the operation does without it."""

from typing import Any

from django.db import transaction

from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, require
from varangian.platform.news.services import announce

from ..library import readiness_policy
from ..models import Confirmation
from ..readiness import BY_WORD
from .issuing import named


@transaction.atomic
def confirm_artefact(
    *, actor: Actor, operation: Any, artefact: str, note: str, waive: bool = False
) -> Confirmation:
    """``note`` says what was checked and with whom; a waiver says why and is the leader's alone."""
    require(actor, "order.sign" if waive else "order.change", operation.compartment_id)
    named(actor, "confirm readiness")
    rule = readiness_policy().get(artefact)
    if not note.strip():
        raise Refused("Say what was checked, and with whom", where="note")
    if waive and not rule.waivable:
        raise Refused("The operation cannot do without this", where=rule.title)
    if not waive and artefact not in BY_WORD:
        raise Refused(
            "This is read from the records, not from somebody's word",
            where=rule.title,
            mend=rule.ready_when,
        )
    found = Confirmation.objects.create(
        key_id=operation.key_id,
        compartment_id=operation.compartment_id,
        operation=operation,
        artefact=artefact,
        kind=Confirmation.Kind.WAIVED if waive else Confirmation.Kind.DONE,
        note=note.strip(),
        by=actor,
    )
    announce(
        topic="readiness",
        event=found.kind,
        text=f"{rule.title}: {found.get_kind_display().lower()}",
        compartment_id=operation.compartment_id,
        operation_id=operation.pk,
        record=("operation", operation.pk),
        actor=actor,
    )
    return found
