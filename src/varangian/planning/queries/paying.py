"""Which measures pay: the register and the library as a problem of the engine, and its answer."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from varangian.engines import measures as engine
from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.operations import queries as operations
from varangian.platform.access.scope import Actor, require
from varangian.threats import queries as threats
from varangian.threats.library import matrix
from varangian.threats.library import risks as standard_risks

from ..library import StandardMeasure
from ..library import measures as library
from ..models import Measure, MeasureWishes
from .measures import measures

BAND_FEES = {"none": Decimal(0), "low": Decimal("0.5"), "medium": Decimal(3)}
"""Days' fees of one officer at the upper end of a band; above the last is a question to ask."""
KEPT = (Measure.State.AGREED, Measure.State.IN_PLACE)


@dataclass(frozen=True)
class Ask:
    """What may be spent from now on; None is no limit. ``day_fee`` turns the library's bands into
    money; without it they stay unknown."""

    money: Decimal | None = None
    hours: Decimal | None = None
    people: int | None = None
    day_fee: Decimal | None = None
    axis: Literal["money", "hours"] = "money"
    must: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Candidate:
    """A measure of the operation, or one that the library offers against its risks."""

    key: str
    """As the operation numbers it (M4), or its id in the library."""
    title: str
    state: str
    """proposed, agreed, in_place, dropped, or library."""
    shape: engine.Measure
    measure: Measure | None = None


@dataclass(frozen=True)
class Paying:
    """The problem, its candidates, the wishes it was asked under, and the answer."""

    candidates: tuple[Candidate, ...]
    problem: engine.Problem
    answer: engine.Proposal
    wishes: dict[str, Any]

    def point(self, number: int | None) -> engine.Point | None:
        """The chosen point of the frontier; without a number, the best."""
        if number is None or self.answer.best is None:
            return self.answer.best
        if not 0 <= number < len(self.answer.frontier):
            raise Refused("The frontier has no such point", where=str(number))
        return self.answer.frontier[number]

    def reasons(self, point: engine.Point) -> list[tuple[Candidate, engine.Reason]]:
        """In: what counts most first. Out: what would lower most first."""
        by_key = {one.key: one for one in self.candidates}
        rows = [(by_key[reason.id], reason) for reason in engine.explain(self.problem, point)]
        return sorted(rows, key=lambda row: (not row[1].chosen, -row[1].gain, row[0].key))


def operation_to_weigh(actor: Actor, slug: str) -> Any:
    """For those who see the risks: others learn neither them nor what is not done about them."""
    operation = operations.operation(actor, slug)
    require(actor, "risk.view", operation.compartment_id)
    return operation


def wishes_of(actor: Actor, operation: Any) -> dict[str, Any]:
    row = MeasureWishes.objects.visible_to(actor).filter(operation=operation).first()
    empty = {"refused": {}, "most": None, "each": None, "agreed_with": "", "by": None, "at": None}
    return {**empty, **row.content, "by": row.by, "at": row.at} if row else empty


def candidates(actor: Actor, operation: Any, day_fee: Decimal | None = None) -> list[Candidate]:
    """Everything that could be done about the risks that are not closed."""
    risks = [risk for risk in threats.risks(actor, operation) if risk.state != "closed"]
    refused = wishes_of(actor, operation)["refused"]
    left = _deadline(operation)
    own = [_own(row, day_fee, left, {r.pk for r in risks}) for row in measures(actor, operation)]
    taken = {one.measure.library_id for one in own if one.measure and one.measure.library_id}
    offered = _offered(risks, taken)
    found = own + [_standard(entry, lowers, day_fee, left) for entry, lowers in offered]
    return _linked([_refused(one, refused) for one in found])


def pay(actor: Actor, operation: Any, ask: Ask, *, seconds: float = 1.8) -> Paying:
    """Asks the engine; raises Refused for wishes that name what is not there."""
    require(actor, "risk.view", operation.compartment_id)
    wishes = wishes_of(actor, operation)
    found = candidates(actor, operation, ask.day_fee)
    most = matrix().most_steps
    problem = engine.Problem(
        risks=tuple(
            engine.Risk(risk.label, risk.likelihood, risk.impact)
            for risk in threats.risks(actor, operation)
            if risk.state != "closed"
        ),
        measures=tuple(one.shape for one in found),
        limits=engine.Limits(
            money=_whole(ask.money, 100),
            hours=_whole(ask.hours, 10),
            people=ask.people,
            discomfort=wishes["most"],
            each=wishes["each"],
        ),
        must=ask.must,
        axis=ask.axis,
        most_steps=(most.likelihood, most.impact),
    )
    return Paying(tuple(found), problem, engine.propose(problem, seconds=seconds), wishes)


def _whole(value: Decimal | None, scale: int) -> int | None:
    return None if value is None else int(value * scale)


def _own(row: Measure, fee: Decimal | None, by: datetime | None, open_: set[Any]) -> Candidate:
    standard = {entry.id: entry for entry in library().measures}.get(row.library_id)
    money = row.cost if row.cost is not None or standard is None else _money(standard, fee)
    late = _late(standard, by) if row.state == Measure.State.PROPOSED else ""
    wall = "it was dropped by decision" if row.state == Measure.State.DROPPED else late
    shape = engine.Measure(
        id=row.label,
        lowers={
            effect.risk.label: (effect.likelihood, effect.impact)
            for effect in row.effects.all()  # pyright: ignore
            if effect.risk_id in open_
        },
        money=_whole(money, 100),
        hours=_whole(row.hours, 10),
        people=row.people,
        discomfort=row.discomfort,
        kept=row.state in KEPT,
        wall=wall,
    )
    return Candidate(row.label, row.title, row.state, shape, row)


def _offered(
    risks: list[Any], taken: set[str]
) -> list[tuple[StandardMeasure, dict[str, tuple[int, int]]]]:
    """Of the library, what the register's lines name and what that needs."""
    named = {risk.id: risk.measures for risk in standard_risks().risks}
    lowers: dict[str, dict[str, tuple[int, int]]] = {}
    for risk in risks:
        for name in named.get(risk.library_id, ()):
            steps = library().get(name).lowers
            lowers.setdefault(name, {})[risk.label] = (steps.likelihood, steps.impact)
    waiting = list(lowers)
    while waiting:
        for need in library().get(waiting.pop()).needs:
            if need not in lowers:
                lowers[need] = {}
                waiting.append(need)
    return [(library().get(name), lowers[name]) for name in sorted(lowers) if name not in taken]


def _standard(
    entry: StandardMeasure,
    lowers: dict[str, tuple[int, int]],
    fee: Decimal | None,
    by: datetime | None,
) -> Candidate:
    shape = engine.Measure(
        id=entry.id,
        lowers=lowers,
        money=_whole(_money(entry, fee), 100),
        hours=_whole(Decimal(str(entry.effort.hours)), 10),
        people=entry.effort.people,
        discomfort=entry.effort.discomfort,
        wall=_late(entry, by),
    )
    return Candidate(entry.id, entry.title, "library", shape)


def _money(entry: StandardMeasure, fee: Decimal | None) -> Decimal | None:
    money = entry.effort.money
    if money == "none":
        return Decimal(0)
    if not isinstance(money, str):
        return Decimal(str(money))
    days = BAND_FEES.get(money)
    return None if fee is None or days is None else fee * days


def _deadline(operation: Any) -> datetime | None:
    """A measure must be in place when the operation begins; once it runs, before it ends."""
    begun = operation.starts is not None and operation.starts <= now()
    return operation.ends if begun else operation.starts


def _late(entry: StandardMeasure | None, by: datetime | None) -> str:
    """A measure that needs more notice than is left cannot be in place in time."""
    if entry is None or by is None:
        return ""
    left = (by - now()).total_seconds() / 3600
    needed = entry.effort.lead_time_hours
    if left >= needed:
        return ""
    return f"it needs {needed:g} h notice, and {max(0, left):.0f} h are left"


def _refused(one: Candidate, refused: dict[str, str]) -> Candidate:
    names = {one.key, one.measure.library_id if one.measure else ""} - {""}
    why = next((refused[name] for name in names if name in refused), None)
    if why is None or one.shape.kept:
        return one
    words = "the principal does not accept it" + (f": {why}" if why else "")
    return replace(one, shape=replace(one.shape, wall=words))


def _linked(found: list[Candidate]) -> list[Candidate]:
    """Needs and exclusions of the library, by the keys that its measures have here."""
    keys = {one.measure.library_id if one.measure else one.key: one.key for one in found}
    known = {entry.id: entry for entry in library().measures}
    linked = []
    for one in found:
        entry = known.get(one.measure.library_id if one.measure else one.key)
        needs = frozenset(keys[name] for name in (entry.needs if entry else ()) if name in keys)
        excludes = frozenset(
            keys[name] for name in (entry.excludes if entry else ()) if name in keys
        )
        shape = replace(one.shape, needs=needs, excludes=excludes)
        linked.append(replace(one, shape=shape))
    return linked
