"""The threat level of an operation, as a named person chose it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from varangian.kernel.results import Refused
from varangian.operations.services import change_operation
from varangian.platform.access.scope import Actor, require
from varangian.threats.library import LEVELS, grading

from ..models import Assessment
from .common import checked_validity, locked, named, tell


@transaction.atomic
def assess(
    *,
    actor: Actor,
    operation: Any,
    level: str,
    summary: str,
    confidence: str = "low",
    valid_until: datetime | None = None,
) -> Assessment:
    """A new version beside the older ones; the operation is at this level from now on."""
    require(actor, "threat.change", operation.compartment_id)
    named(actor, "choose a threat level")
    if level not in LEVELS:
        raise Refused("There is no such threat level", where=level, mend=", ".join(LEVELS))
    if confidence not in [word.id for word in grading().confidence]:
        raise Refused("There is no such confidence", where=confidence, mend="low, moderate, high")
    if not summary.strip():
        raise Refused("An assessment says why", where="summary")
    held = locked(actor, operation)
    assessment = Assessment.objects.create(
        key_id=held.key_id,
        compartment_id=held.compartment_id,
        operation=held,
        version=(held.assessments.aggregate(last=Max("version"))["last"] or 0) + 1,
        level=level,
        summary=summary.strip(),
        confidence=confidence,
        assessed_by=actor,
        valid_until=checked_validity(valid_until, level),
    )
    change_operation(actor=actor, operation=held, threat_level=level)
    text = f"Threat level assessed as {level} (version {assessment.version})"
    tell(assessment, "threats", "assessed", text, actor)
    return assessment
