"""Reads of threats, assessments and the risk register."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from varangian.kernel.clock import now
from varangian.kernel.results import NotFound
from varangian.operations import queries as operations
from varangian.platform.access.scope import Actor, require
from varangian.platform.thread.queries import stale_by_record

from ..library import BANDS
from ..models import Assessment, RiskAcceptance, RiskLine, ThreatSource
from ..standing import Effect, Standing, holding, missing_seats, standing

OPEN = ("open", "treated", "accepted")


@dataclass
class RiskRow:
    """A line of the register with everything its row shows."""

    risk: RiskLine
    standing: Standing
    measures: list[Any]
    signatures: list[RiskAcceptance]
    missing: list[str]
    stale: list[str] = field(default_factory=list)

    @property
    def missing_words(self) -> list[str]:
        return [seat.replace("_", " ") for seat in self.missing]

    @property
    def accepted(self) -> bool:
        return not self.missing

    @property
    def lapsed(self) -> bool:
        """Accepted once, and no longer covered by a signature."""
        return self.risk.state == RiskLine.State.ACCEPTED and bool(self.missing)

    @property
    def doubtful(self) -> bool:
        """What the rating rests on is stale or expired: its colour may not reassure."""
        source = self.risk.threat_source
        return bool(self.stale) or (source is not None and source.expired)

    @property
    def tone(self) -> str:
        shown = self.standing.current.tone
        return "amber" if shown == "green" and self.doubtful else shown


def operation_with_register(actor: Actor, slug: str) -> Any:
    """The operation, for those who may see its threats; others are told so, or nothing."""
    operation = operations.operation(actor, slug)
    require(actor, "threat.view", operation.compartment_id)
    return operation


def overview(actor: Actor) -> QuerySet[Any]:
    """Operations whose register the person may see, with open risks and threat sources."""
    return (
        operations.operations(actor)
        .visible_to(actor, "threat.view")  # pyright: ignore
        .annotate(
            open_risks=Count("risks", filter=Q(risks__state__in=OPEN), distinct=True),
            sources=Count("threat_sources", distinct=True),
            expired_sources=Count(
                "threat_sources", filter=Q(threat_sources__valid_until__lte=now()), distinct=True
            ),
        )
    )


def sources(actor: Actor, operation: Any = None) -> QuerySet[ThreatSource]:
    found = ThreatSource.objects.visible_to(actor).select_related("assessed_by", "operation")
    return found.filter(operation=operation) if operation is not None else found


def source(actor: Actor, pk: UUID) -> ThreatSource:
    return _one(sources(actor).filter(pk=pk), "threat source", pk)


def source_numbered(actor: Actor, operation: Any, serial: int) -> ThreatSource:
    return _one(sources(actor, operation).filter(serial=serial), "threat source", f"T{serial}")


def assessments(actor: Actor, operation: Any) -> QuerySet[Assessment]:
    """All versions, the newest first."""
    found = Assessment.objects.visible_to(actor).select_related("assessed_by")
    return found.filter(operation=operation).order_by("-version")


def risks(actor: Actor, operation: Any = None) -> QuerySet[RiskLine]:
    """Lines with what their standing needs, in five queries however many there are."""
    if operation is None:
        found = RiskLine.objects.visible_to(actor).select_related("operation")
    else:
        found = operation.risks.visible_to(actor)
    return found.select_related("owner", "threat_source", "movement").prefetch_related(
        "effects__measure", "acceptances__signed_by"
    )


def risk(actor: Actor, pk: UUID) -> RiskLine:
    return _one(risks(actor).filter(pk=pk), "risk", pk)


def risk_numbered(actor: Actor, operation: Any, serial: int) -> RiskLine:
    return _one(risks(actor, operation).filter(serial=serial), "risk", f"R{serial}")


def risk_row(risk: RiskLine, stale: list[str] | None = None) -> RiskRow:
    """How one line stands now."""
    effects = list(risk.effects.all())  # pyright: ignore
    stand = standing(
        risk.likelihood,
        risk.impact,
        [Effect(e.measure.state, e.likelihood, e.impact) for e in effects],
    )
    signed = list(risk.acceptances.all())  # pyright: ignore
    at, band = now(), stand.current.band
    return RiskRow(
        risk=risk,
        standing=stand,
        measures=sorted((e.measure for e in effects), key=lambda measure: measure.serial),
        signatures=list(holding(signed, band, at).values()),  # pyright: ignore
        missing=missing_seats(signed, band, at),
        stale=stale or [],
    )


def register(actor: Actor, operation: Any) -> list[RiskRow]:
    """Every line of an operation, the worst that is left first."""
    lines = list(risks(actor, operation))
    stale = stale_by_record(actor, "risk", [line.pk for line in lines])
    rows = [risk_row(line, stale.get(line.pk)) for line in lines]
    return sorted(rows, key=_worst_first)


def taken(actor: Actor, operation: Any) -> dict[str, RiskLine]:
    """Library ids that are in the register already."""
    found = RiskLine.objects.visible_to(actor).filter(operation=operation)
    return {line.library_id: line for line in found.exclude(library_id="")}


def matrix_cells(rows: Iterable[RiskRow], view: str) -> dict[tuple[int, int], list[RiskRow]]:
    """Lines that are not closed, by their (likelihood, impact) in this view."""
    cells: dict[tuple[int, int], list[RiskRow]] = {}
    for row in rows:
        if row.risk.state != RiskLine.State.CLOSED:
            cell = row.standing.seen(view)
            cells.setdefault((cell.likelihood, cell.impact), []).append(row)
    return cells


def _worst_first(row: RiskRow) -> tuple[bool, int, int, int, int]:
    cell = row.standing.current
    closed = row.risk.state == RiskLine.State.CLOSED
    return closed, -BANDS.index(cell.band), -cell.impact, -cell.likelihood, row.risk.serial


def _one(found: Any, words: str, name: Any) -> Any:
    row = found.first()
    if row is None:
        raise NotFound(f"There is no such {words}, or it is not yours to see", where=str(name))
    return row
