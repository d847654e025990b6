"""Hold points and report lines of a line, and the times that follow from them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from varangian.engines.routing import match
from varangian.engines.routing.timing import Part
from varangian.kernel.results import Refused

HOLD, REPORT = "hold", "report"
WORDS = {HOLD: "Hold point", REPORT: "Report line"}
CODES = ("AMBER", "BIRCH", "CEDAR", "DUNE", "EMBER", "FJORD", "GARNET", "HEATH", "IVORY", "JUNIPER")
"""Proposed code words; a team that has its own writes them instead."""
APART_M, ENDS_M = 400.0, 250.0
MOST_PROPOSED, MOST_MARKS = 6, 20
STAY_S = 120.0
OWN, SHARED = 0.6, 0.8
"""Parts of the spread of one drive: its own, and that of the day. 0.6² + 0.8² = 1."""


@dataclass(frozen=True)
class Mark:
    """``along_m`` from the start. ``stay_s``: how long a hold is meant to last."""

    id: str
    kind: Literal["hold", "report"]
    name: str
    along_m: float
    code: str = ""
    stay_s: float = 0.0
    until: str = ""
    """A hold that ends at this moment, ISO with its zone; ``stay_s`` is then how long is usual."""

    @property
    def words(self) -> str:
        return f"{WORDS[self.kind].lower()} {self.name}"

    def shape(self) -> dict[str, Any]:
        return asdict(self)


def sure_s(mark: Mark) -> float:
    """What a hold takes whenever one comes there: one that ends by the clock takes up delay."""
    return 0.0 if mark.until else mark.stay_s


def marks_of(rows: Sequence[dict[str, Any]]) -> list[Mark]:
    return [Mark(**row) for row in rows]


def propose(line: match.Line, places: Sequence[tuple[str, float, float]]) -> list[Mark]:
    """Report lines at places of the plan that every route passes, else at the thirds of the way.

    ``places``: name, lat, lon. Only those on the line, apart from each other and from its ends.
    """
    found: list[tuple[float, str]] = []
    for name, lat, lon in places:
        along, off = match.locate(line, lon, lat)
        inside = ENDS_M <= along <= line.metres - ENDS_M
        if off <= 60 and inside and all(abs(along - other) >= APART_M for other, _ in found):
            found.append((along, name))
    if not found:
        found = [(line.metres / 3, "One third"), (line.metres * 2 / 3, "Two thirds")]
    rows = sorted(found)[:MOST_PROPOSED]
    return [
        Mark(f"m{number}", REPORT, name, round(along, 1), CODES[number - 1])
        for number, (along, name) in enumerate(rows, 1)
    ]


def checked(line: match.Line, rows: Sequence[dict[str, Any]]) -> list[Mark]:
    """As a person gave them: name, kind, km along the line, code word, minutes of a hold, or until
    when (ISO, with its zone)."""
    if len(rows) > MOST_MARKS:
        raise Refused(f"A leg has at most {MOST_MARKS} marks", "marks", "Leave some out.")
    marks = [_checked(line, number, row) for number, row in enumerate(rows, 1)]
    marks.sort(key=lambda mark: mark.along_m)
    codes = [mark.code for mark in marks if mark.code]
    if twice := {code for code in codes if codes.count(code) > 1}:
        raise Refused("A code word stands for one mark", ", ".join(twice), "Choose another.")
    return [Mark(**{**mark.shape(), "id": f"m{n}"}) for n, mark in enumerate(marks, 1)]


def _checked(line: match.Line, number: int, row: dict[str, Any]) -> Mark:
    name, kind = str(row.get("name") or "").strip()[:60], row.get("kind") or REPORT
    where = f"mark {number}" + (f", {name}" if name else "")
    if not name:
        raise Refused("A mark has a name", where)
    if kind not in WORDS:
        raise Refused("There is no such mark", f"{where}: {kind}", "hold or report.")
    km, stay = _number(row, "km", where), _number(row, "stay_min", where)
    if not 0 <= km * 1000 <= line.metres:
        mend = f"From 0 to {line.metres / 1000:.1f} km."
        raise Refused("This mark is not on the route", f"{where}, {km} km", mend)
    if not 0 <= stay <= 240:
        raise Refused("A hold lasts 0 to 240 minutes", where)
    code = str(row.get("code") or "").strip().upper()[:20]
    seconds = stay * 60 if kind == HOLD else 0.0
    until = _until(row, where) if kind == HOLD else ""
    return Mark(f"m{number}", kind, name, round(km * 1000, 1), code, seconds, until)


def _until(row: dict[str, Any], where: str) -> str:
    text = str(row.get("until") or "").strip()
    if not text:
        return ""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Refused("This is no time", f"{where}: until", "Such as 2027-01-10T14:20Z.") from None
    if at.tzinfo is None:
        raise Refused("This time has no zone", f"{where}: until", "Write Z or +02:00 behind it.")
    return at.isoformat()


def _number(row: dict[str, Any], name: str, where: str) -> float:
    try:
        return float(str(row.get(name) or 0).replace(",", "."))
    except ValueError:
        raise Refused("This is no number", f"{where}: {name}", "Such as 2.4.") from None


def moved(old: match.Line, new: match.Line, marks: Sequence[Mark], within_m: float) -> list[Mark]:
    """Marks that a new line passes as well; the others are of the way not taken."""
    kept = []
    for mark in marks:
        lon, lat = match.place_at(old, mark.along_m)
        along, off = match.locate(new, lon, lat)
        if off <= within_m:
            kept.append(Mark(**{**mark.shape(), "along_m": round(along, 1)}))
    return sorted(kept, key=lambda mark: mark.along_m)


def parts(
    line: match.Line, marks: Sequence[Mark], loading_s: float, spread: float, midnight: datetime
) -> tuple[Part, ...]:
    """The movement as the timing engine takes it; each drive is named after the mark it reaches.

    ``midnight``: from which the clock of the engine counts.
    """
    found: list[Part] = []
    if loading_s > 0:
        found.append(_estimate("loading", loading_s, "load"))
    before = 0.0
    for mark in marks:
        here = match.seconds_at(line, mark.along_m)
        found.append(Part(mark.id, here - before, spread=spread * OWN))
        before = here
        if mark.until:
            ends = (datetime.fromisoformat(mark.until) - midnight).total_seconds()
            found.append(Part(f"hold {mark.id}", 0.0, "wait", "fixed", not_before_s=ends))
        elif mark.stay_s > 0:
            found.append(_estimate(f"hold {mark.id}", mark.stay_s, "wait"))
    found.append(Part("arrival", line.seconds - before, spread=spread * OWN))
    return tuple(found)


def _estimate(name: str, seconds: float, kind: Literal["wait", "load"]) -> Part:
    """People estimate the likely time; half of it is the least, twice of it the most."""
    return Part(name, seconds, kind, "triangular", least_s=seconds / 2, most_s=seconds * 2)


def planned_s(line: match.Line, marks: Sequence[Mark], loading_s: float) -> dict[str, float]:
    """Mark -> seconds from the planned departure until it is reached as planned."""
    found, stays = {}, loading_s
    for mark in marks:
        found[mark.id] = stays + match.seconds_at(line, mark.along_m)
        stays += mark.stay_s
    return found
