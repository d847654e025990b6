"""Was a check done? What was answered, in which order, in what time."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from varangian.kernel.words import plural

from .library import Checklist, Step

ANSWERS = ("ok", "fault", "find")
MOST_OUT_OF_ORDER = 2


@dataclass(frozen=True)
class Judgement:
    missing: list[str] = field(default_factory=list)
    no_photo: list[str] = field(default_factory=list)
    faults: list[Step] = field(default_factory=list)
    finds: list[Step] = field(default_factory=list)
    too_quick: str = ""
    """Why it cannot have been done; empty when the time is plausible."""
    flags: list[str] = field(default_factory=list)


def judge(
    checklist: Checklist,
    answers: dict[str, dict[str, Any]],
    photos: Collection[str],
    *,
    started: datetime,
    ended: datetime,
    least_share: float,
) -> Judgement:
    """``answers``: by step, ``state`` (ok, fault, find), ``note`` and ``at``, when it was said."""
    steps = checklist.items
    said = {step.id: answers.get(step.id, {}).get("state", "") for step in steps}
    stamps = [_stamp(answers.get(step.id, {}).get("at")) for step in steps]
    return Judgement(
        missing=[step.id for step in steps if said[step.id] not in ANSWERS],
        no_photo=[s.id for s in steps if s.photo == "required" and s.id not in photos],
        faults=[step for step in steps if said[step.id] == "fault"],
        finds=[step for step in steps if said[step.id] == "find"],
        too_quick=_too_quick(checklist, stamps, started, ended, least_share),
        flags=_flags(stamps),
    )


def least(checklist: Checklist, share: float) -> timedelta:
    return timedelta(seconds=sum(step.seconds for step in checklist.items) * share)


def _too_quick(
    checklist: Checklist,
    stamps: list[datetime | None],
    started: datetime,
    ended: datetime,
    share: float,
) -> str:
    """By the clock of the house, and by the phone's: a page that lay open is no check."""
    needed = least(checklist, share)
    taken = ended - started
    known = [stamp for stamp in stamps if stamp]
    if len(known) == len(stamps) and len(known) > 1:
        first = min(checklist.items[stamps.index(min(known))].seconds, 60)
        taken = min(taken, max(known) - min(known) + timedelta(seconds=first))
    if taken >= needed:
        return ""
    seconds = max(0, int(taken.total_seconds()))
    return (
        f"{plural(len(checklist.items), 'step')} in {_length(seconds)} is not a check; "
        f"it takes {_length(int(needed.total_seconds()))} at the least"
    )


def _flags(stamps: list[datetime | None]) -> list[str]:
    known = [stamp for stamp in stamps if stamp]
    back = sum(later < earlier for earlier, later in pairwise(known))
    if back > MOST_OUT_OF_ORDER:
        return [f"Not in the order of the list: {plural(back, 'step')} done before the one ahead"]
    return []


def _stamp(text: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else None


def _length(seconds: int) -> str:
    return f"{seconds} s" if seconds < 90 else f"{seconds // 60} min {seconds % 60:02d} s"
