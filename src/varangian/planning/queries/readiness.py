"""The readiness lights of an operation."""

from datetime import UTC, datetime
from typing import Any

from varangian.kernel.clock import now
from varangian.platform.access.scope import Actor, require

from ..library import readiness_policy
from ..models import Confirmation
from ..readiness import ORDER, Light, Word, light
from .evidence import Records, evidence_of

Kind = Confirmation.Kind


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
    return {
        row.artefact: Word(row.kind == Kind.WAIVED, row.at, str(row.by), row.note, row.until)
        for row in last_said(actor, operation)
        if row.kind != Kind.WITHDRAWN
    }


def last_said(actor: Actor, operation: Any) -> list[Confirmation]:
    found: dict[str, Confirmation] = {}
    rows = Confirmation.objects.visible_to(actor).filter(operation=operation).select_related("by")
    for row in rows.order_by("at"):
        found[row.artefact] = row
    return list(found.values())


def standing_waivers(actor: Actor, operation: Any) -> list[Confirmation]:
    """Those that hold now, the first to end first."""
    far, at = datetime.max.replace(tzinfo=UTC), now()
    rows = [row for row in last_said(actor, operation) if row.kind == Kind.WAIVED]
    live = [row for row in rows if row.until is None or row.until > at]
    return sorted(live, key=lambda row: row.until or far)


def counted(lights: list[Light]) -> dict[str, int]:
    return {state: sum(1 for row in lights if row.state == state) for state in ORDER}
