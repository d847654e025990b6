"""Programme indicators: what the operations of a period show, with inputs and definition.

Pure rules over ``Day``, one for each operation. Indicators speak of operations, posts and times,
never of a person. A period without the records that an indicator needs has no value: unknown.
Percentiles are by nearest rank, so that each is a time that was really measured.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median

from varangian.kernel.words import plural

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Day:
    """One operation, counted. Times in seconds, hours in hours."""

    slug: str
    date: date
    legs: int = 0
    moved: int = 0
    """Legs whose times were changed, or that were cancelled or diverted, after the order."""
    planned: bool = False
    """An order was issued, so that there was a plan to change."""
    posts_needed: int = 0
    posts_held: int = 0
    posts_unknown: int = 0
    alerts: Sequence[float] = ()
    alerts_waiting: int = 0
    orders: Sequence[float] = ()
    orders_waiting: int = 0
    near_misses: int | None = None
    """None: no hot wash was held, so nobody has said."""
    hours_planned: float | None = None
    hours_worked: float | None = None


@dataclass(frozen=True)
class Value:
    """``value`` None is unknown. ``inputs`` says what it was made of."""

    value: float | None
    inputs: str


@dataclass(frozen=True)
class Rule:
    id: str
    title: str
    unit: str
    """percent, seconds, per_operation, count or hours."""
    definition: str
    of: Callable[[Sequence[Day]], Value]
    better: str = ""
    """up, down, or empty where neither is better."""


@dataclass(frozen=True)
class Indicator:
    rule: Rule
    now: Value
    before: Value
    weeks: Sequence[tuple[date, float | None]] = field(default=())
    """First day of each week of the period, and its value."""

    @property
    def change(self) -> float | None:
        if self.now.value is None or self.before.value is None:
            return None
        return self.now.value - self.before.value

    @property
    def trend(self) -> str:
        """better, worse, changed, same or unknown."""
        if self.change is None:
            return "unknown"
        if abs(self.change) < 0.005:
            return "same"
        if not self.rule.better:
            return "changed"
        return "better" if (self.change > 0) == (self.rule.better == "up") else "worse"

    @property
    def words(self) -> str:
        """``up from 92 % in the period before``."""
        if self.now.value is None:
            return "not known"
        if self.before.value is None:
            return "nothing known of the period before"
        was = shown(self.before.value, self.rule.unit)
        if self.trend == "same":
            return f"as in the period before ({was})"
        way = "up" if self.change and self.change > 0 else "down"
        return f"{way} from {was} in the period before"


def shown(value: float | None, unit: str) -> str:
    """A value with its unit, as precise as it deserves."""
    if value is None:
        return "unknown"
    if unit == "percent":
        return f"{value:.0f} %" if value < 99 or value == 100 else f"{value:.1f} %"
    if unit == "seconds":
        return _duration(value)
    if unit == "hours":
        return f"{value:.0f} h"
    if unit == "per_operation":
        return f"{value:.1f} per operation"
    return f"{value:.0f}"


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.0f} s"
    if seconds < 3600:
        return f"{seconds / 60:.1f} min" if seconds < 600 else f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


def p90(values: Sequence[float]) -> float | None:
    """Nine of ten were at most this."""
    if not values:
        return None
    return sorted(values)[math.ceil(0.9 * len(values)) - 1]


def _coverage(days: Sequence[Day]) -> Value:
    needed = sum(day.posts_needed for day in days)
    held = sum(day.posts_held for day in days)
    unknown = sum(day.posts_unknown for day in days)
    rest = f"; of {unknown} more nobody knows" if unknown else ""
    value = 100 * held / needed if needed else None
    return Value(value, f"{held} of {needed} posts at legs in {_ops(days)}{rest}")


def _times(
    name: str, waiting: str, pick: Callable[[Sequence[float]], float | None], *words: str
) -> Callable[[Sequence[Day]], Value]:
    def of(days: Sequence[Day]) -> Value:
        values = [second for day in days for second in getattr(day, name)]
        asked = len(values) + sum(getattr(day, waiting) for day in days)
        return Value(pick(values), f"{len(values)} of {plural(asked, *words)} answered")

    return of


def _middle(values: Sequence[float]) -> float | None:
    return median(values) if values else None


def _changes(days: Sequence[Day]) -> Value:
    with_plan = [day for day in days if day.planned]
    moved, legs = sum(d.moved for d in with_plan), sum(d.legs for d in with_plan)
    value = moved / len(with_plan) if with_plan else None
    return Value(value, f"{moved} of {plural(legs, 'leg')} in {_ops(with_plan)} with an order")


def _near_misses(days: Sequence[Day]) -> Value:
    told = [day.near_misses for day in days if day.near_misses is not None]
    without = len(days) - len(told)
    rest = f"; {without} without a hot wash" if without else ""
    inputs = f"{plural(len(told), 'hot wash', 'hot washes')}{rest}"
    return Value(float(sum(told)) if told else None, inputs)


def _hours(name: str, whole: str) -> Callable[[Sequence[Day]], Value]:
    def of(days: Sequence[Day]) -> Value:
        known = [hours for day in days if (hours := getattr(day, name)) is not None]
        rest = f"; {len(days) - len(known)} not over or not known" if len(known) < len(days) else ""
        return Value(sum(known) if known else None, f"{whole} in {_count(len(known))}{rest}")

    return of


def _ops(days: Sequence[Day]) -> str:
    return _count(len(days))


def _count(number: int) -> str:
    return plural(number, "operation")


RULES: tuple[Rule, ...] = (
    Rule(
        "coverage",
        "Posts held",
        "percent",
        "Posts that somebody held when a leg began, of the posts that the leg needed. Cancelled "
        "legs do not count.",
        _coverage,
        "up",
    ),
    Rule(
        "alert_median",
        "Alert to acknowledgement, median",
        "seconds",
        "From raising an alert to the first person who acknowledged it. Alerts for information "
        "only do not count.",
        _times("alerts", "alerts_waiting", _middle, "alert"),
        "down",
    ),
    Rule(
        "alert_p90",
        "Alert to acknowledgement, nine of ten",
        "seconds",
        "Nine of ten acknowledged alerts were acknowledged within this time.",
        _times("alerts", "alerts_waiting", p90, "alert"),
        "down",
    ),
    Rule(
        "order_median",
        "Order to acknowledgement, median",
        "seconds",
        "From issuing an order or a fragmentary order to the word of each post that was asked.",
        _times("orders", "orders_waiting", _middle, "order to a post", "orders to posts"),
        "down",
    ),
    Rule(
        "order_p90",
        "Order to acknowledgement, nine of ten",
        "seconds",
        "Nine of ten acknowledgements of orders came within this time.",
        _times("orders", "orders_waiting", p90, "order to a post", "orders to posts"),
        "down",
    ),
    Rule(
        "changes",
        "Plan changes",
        "per_operation",
        "Legs that were moved, cancelled or diverted after the order was issued, for each "
        "operation that had one.",
        _changes,
    ),
    Rule(
        "near_misses",
        "Near misses told",
        "count",
        "Observations that a hot wash marked as a near miss. More may mean that more is told: "
        "neither direction is better.",
        _near_misses,
    ),
    Rule(
        "hours_planned",
        "Post hours planned",
        "hours",
        "For each post the planned time from its first leg to the end of its last.",
        _hours("hours_planned", "planned times"),
    ),
    Rule(
        "hours_worked",
        "Post hours worked",
        "hours",
        "The same by the times in the log, for posts that were held. Operations whose legs were "
        "not reported are unknown.",
        _hours("hours_worked", "reported times"),
    ),
)


def indicators(days: Sequence[Day], start: date, end: date) -> list[Indicator]:
    """Of the days from ``start`` to ``end``, both included; before it a period as long."""
    length = end - start + timedelta(days=1)
    present = _between(days, start, end)
    before = _between(days, start - length, start - timedelta(days=1))
    return [
        Indicator(rule, rule.of(present), rule.of(before), _weeks(rule, present, start, end))
        for rule in RULES
    ]


def _between(days: Sequence[Day], start: date, end: date) -> list[Day]:
    return [day for day in days if start <= day.date <= end]


def _weeks(
    rule: Rule, days: Sequence[Day], start: date, end: date
) -> list[tuple[date, float | None]]:
    """Each week of the period; a week without an operation has no value."""
    found, first = [], start - timedelta(days=start.weekday())
    while first <= end:
        inside = _between(days, first, first + timedelta(days=6))
        found.append((first, rule.of(inside).value if inside else None))
        first += WEEK
    return found


@dataclass(frozen=True)
class Spark:
    """A small line of weeks, in pixels: pieces of a line, and a dot for each known week."""

    width: int
    height: int
    lines: Sequence[str]
    dots: Sequence[tuple[float, float]]
    gaps: Sequence[str]
    """From a known week to the next known one, over weeks that are not."""
    words: str


def spark(indicator: Indicator, width: int = 132, height: int = 30, pad: int = 4) -> Spark:
    """An unknown week breaks the line; what is drawn over it is drawn as unknown."""
    values = [value for _, value in indicator.weeks]
    known = [value for value in values if value is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    across = (width - 2 * pad) / max(1, len(values) - 1)
    dots: list[tuple[float, float]] = []
    lines: list[str] = []
    gaps: list[str] = []
    last = -1
    for number, value in enumerate(values):
        if value is None:
            continue
        part = (value - low) / (high - low) if high > low else 0.5
        x, y = pad + number * across, height - pad - part * (height - 2 * pad)
        dots.append((round(x, 1), round(y, 1)))
        if len(dots) > 1:
            joined = " ".join(f"{left},{top}" for left, top in dots[-2:])
            (lines if last == number - 1 else gaps).append(joined)
        last = number
    return Spark(width, height, lines, dots, gaps, _spoken(indicator))


def _spoken(indicator: Indicator) -> str:
    """The same for those who hear the page."""
    unit = indicator.rule.unit
    parts = [f"{first:%d %b} {shown(value, unit)}" for first, value in indicator.weeks]
    return f"{indicator.rule.title} by week: {', '.join(parts)}"
