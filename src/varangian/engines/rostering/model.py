"""What goes into the roster engine and what comes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from varangian.engines.rostering.rules import Kind, Rules
from varangian.kernel.results import Refused
from varangian.kernel.windows import TimeWindow

MAX_SHIFT_HOURS = 36
MAX_WANTED = 200


@dataclass(frozen=True, slots=True, order=True)
class Need:
    """A qualification: of everyone on the shift (``count`` 0), or of at least ``count`` of them."""

    kind: Kind
    name: str
    count: int = 0

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


@dataclass(frozen=True, slots=True)
class Shift:
    """One post for one stretch of time.

    ``start``, ``end``: aware instants. ``zone``: whose clock says what is a night, a day, a
    weekend; ``end_zone`` that of the place where it ends. ``wanted``: officers, 1 to 200.
    ``priority``: 1 (first to be filled) to 5.
    """

    id: str
    post: str
    site: str
    start: datetime
    end: datetime
    zone: str
    wanted: int = 1
    needs: tuple[Need, ...] = ()
    priority: int = 3
    end_zone: str = ""

    def __post_init__(self) -> None:
        where = f"shift {self.id}"
        TimeWindow(self.start, self.end)
        length = (self.end - self.start).total_seconds() / 3600
        if not 0 < length <= MAX_SHIFT_HOURS:
            raise Refused(
                f"A shift of {length:g} hours", where, f"Over 0, at most {MAX_SHIFT_HOURS} hours."
            )
        if not 1 <= self.wanted <= MAX_WANTED:
            raise Refused(f"{self.wanted} officers wanted", where, f"1 to {MAX_WANTED}.")
        if not 1 <= self.priority <= 5:
            raise Refused(
                f"Priority {self.priority}", where, "1 is the most important, 5 the last."
            )
        for need in self.needs:
            if not 0 <= need.count <= self.wanted:
                raise Refused(
                    f"{need.count} with {need} among {self.wanted} officers",
                    where,
                    "Want more officers, or fewer of them with it.",
                )


@dataclass(frozen=True, slots=True)
class Holding:
    """A qualification somebody has, through the whole day ``until``; None: it does not expire."""

    kind: Kind
    name: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """A stretch of work before this roster."""

    start: datetime
    end: datetime
    zone: str
    site: str = ""

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise Refused(
                "A duty ends before it starts", str(self.start), "Swap or mend the times."
            )


@dataclass(frozen=True, slots=True)
class Wish:
    """Shifts liked or disliked: one shift by its id, a post, a window of time, or posts in one."""

    liked: bool
    weight: int = 1
    shift: str = ""
    post: str = ""
    window: TimeWindow | None = None

    def meets(self, shift: Shift) -> bool:
        if self.shift and self.shift != shift.id:
            return False
        if self.post and self.post != shift.post:
            return False
        return self.window is None or (
            self.window.overlap(TimeWindow(shift.start, shift.end)) is not None
        )


@dataclass(frozen=True, slots=True)
class Officer:
    """``contract_hours`` a week is the fair share of work, not a limit. ``most_hours`` a week is.

    ``history``: hours worked in how many days before the roster, for the mean week; it includes
    ``prior``. ``unavailable``: windows with the word for them (leave, sick, other work).
    """

    id: str
    name: str
    zone: str
    home: str = ""
    holdings: tuple[Holding, ...] = ()
    unavailable: tuple[tuple[str, TimeWindow], ...] = ()
    wishes: tuple[Wish, ...] = ()
    contract_hours: float = 40.0
    most_hours: float | None = None
    prior: tuple[Duty, ...] = ()
    history: tuple[float, int] | None = None
    opted_out: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """``travel``: minutes one way by (home, site). ``locked``: (officer id, shift id) that stay."""

    officers: tuple[Officer, ...]
    shifts: tuple[Shift, ...]
    rules: Rules
    travel: Mapping[tuple[str, str], int] = field(default_factory=dict)
    locked: frozenset[tuple[str, str]] = frozenset()

    def __post_init__(self) -> None:
        for kind, ids in (
            ("officer", [o.id for o in self.officers]),
            ("shift", [s.id for s in self.shifts]),
        ):
            if not ids:
                raise Refused(f"There is no {kind}", mend=f"Give at least one {kind}.")
            twice = (
                {each for each in ids if ids.count(each) > 1} if len(set(ids)) < len(ids) else ()
            )
            if twice:
                raise Refused(f"An {kind} id stands twice", ", ".join(sorted(twice)[:5]))


Rule = str
"""The name of a rule, such as ``daily_rest`` or ``licence_expired``."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an officer cannot take a shift: the rule's name and the case in words."""

    rule: Rule
    words: str


@dataclass(frozen=True, slots=True)
class Gap:
    """What is open on a shift: heads, and needs that too few of those on it meet."""

    shift: str
    missing: int
    lacking: tuple[tuple[Need, int], ...]

    @property
    def size(self) -> int:
        return self.missing + sum(count for _, count in self.lacking)


@dataclass(frozen=True, slots=True)
class Clash:
    """Needs that cannot all be met. ``smallest``: proven that no smaller set conflicts; otherwise
    the solver ran out of time and the set is only known to conflict."""

    needs: tuple[tuple[str, Need | None], ...]
    smallest: bool
    words: str


@dataclass(frozen=True, slots=True)
class Fatigue:
    """Facts of one officer's hours, against the rules' limits; hours are those that count."""

    officer: str
    hours: float
    busiest_week_hours: float
    mean_week_hours: float
    nights: int
    nights_in_row: int
    days_in_row: int
    weekends: int
    travel_hours: float
    shortest_rest_hours: float | None
    longest_rest_hours: float | None
    expiring: tuple[Holding, ...]


Stage = Literal["first", "cover", "fair"]


@dataclass(frozen=True, slots=True)
class Step:
    """Progress: seconds since the start, what is open, and the unfairness that is left."""

    stage: Stage
    seconds: float
    open: int
    unfairness: float


@dataclass(frozen=True, slots=True)
class Answer:
    """A roster. ``proven_cover``: no roster leaves less open, by the solver's proof.

    ``changes`` (repair only): (officer, shift, "added" or "taken off"). ``broken``: assignments
    that were given but break a rule, and so were taken out.
    """

    assignments: tuple[tuple[str, str], ...]
    gaps: tuple[Gap, ...]
    proven_cover: bool
    steps: tuple[Step, ...]
    fatigue: tuple[Fatigue, ...]
    clashes: tuple[Clash, ...] = ()
    changes: tuple[tuple[str, str, str], ...] = ()
    broken: tuple[tuple[str, str, tuple[Reason, ...]], ...] = ()
