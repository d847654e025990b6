"""Reads of TVRAs."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from varangian.kernel.results import NotFound
from varangian.operations import queries as operations
from varangian.operations.models import Operation
from varangian.places import queries as places
from varangian.places.models import Place
from varangian.platform.access.scope import Actor, require

from ..library.tvra import tvra as library
from ..models import RiskLine, ThreatSource, Tvra, TvraAnswer, TvraLine, TvraTreatment
from ..tvra_rules import Change, level_changes, touches
from . import threats

VIEWS = ("current", "drafts", "superseded", "all")
PEOPLE = ("drafted_by", "submitted_by", "approved_by", "place", "movement")


def operation_with_checks(actor: Actor, slug: str) -> Operation:
    """For those who look at a place, and for those who read what came of it."""
    found = operations.operation(actor, slug)
    require(actor, "tvra.check", found.compartment_id)
    return found


def operation_with_tvras(actor: Actor, slug: str) -> Operation:
    found = operations.operation(actor, slug)
    require(actor, "tvra.view", found.compartment_id)
    return found


def tvras(actor: Actor, operation: Any = None, view: str = "all", *, action: str = "tvra.view"):
    """The latest first; ``action`` tvra.check is for those who only answer."""
    found = Tvra.objects.visible_to(actor, action).select_related("operation__principal", *PEOPLE)
    if operation is not None:
        found = found.filter(operation=operation)
    if view == "current":
        found = found.exclude(state=Tvra.State.SUPERSEDED)
    elif view == "drafts":
        found = found.filter(state__in=("draft", "review"))
    elif view == "superseded":
        found = found.filter(state=Tvra.State.SUPERSEDED)
    return found.order_by("-serial", "-version")


def tvra(actor: Actor, pk: UUID, *, action: str = "tvra.view") -> Tvra:
    return _one(tvras(actor, action=action).filter(pk=pk), "TVRA", pk)


def tvra_numbered(
    actor: Actor, operation: Any, serial: int, version: int | None = None, **named: Any
) -> Tvra:
    """The version in hand: the one that is being written, else the newest."""
    rows = tvras(actor, operation, **named).filter(serial=serial)
    rows = rows.filter(version=version) if version else rows
    return _one(rows.order_by("-version"), "TVRA", f"A{serial}")


def versions(actor: Actor, found: Tvra) -> QuerySet[Tvra]:
    return tvras(actor).filter(operation_id=found.operation_id, serial=found.serial)


def before(actor: Actor, found: Tvra) -> Tvra | None:
    """The version that this one follows."""
    return versions(actor, found).filter(version__lt=found.version).first()


def other_version(actor: Actor, found: Tvra, version: int | None) -> Tvra:
    """What to compare with: the version that is named, else the one before."""
    if version is not None:
        return _one(versions(actor, found).filter(version=version), "version", version)
    old = before(actor, found)
    if old is None:
        raise NotFound("There is no version before this one", where=found.named)
    return old


def lines(actor: Actor, found: Tvra) -> QuerySet[TvraLine]:
    rows = TvraLine.objects.visible_to(actor).filter(tvra=found)
    return rows.select_related("source", "risk", "judged_by").order_by("number")


def line(actor: Actor, found: Tvra, label: str) -> TvraLine:
    return _one(lines(actor, found).filter(label=label.upper()), "line", label)


def treatments(actor: Actor, found: Tvra) -> QuerySet[TvraTreatment]:
    rows = TvraTreatment.objects.visible_to(actor).filter(tvra=found)
    return rows.select_related("line", "owner").order_by("number")


def treatment(actor: Actor, found: Tvra, number: int) -> TvraTreatment:
    return _one(treatments(actor, found).filter(number=number), "treatment", number)


def answers(actor: Actor, found: Tvra) -> list[TvraAnswer]:
    """All of them, the oldest first."""
    rows = TvraAnswer.objects.visible_to(actor).filter(tvra=found)
    return list(rows.select_related("by").order_by("item", "number"))


def latest(actor: Actor, found: Tvra) -> dict[str, TvraAnswer]:
    """The answer that counts, by item."""
    return {row.item: row for row in answers(actor, found)}


def answered_with_photo(actor: Actor, pk: UUID) -> TvraAnswer:
    rows = TvraAnswer.objects.visible_to(actor).filter(pk=pk).exclude(preview=None)
    return _one(rows.select_related("preview", "photo", "tvra"), "picture", pk)


def counts(actor: Actor, found: Iterable[Tvra]) -> dict[UUID, dict[str, str]]:
    """The last answer of each item, by TVRA, in one query however many there are."""
    rows = TvraAnswer.objects.visible_to(actor).filter(tvra__in=list(found))
    told: dict[UUID, dict[str, str]] = {}
    for tvra_id, item, answer in rows.order_by("number").values_list("tvra_id", "item", "answer"):
        told.setdefault(tvra_id, {})[item] = answer
    return told


def touching(actor: Actor, found: Tvra) -> tuple[list[ThreatSource], list[RiskLine]]:
    """What the register says now that touches the subject; a threat may act wherever that is."""
    subject = library().subject(found.kind)
    rows = [
        risk
        for risk in threats.risks(actor, found.operation)
        if touches(subject, found.place_id, found.movement_id, risk)
    ]
    return list(threats.sources(actor, found.operation)), rows


def taken_source(source: ThreatSource) -> dict[str, Any]:
    return {
        "title": source.title,
        "kind": source.get_kind_display(),
        "state": source.shown_state,
        "intent": source.intent,
        "capability": source.capability,
        "opportunity": source.opportunity,
        "grade": f"{source.source_grade}{source.information_grade}",
        "confidence": source.confidence,
        "evidence": source.evidence,
    }


def taken_risk(risk: RiskLine) -> dict[str, Any]:
    """The level is the present one, with the measures that are in place."""
    cell = threats.risk_row(risk).standing.current
    return {
        "title": risk.title,
        "state": risk.state,
        "likelihood": cell.likelihood,
        "impact": cell.impact,
        "band": cell.band,
        "cause": risk.cause,
        "what_happens": risk.what_happens,
        "vulnerability": risk.vulnerability,
        "controls": risk.controls,
        "threat": risk.threat_source.label if risk.threat_source else "",
    }


def since(actor: Actor, found: Tvra) -> list[Change]:
    """What the register says otherwise than when it was read into this version."""
    sources, rows = touching(actor, found)
    present = {one.label: taken_source(one) for one in sources}
    present |= {one.label: taken_risk(one) for one in rows}
    known = {one.label: one for one in lines(actor, found)}
    changes: list[Change] = []
    for label, one in known.items():
        now_is = present.get(label)
        if now_is is None:
            changes.append(Change(label, "no longer touches it, or was closed"))
        else:
            changes += level_changes(label, one.taken, now_is)
    return changes + [Change(new, "is new") for new in present if new not in known]


def places_for(actor: Actor, operation: Any) -> list[Place]:
    """Places of the operation and of its engagement, that somebody may choose."""
    circles = (operation.compartment_id, operation.engagement.compartment_id)
    return list(places.places(actor).filter(compartment_id__in=circles).exclude(kind="route"))


def _one(found: Any, words: str, name: Any) -> Any:
    row = found.first()
    if row is None:
        raise NotFound(f"There is no such {words}, or it is not yours to see", where=str(name))
    return row
