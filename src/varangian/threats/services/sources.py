"""Threat sources: graded words, drafted, reviewed and approved by named persons."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, require
from varangian.platform.thread.services import changed
from varangian.threats.library import grading

from ..events import source_added
from ..models import ThreatSource
from .common import checked_validity, differences, locked, named, tell

LEVELS = ("intent", "capability", "opportunity")
GRADES = ("scale", "source_grade", "information_grade")
TEXTS = ("title", "history", "evidence")
CHANGEABLE = {*LEVELS, *GRADES, *TEXTS, "kind", "confidence", "handling", "valid_until"}
STATES: dict[str, set[str]] = {
    "draft": {"reviewed"},
    "reviewed": {"approved", "draft"},
    "approved": {"draft"},
    "expired": {"draft"},
}


@transaction.atomic
def add_source(*, actor: Actor, operation: Any, title: str, **fields: Any) -> ThreatSource:
    """Levels left out stay unknown; without ``valid_until`` the operation's level sets it."""
    require(actor, "threat.change", operation.compartment_id)
    _check_names(fields)
    held = locked(actor, operation)
    valid_until: datetime | None = fields.pop("valid_until", None)
    source = ThreatSource(
        key_id=held.key_id,
        compartment_id=held.compartment_id,
        operation=held,
        serial=(held.threat_sources.aggregate(last=Max("serial"))["last"] or 0) + 1,
        title=title.strip(),
        assessed_by_id=actor.pk,
        valid_until=checked_validity(valid_until, held.threat_level),
        **fields,
    )
    _check(source)
    source.save(force_insert=True)
    source_added.send(sender=ThreatSource, source=source, actor=actor)
    tell(source, "threats", "added", f"Threat source {source.label} added", actor)
    return source


@transaction.atomic
def change_source(*, actor: Actor, source: ThreatSource, **fields: Any) -> ThreatSource:
    """A changed judgement is a draft again; everything right of it hears why."""
    require(actor, "threat.change", source.compartment_id)
    _check_names(fields)
    differing = differences(source, fields)
    if not differing:
        return source
    words = [_difference(source, name, fields[name]) for name in differing]
    for name in differing:
        setattr(source, name, fields[name])
    if "valid_until" not in differing or source.valid_until is None:
        source.valid_until = checked_validity(None, source.operation.threat_level)
    else:
        checked_validity(source.valid_until, "")
    _check(source)
    source.state = ThreatSource.State.DRAFT
    source.assessed_by_id, source.assessed_at = actor.pk, now()
    source.reviewed_by = source.approved_by = None
    source.updated_at = now()
    source.save()
    if set(differing) - {"valid_until"}:
        reason = f"Threat {source.label} changed: {'; '.join(words)}"
        changed(node=("threat", source.pk), reason=reason)
    tell(source, "threats", "changed", f"Threat source {source.label} changed", actor)
    return source


@transaction.atomic
def set_source_state(*, actor: Actor, source: ThreatSource, state: str) -> ThreatSource:
    """Review and approval are signatures of two different steps, each with its name."""
    action = "threat.approve" if state == "approved" else "threat.change"
    require(actor, action, source.compartment_id)
    now_is = source.shown_state
    if state not in STATES[now_is]:
        raise Refused(
            f"A threat source that is {now_is} cannot become {state}",
            where=source.label,
            mend=f"Possible now: {', '.join(sorted(STATES[now_is]))}.",
        )
    if state == "draft":
        source.valid_until = checked_validity(None, source.operation.threat_level)
        source.reviewed_by = source.approved_by = None
    elif state == "reviewed":
        source.reviewed_by = named(actor, "review a threat source")
    else:
        source.approved_by = _approver(actor, source)
    source.state = state
    source.updated_at = now()
    source.save()
    tell(source, "threats", state, f"Threat source {source.label} is {state}", actor)
    return source


def _approver(actor: Actor, source: ThreatSource) -> Actor:
    named(actor, "approve a threat source")
    if not (source.source_grade and source.information_grade):
        raise Refused(
            "A source without a grade cannot be approved",
            where=source.label,
            mend="Grade the source and the information first.",
        )
    return actor


def _check_names(fields: dict[str, Any]) -> None:
    unknown = set(fields) - CHANGEABLE
    if unknown:
        raise Refused("These fields cannot be set", where=", ".join(sorted(unknown)))


def _check(source: ThreatSource) -> None:
    if not source.title.strip():
        raise Refused("A threat source needs a title", where="title")
    _one_of("kind", source.kind, ThreatSource.Kind.values)
    for name in LEVELS:
        _one_of(name, getattr(source, name), ThreatSource.Level.values)
    _one_of("confidence", source.confidence, [word.id for word in grading().confidence])
    _one_of("handling", source.handling, [mark.id for mark in grading().tlp])
    _one_of("scale", source.scale, [scale.id for scale in grading().scales])
    scale = grading().scale(source.scale)
    _one_of("source_grade", source.source_grade, ["", *(g.code for g in scale.source)])
    _one_of(
        "information_grade", source.information_grade, ["", *(g.code for g in scale.information)]
    )


def _one_of(name: str, value: str, known: list[str]) -> None:
    if value not in known:
        raise Refused(
            f"'{value}' is not known here",
            where=name.replace("_", " "),
            mend=f"Choose {', '.join(word for word in known if word)}.",
        )


def _difference(source: ThreatSource, name: str, value: Any) -> str:
    words = name.replace("_", " ")
    if name in TEXTS or name == "valid_until":
        return f"{words} rewritten" if name in TEXTS else words
    return f"{words} {getattr(source, name) or 'none'} to {value or 'none'}"
