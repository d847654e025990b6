"""What the positions of a leg say, fix by fix, and what is wrong now. No database.

Silence never says that anything was missed: it says that nothing is known. So a report line is
late only while positions come; a car that is lost is lost, and nothing else is claimed of it.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from varangian.engines.routing import match
from varangian.engines.routing.match import Fix, Line, Progress

from .marks import HOLD, Mark, sure_s

CORRIDOR, STOP, SILENCE, LATE, BACK = "corridor", "stop", "silence", "late", "back"
IN_A_ROW = 2
"""Fixes that agree before a car counts as outside, or as inside again."""
BACK_SHARE = 0.8
"""Inside again means well inside: on the edge it would flicker."""
STILL_M = 35.0
"""Within so many metres, and its accuracy, a car stands."""
AT_MARK_M, AT_END_M = 90.0, 120.0
"""A stop so near to a hold point or an end of the route is planned."""
REACHED_M = 60.0
"""The end counts as reached from here."""
TURNED_M = 200.0
"""Driving back along the route for so far is told of."""


@dataclass(frozen=True)
class Limits:
    """Metres and seconds of a tracking plan."""

    corridor_m: float = 120.0
    silence_s: float | None = 120.0
    """None: no positions are meant to come, the leg is followed by radio alone."""
    stop_s: float = 180.0
    late_s: float = 300.0


@dataclass(frozen=True)
class Known:
    """What is known of a leg under way; times are seconds since it began to be followed."""

    progress: Progress | None = None
    outside: int = 0
    """Fixes in a row outside the corridor, or with the other sign inside it."""
    off: bool = False
    still_since: float | None = None
    still_at: tuple[float, float] | None = None
    passed: dict[str, float] = field(default_factory=dict)
    """Mark -> when it was passed, by position or by word."""
    spoken: float | None = None
    """When somebody of the leg last reported by word: then it is not silent."""
    first: tuple[float, float] | None = None
    """Seconds and metres at the first fix on the line: the pace is measured from there."""

    def shape(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Alarm:
    kind: str
    key: str
    title: str
    body: str
    action: str
    urgency: str = "now"

    @property
    def name(self) -> str:
        return f"{self.kind}:{self.key}" if self.key else self.kind


def known_of(row: dict[str, Any]) -> Known:
    """As ``Known.shape`` wrote it."""
    if not row:
        return Known()
    last = row.get("progress")
    if last:
        last = Progress(**{**last, "fix": Fix(**last["fix"]), "anchor": Fix(**last["anchor"])})
    pairs = {name: tuple(row[name]) if row.get(name) else None for name in ("still_at", "first")}
    return Known(**{**row, **pairs, "progress": last})


def heard(line: Line, marks: Sequence[Mark], limits: Limits, known: Known, fix: Fix) -> Known:
    """One more fix, in the order of their times."""
    before = known.progress
    now = match.advance(line, before, fix)
    if now is before:
        return known
    outside, off = _side(limits, known, now)
    since, at = _still(known, fix)
    passed = {**known.passed}
    for mark in marks:
        if now.along_m >= mark.along_m and mark.id not in passed and now.on:
            passed[mark.id] = fix.at_s
    first = known.first or ((fix.at_s, now.along_m) if now.on else None)
    return Known(now, outside, off, since, at, passed, known.spoken, first)


def _side(limits: Limits, known: Known, now: Progress) -> tuple[int, bool]:
    doubt = now.fix.accuracy_m or match.SIGMA_M
    if known.off:
        inside = now.off_m <= limits.corridor_m * BACK_SHARE
        count = known.outside - 1 if inside and known.outside <= 0 else -1 if inside else 0
        return (0, False) if count <= -IN_A_ROW else (count, True)
    beyond = now.off_m - doubt > limits.corridor_m
    count = max(known.outside, 0) + 1 if beyond else 0
    return (0, True) if count >= IN_A_ROW else (count, False)


def _still(known: Known, fix: Fix) -> tuple[float, tuple[float, float]]:
    here = (fix.lon, fix.lat)
    if known.still_at is None or known.still_since is None:
        return fix.at_s, here
    moved = match.line([known.still_at, here]).metres if known.still_at != here else 0.0
    if moved > STILL_M + (fix.accuracy_m or match.SIGMA_M):
        return fix.at_s, here
    return known.still_since, known.still_at


def arrived(line: Line, known: Known) -> bool:
    now = known.progress
    return bool(now and now.on and now.along_m >= line.metres - REACHED_M)


def pace(line: Line, marks: Sequence[Mark], known: Known) -> float:
    """Driving as observed over driving as planned; planned holds that are over do not count."""
    now = known.progress
    if now is None or known.first is None:
        return 1.0
    begun, from_m = known.first
    holds = sum(mark.stay_s for mark in marks if from_m < mark.along_m < now.along_m)
    return match.pace(line, from_m, now.along_m, now.fix.at_s - begun - holds)


def done_s(line: Line, marks: Sequence[Mark], known: Known, loading_s: float) -> float:
    """Likely seconds of the plan that lie behind."""
    now = known.progress
    if now is None:
        return 0.0
    stays = sum(sure_s(mark) for mark in marks if mark.along_m < now.along_m)
    return loading_s + stays + match.seconds_at(line, now.along_m)


def alarms(
    line: Line,
    marks: Sequence[Mark],
    limits: Limits,
    known: Known,
    at_s: float,
    due: dict[str, float],
) -> list[Alarm]:
    """What is wrong at this moment. ``due``: mark -> seconds at which it is expected."""
    now = known.progress
    quiet = at_s - max(now.fix.at_s if now else 0.0, known.spoken or 0.0)
    if limits.silence_s is not None and quiet > limits.silence_s:
        return [_silence(quiet), *_kept(known, now)]
    if now is None and limits.silence_s is not None:
        return []
    found = _kept(known, now)
    if stood := _stands(line, marks, limits, known, at_s):
        found.append(stood)
    if now and now.behind_m > TURNED_M:
        found.append(_turned(now))
    late = [mark for mark in marks if mark.id not in known.passed and mark.id in due]
    found += [_late(mark, at_s - due[mark.id]) for mark in late
              if at_s - due[mark.id] > limits.late_s]  # fmt: skip
    return found


def _kept(known: Known, now: Progress | None) -> list[Alarm]:
    if not known.off or now is None:
        return []
    return [
        Alarm(CORRIDOR, "", "left the corridor", f"{now.off_m:.0f} m off the route when last heard",
              "Ask the driver. Divert, take another route, or call them back.")
    ]  # fmt: skip


def _silence(quiet: float) -> Alarm:
    return Alarm(
        SILENCE, "", "is silent", f"No position for {_minutes(quiet)}. Nothing else is known.",
        "Call by radio and telephone. Lost is not missed: enter by hand what they report.",
    )  # fmt: skip


def _turned(now: Progress) -> Alarm:
    return Alarm(
        BACK, "", "drives back along its route", f"{now.behind_m:.0f} m behind its furthest point",
        "Ask the driver why.", "attention",
    )  # fmt: skip


def _stands(
    line: Line, marks: Sequence[Mark], limits: Limits, known: Known, at_s: float
) -> Alarm | None:
    now, since = known.progress, known.still_since
    if now is None or since is None or now.fix.at_s - since < limits.stop_s:
        return None
    if now.on and (now.along_m < AT_END_M or now.along_m > line.metres - AT_END_M):
        return None
    holds = [mark for mark in marks if mark.kind == HOLD]
    if now.on and any(abs(now.along_m - mark.along_m) <= AT_MARK_M for mark in holds):
        return None
    words = f"It has stood for {_minutes(at_s - since)} where no hold point is"
    return Alarm(STOP, "", "stands unplanned", words, "Ask the driver; be ready to divert.")


def _late(mark: Mark, by_s: float) -> Alarm:
    code = f" ({mark.code})" if mark.code else ""
    return Alarm(
        LATE, mark.id, f"is late at {mark.words}{code}", f"Expected {_minutes(by_s)} ago",
        "Ask for a report; tell those who wait.", "attention",
    )  # fmt: skip


def _minutes(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def reported(known: Known, mark: Mark, at_s: float) -> Known:
    """Passed by word of the radio or a tap."""
    spoken = max(at_s, known.spoken or at_s)
    return replace(known, passed={**known.passed, mark.id: at_s}, spoken=spoken)
