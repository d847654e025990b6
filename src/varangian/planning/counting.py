"""One operation, counted for the programme indicators. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from .actual import Hold, LegActual, held_at


@dataclass(frozen=True)
class PostActual:
    """One post: when it was held, and the legs that need it."""

    holds: Sequence[Hold]
    legs: Sequence[UUID]


@dataclass(frozen=True)
class Coverage:
    needed: int
    held: int
    unknown: int


def running(legs: Sequence[LegActual]) -> list[LegActual]:
    """Legs that count: not cancelled."""
    return [one for one in legs if one.leg.state != "cancelled"]


def coverage(legs: Sequence[LegActual], posts: Sequence[PostActual], at: datetime) -> Coverage:
    """Pairs of post and leg that has begun by ``at``; a leg without a time is unknown."""
    begun = [one for one in running(legs) if one.begun is None or one.begun <= at]
    by_pk = {one.leg.pk: one for one in begun}
    told = [
        held_at(post.holds, by_pk[pk].begun) for post in posts for pk in post.legs if pk in by_pk
    ]
    known = [one for one in told if one is not None]
    return Coverage(len(known), sum(known), len(told) - len(known))


def moved(legs: Sequence[LegActual]) -> int:
    """Legs that were moved, cancelled or diverted."""
    return sum(bool(one.changes) or one.diverted or one.leg.state == "cancelled" for one in legs)


def hours_planned(legs: Sequence[LegActual], posts: Sequence[PostActual]) -> float | None:
    """From the planned begin of a post's first leg to the planned end of its last."""
    spans = [_span(_mine(legs, post), "starts", "ends") for post in posts]
    return _total(spans)


def hours_worked(legs: Sequence[LegActual], posts: Sequence[PostActual]) -> float | None:
    """The same as reported, for the posts that were held; one that nobody reported is unknown."""
    held = [post for post in posts if any(hold.held for hold in post.holds)]
    spans = [_span(_mine(legs, post), "departed", "arrived") for post in held]
    return _total(spans)


def _mine(legs: Sequence[LegActual], post: PostActual) -> list[LegActual]:
    wanted = set(post.legs)
    return [one for one in running(legs) if one.leg.pk in wanted]


def _span(legs: Sequence[LegActual], begin: str, end: str) -> float | None:
    """Hours from the first begin to the last end; None while either is unknown."""
    if not legs:
        return 0.0
    first: datetime | None = getattr(legs[0], begin)
    last: datetime | None = getattr(legs[-1], end)
    if first is None or last is None:
        return None
    return max(0.0, (last - first).total_seconds() / 3600)


def _total(spans: Sequence[float | None]) -> float | None:
    known = [span for span in spans if span is not None]
    return sum(known) if known and len(known) == len(spans) else None


def in_order(legs: Mapping[UUID, LegActual]) -> list[LegActual]:
    """By the clock of the plan; a leg without a time comes last."""
    timed = [one for one in legs.values() if one.starts is not None]
    rest = [one for one in legs.values() if one.starts is None]
    return sorted(timed, key=lambda one: (one.starts, one.leg.serial)) + rest
