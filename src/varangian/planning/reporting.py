"""The client's report: what goes in, in words that a client may read."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, require

from .client_words import Secret, found_in
from .indicators import Indicator, shown
from .models import Observation
from .queries import debrief as reads
from .queries.programme import Programme, programme
from .queries.secrets import secrets_of

PARTS = {
    "operations": "Operations of the period",
    "indicators": "Indicators with their trend",
    "sustained": "What was sustained",
    "improved": "What was improved",
    "actions": "Open actions",
}
Kind, Action = Observation.Kind, Observation.Action


@dataclass(frozen=True)
class Told:
    """One released observation: the operation's number in the report, and the client's words."""

    operation: int
    words: str
    state: str = ""
    due: str = ""


@dataclass(frozen=True)
class Report:
    programme: Programme
    parts: tuple[str, ...]
    operations: Sequence[dict[str, Any]] = ()
    sustained: Sequence[Told] = ()
    improved: Sequence[Told] = ()
    actions: Sequence[Told] = ()
    held_back: int = 0
    """Confirmed observations without words for the client, or whose words give something away."""
    washed: int = 0
    """Operations whose hot wash is signed."""
    summary: str = ""
    notes: Sequence[str] = field(default=())

    @property
    def indicators(self) -> Sequence[Indicator]:
        return self.programme.indicators if "indicators" in self.parts else ()


def chosen_parts(given: Collection[str]) -> tuple[str, ...]:
    """In the order of the report; without a choice everything."""
    if strange := set(given) - set(PARTS):
        mend = f"Any of {', '.join(PARTS)}."
        raise Refused("The report has no such part", where=", ".join(sorted(strange)), mend=mend)
    return tuple(part for part in PARTS if not given or part in given)


def report(
    actor: Actor,
    engagement: Any,
    *,
    start: date | None = None,
    end: date | None = None,
    principal: Any = None,
    parts: Collection[str] = (),
    summary: str = "",
) -> Report:
    """Everything in it may leave the house: what the check finds to give something away stays."""
    require(actor, "programme.report", engagement.compartment_id)
    found = programme(actor, engagement, start=start, end=end, principal=principal)
    wanted = chosen_parts(parts)
    secrets = {row.pk: secrets_of(row) for row in found.operations}
    _refuse_summary(summary, [one for group in secrets.values() for one in group])
    numbers = {row.pk: n for n, row in enumerate(found.operations, start=1)}
    told, held_back = _told(actor, numbers, secrets)
    days = {day.slug: day for day in found.days}
    return Report(
        programme=found,
        parts=wanted,
        operations=[_operation(row, numbers[row.pk], secrets[row.pk]) for row in found.operations]
        if "operations" in wanted
        else (),
        sustained=told["sustained"] if "sustained" in wanted else (),
        improved=told["improved"] if "improved" in wanted else (),
        actions=told["actions"] if "actions" in wanted else (),
        held_back=held_back,
        washed=sum(days[row.slug].near_misses is not None for row in found.operations),
        summary=summary.strip(),
        notes=_notes(found),
    )


def _refuse_summary(summary: str, secrets: Sequence[Secret]) -> None:
    if told := found_in(summary, secrets):
        raise Refused(
            f"The client does not read this ({'; '.join(told)})",
            where="summary",
            mend="Write it with posts and places, without names, sources or medical facts.",
        )


def _operation(row: Any, number: int, secrets: Sequence[Secret]) -> dict[str, Any]:
    """A title that gives something away is left out; the number stands for it."""
    zone = ZoneInfo(row.time_zone)
    clean = not found_in(row.title, secrets)
    days = [f"{at.astimezone(zone):%d %b %Y}" for at in (row.starts, row.ends) if at]
    return {
        "number": number,
        "title": row.title if clean else f"Operation {number}",
        "kind": row.kind.replace("_", " "),
        "dates": " to ".join(dict.fromkeys(days)),
        "state": row.get_state_display(),
    }


def _told(
    actor: Actor, numbers: dict[Any, int], secrets: dict[Any, list[Secret]]
) -> tuple[dict[str, list[Told]], int]:
    rows = reads.observations(actor).filter(
        debrief__operation_id__in=list(numbers), confirmed_at__isnull=False
    )
    told: dict[str, list[Told]] = {"sustained": [], "improved": [], "actions": []}
    held_back = 0
    for row in rows.order_by("debrief__operation__starts", "number"):
        key = row.debrief.operation_id
        if not row.client_words or found_in(row.client_words, secrets[key]):
            held_back += 1
            continue
        one = Told(numbers[key], row.client_words, _state(row), _due(row))
        told["sustained" if row.kind == Kind.SUSTAIN else "improved"].append(one)
        if row.action_state == Action.OPEN:
            told["actions"].append(one)
    return told, held_back


def _state(row: Observation) -> str:
    if row.kind == Kind.SUSTAIN:
        return ""
    words = {Action.OPEN: "action open", Action.DONE: "done", Action.DROPPED: "not pursued"}
    return words.get(Action(row.action_state), "noted")


def _due(row: Observation) -> str:
    return f"{row.due:%d %b %Y}" if row.due and row.action_state == Action.OPEN else ""


def _notes(found: Programme) -> list[str]:
    """What the reader should know of the numbers."""
    notes = ["No figure in this report is about a person."]
    if found.undated:
        notes.append(f"{found.undated} operations without a date belong to no period.")
    return notes


def row_of(indicator: Indicator) -> dict[str, str]:
    """An indicator in words."""
    unit = indicator.rule.unit
    return {
        "title": indicator.rule.title,
        "value": shown(indicator.now.value, unit),
        "before": shown(indicator.before.value, unit),
        "trend": indicator.words,
        "inputs": indicator.now.inputs,
        "definition": indicator.rule.definition,
    }
