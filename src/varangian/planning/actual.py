"""Planned against actual: what the plan said, what the records say, and the minutes between.

Pure rules. Actual times come from what the house itself wrote into the operations log when
somebody pressed a button, or from a track; what neither tells stays unknown.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

WIDEST = 60
ON_TIME = timedelta(minutes=5)
"""Within this a leg counts as on time."""
STEP = re.compile(r"^Leg \d+ (under way|arrived|complete|diverted|cancelled): ")
TIME = r"(\d\d \w{3} \d\d:\d\d|unknown)(?: [^\s;]+)?"
CHANGE = re.compile(rf"(?:: |; )(starts|ends) {TIME} to {TIME}")
HAPPENED = re.compile(
    r"\b(near miss|incident|deviat\w+|divert\w+|delay\w*|late|wrong|lost|separated|breakdown"
    r"|blocked|stopped|crowd\w*|followed|photograph\w*|injur\w+)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Said:
    """One entry of the operations log."""

    serial: int
    at: datetime
    topic: str
    about: UUID | None
    words: str
    by_hand: bool = False


@dataclass(frozen=True)
class Leg:
    pk: UUID
    serial: int
    title: str
    zone: str
    starts: datetime | None
    ends: datetime | None
    state: str
    stay: bool = False


@dataclass(frozen=True)
class Passage:
    """What a track says of a leg."""

    departed: datetime | None = None
    arrived: datetime | None = None


@dataclass(frozen=True)
class Change:
    """One time of a leg that was moved; ``old`` and ``new`` None: it was unknown."""

    at: datetime
    field: str
    old: datetime | None
    new: datetime | None
    serial: int


@dataclass(frozen=True)
class Row:
    """One line of the comparison. ``minutes`` is actual less planned, None while unknown."""

    kind: str
    """leg, post, order or alert."""
    what: str
    phase: str
    planned: datetime | None
    actual: datetime | None
    record: tuple[str, UUID]
    zone: str = "UTC"
    evidence: int | None = None
    """Serial of the log entry that says so."""
    note: str = ""
    out: str = ""
    """cancelled or diverted: there is nothing to compare."""

    @property
    def minutes(self) -> int | None:
        if self.planned is None or self.actual is None:
            return None
        return round((self.actual - self.planned).total_seconds() / 60)

    @property
    def state(self) -> str:
        """on time, late, early, unknown, within, waiting, or what it became."""
        if self.out:
            return self.out
        if self.minutes is None:
            return "unknown"
        if self.kind in ("order", "alert"):
            return "answered"
        if abs(self.minutes) * 60 <= ON_TIME.total_seconds():
            return "on time"
        return "late" if self.minutes > 0 else "early"

    @property
    def drawn(self) -> dict[str, int] | None:
        """A bar from the plan (0) to what happened, a pixel a minute, at most an hour."""
        if self.minutes is None or self.out or self.kind in ("order", "alert"):
            return None
        reach = max(-WIDEST, min(WIDEST, self.minutes))
        return {"x": min(0, reach), "width": max(1, abs(reach))}

    @property
    def tone(self) -> str:
        tones = {"on time": "green", "answered": "green", "unknown": "grey", "cancelled": "grey"}
        return tones.get(self.state, "amber")


@dataclass(frozen=True)
class LegActual:
    """A leg as it was planned when the order was issued, and as it went."""

    leg: Leg
    starts: datetime | None
    ends: datetime | None
    departed: datetime | None
    arrived: datetime | None
    changes: Sequence[Change]
    """Of its times, after the plan was issued."""
    departed_by: int | None = None
    arrived_by: int | None = None
    diverted: bool = False

    @property
    def begun(self) -> datetime | None:
        """When it began, else when it was to begin."""
        return self.departed or self.starts


def changes_of(leg: Leg, said: Iterable[Said]) -> list[Change]:
    """Every move of the times of a leg, oldest first."""
    found = []
    for entry in sorted(said, key=lambda row: row.serial):
        if entry.about != leg.pk or entry.by_hand or " changed: " not in entry.words:
            continue
        for field, old, new in CHANGE.findall(entry.words):
            found.append(
                Change(
                    entry.at,
                    field,
                    _clock(old, leg.zone, entry.at),
                    _clock(new, leg.zone, entry.at),
                    entry.serial,
                )
            )
    return found


def _clock(words: str, zone: str, near: datetime) -> datetime | None:
    """``12 Oct 14:30`` of the year that lies closest."""
    if words == "unknown":
        return None
    there = near.astimezone(ZoneInfo(zone))
    best = None
    for year in (there.year - 1, there.year, there.year + 1):
        try:
            at = datetime.strptime(f"{year} {words}", "%Y %d %b %H:%M").replace(tzinfo=there.tzinfo)
        except ValueError:  # 29 February, or words that are no time
            continue
        if best is None or abs(at - there) < abs(best - there):
            best = at
    return best.astimezone(UTC) if best is not None else None


def leg_actual(
    leg: Leg, said: Sequence[Said], baseline: datetime | None, passage: Passage | None = None
) -> LegActual:
    """``baseline`` is when the plan was issued: moves after it are changes of the plan.

    Without one the last known times are the plan, and no move counts as a change.
    """
    later = [c for c in changes_of(leg, said) if baseline is not None and c.at > baseline]
    planned = {"starts": leg.starts, "ends": leg.ends}
    for change in reversed(later):
        planned[change.field] = change.old
    steps = _steps(leg, said)
    departed, arrived = steps.get("under way"), steps.get("arrived") or steps.get("complete")
    if leg.stay:
        arrived = steps.get("complete")
    track = passage or Passage()
    return LegActual(
        leg=leg,
        starts=planned["starts"],
        ends=planned["ends"],
        departed=departed.at if departed else track.departed,
        arrived=arrived.at if arrived else track.arrived,
        changes=later,
        departed_by=departed.serial if departed else None,
        arrived_by=arrived.serial if arrived else None,
        diverted="diverted" in steps,
    )


def _steps(leg: Leg, said: Sequence[Said]) -> dict[str, Said]:
    """The first time it was reported under way, arrived, and so on."""
    found: dict[str, Said] = {}
    for entry in sorted(said, key=lambda row: row.serial):
        if entry.about == leg.pk and not entry.by_hand and (step := STEP.match(entry.words)):
            found.setdefault(step.group(1), entry)
    return found


def leg_rows(legs: Sequence[LegActual]) -> list[Row]:
    """Two lines for each leg: its begin and its end."""
    rows = []
    for one in legs:
        leg = one.leg
        phases = ("begins", "ends") if leg.stay else ("departs", "arrives")
        times = (
            (phases[0], one.starts, one.departed, one.departed_by, "starts"),
            (phases[1], one.ends, one.arrived, one.arrived_by, "ends"),
        )
        for phase, planned, actual, serial, field in times:
            rows.append(
                Row(
                    kind="leg",
                    what=f"{leg.serial}. {leg.title}",
                    phase=phase,
                    planned=planned,
                    actual=actual,
                    record=("movement", leg.pk),
                    zone=leg.zone,
                    evidence=serial,
                    note=_note(one, field),
                    out="cancelled" if leg.state == "cancelled" else "",
                )
            )
    return rows


def _note(one: LegActual, field: str) -> str:
    moved = [change for change in one.changes if change.field == field]
    words = []
    if moved:
        last = moved[-1].new
        clock = f"{last.astimezone(ZoneInfo(one.leg.zone)):%H:%M}" if last else "unknown"
        words.append(f"moved {_times(len(moved))}, last to {clock}")
    if one.diverted and field == "ends":
        words.append("diverted on the way")
    return "; ".join(words)


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


@dataclass(frozen=True)
class Hold:
    """From this time on a post was held, or was not."""

    at: datetime
    held: bool
    serial: int | None = None


def holds_of(pk: UUID, said: Iterable[Said], holder: bool, since: datetime | None) -> list[Hold]:
    """When a post was taken and left, oldest first; without a log only how it stands now."""
    found = []
    for entry in sorted(said, key=lambda row: row.serial):
        if entry.about == pk and not entry.by_hand:
            if " is held by " in entry.words:
                found.append(Hold(entry.at, True, entry.serial))
            elif entry.words.endswith(" is empty"):
                found.append(Hold(entry.at, False, entry.serial))
    if not found and holder and since is not None:
        found.append(Hold(since, True))
    return found


def held_at(holds: Sequence[Hold], at: datetime | None) -> bool | None:
    """None: the time is not known, so nobody can say."""
    if at is None:
        return None
    before = [hold for hold in holds if hold.at <= at]
    return before[-1].held if before else False


def post_row(
    *, pk: UUID, title: str, holds: Sequence[Hold], legs: Sequence[LegActual], zone: str
) -> Row | None:
    """Was the post held when its first leg was to begin? None: it has no leg that counts."""
    counted = [one for one in legs if one.leg.state != "cancelled" and one.starts]
    if not counted:
        return None
    first = min(one.starts for one in counted if one.starts)
    taken = next((hold for hold in holds if hold.held), None)
    empty = sum(held_at(holds, one.begun) is False for one in counted)
    note = f"empty at {empty} of {len(counted)} legs" if empty else ""
    actual = max(taken.at, first) if taken else None
    return Row(
        kind="post",
        what=title,
        phase="held from",
        planned=first,
        actual=actual,
        record=("post", pk),
        zone=zone,
        evidence=taken.serial if taken else None,
        note=note,
        out="empty" if taken is None else "",
    )


@dataclass(frozen=True)
class Remark:
    """What somebody wrote by hand, with the leg that was on the way at that time."""

    entry: Said
    leg: Leg | None
    flagged: bool
    """Its words speak of something that did not go to plan; a person decides whether it did."""


def remarks(said: Sequence[Said], legs: Sequence[LegActual]) -> list[Remark]:
    """By time."""
    found = []
    for entry in sorted(said, key=lambda row: (row.at, row.serial)):
        if entry.by_hand:
            leg = next((one.leg for one in legs if _runs(one, entry.at)), None)
            found.append(Remark(entry, leg, bool(HAPPENED.search(entry.words))))
    return found


def _runs(one: LegActual, at: datetime) -> bool:
    begun, end = one.begun, one.arrived or one.ends
    return begun is not None and end is not None and begun <= at <= end and not one.leg.stay


def frozen_row(row: Row) -> dict[str, Any]:
    """A line as it is signed: nothing that changes later."""
    return {
        "kind": row.kind,
        "what": row.what,
        "phase": row.phase,
        "planned": row.planned.isoformat() if row.planned else "",
        "actual": row.actual.isoformat() if row.actual else "",
        "minutes": row.minutes,
        "state": row.state,
        "note": row.note,
        "zone": row.zone,
        "evidence": row.evidence,
        "record": [row.record[0], str(row.record[1])],
    }


def thawed(row: Mapping[str, Any]) -> Row:
    """Such a line, read again."""
    out = row["state"] if row["state"] in ("cancelled", "empty") else ""
    return Row(
        kind=row["kind"],
        what=row["what"],
        phase=row["phase"],
        planned=datetime.fromisoformat(row["planned"]) if row["planned"] else None,
        actual=datetime.fromisoformat(row["actual"]) if row["actual"] else None,
        record=(row["record"][0], UUID(row["record"][1])),
        zone=row["zone"],
        evidence=row["evidence"],
        note=row["note"],
        out=out,
    )


def spread(rows: Iterable[Row]) -> dict[str, int]:
    """How many lines are in each state."""
    found: dict[str, int] = {}
    for row in rows:
        found[row.state] = found.get(row.state, 0) + 1
    return found
