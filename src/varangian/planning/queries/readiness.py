"""The readiness lights of an operation."""

from typing import Any

from varangian.kernel.clock import now
from varangian.platform.access.scope import Actor, require

from ..library import readiness_policy
from ..models import Confirmation
from ..readiness import ORDER, Light, Word, light
from .evidence import Records, evidence_of


def readiness(actor: Actor, operation: Any) -> list[Light]:
    """Every artefact that the policy asks of this kind at this level, the worst first."""
    require(actor, "readiness.view", operation.compartment_id)
    level = operation.threat_level or "substantial"
    words = latest_words(actor, operation)
    records, at = Records(actor, operation), now()
    lights = [
        light(artefact, evidence_of(artefact.id, records), words.get(artefact.id), level, at)
        for artefact in readiness_policy().required(operation.kind, level)
    ]
    return sorted(lights, key=lambda row: ORDER.index(row.state))


def latest_words(actor: Actor, operation: Any) -> dict[str, Word]:
    """The last word of a named person on each artefact."""
    found: dict[str, Word] = {}
    rows = Confirmation.objects.visible_to(actor).filter(operation=operation).select_related("by")
    for row in rows.order_by("at"):
        waived = row.kind == Confirmation.Kind.WAIVED
        found[row.artefact] = Word(waived, row.at, str(row.by), row.note)
    return found


def counted(lights: list[Light]) -> dict[str, int]:
    return {state: sum(1 for row in lights if row.state == state) for state in ORDER}
