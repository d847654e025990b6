"""Where a person is, from what is booked and what was heard: intervals that leave no gap.

From the first thing that is known there is always an answer, for ever: a person whose return is
missing stays where they were last, with the end unknown. Nothing is guessed; where only the last
place is known, that is what is said.

What holds at a moment, in order: the journey is over by somebody's word; a leg under way; what was
heard since the entry began, or the entry itself; the base of the night; where the last one ended.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from .itineraries.kinds import plain

NIGHT = time(4)
DAY = timedelta(days=1)
GROUND, BASE, HEARD_BASE, ENTRY, UNDER_WAY, OVER = range(6)


class Where(StrEnum):
    AT = "at"
    MOVING = "moving"
    UNKNOWN = "unknown"
    """Not known since; the place is the last one known."""
    OVER = "over"

    @property
    def words(self) -> str:
        return {"at": "there", "moving": "on the way", "over": "journey over"}.get(
            self.value, "not known, last known there"
        )


@dataclass(frozen=True, slots=True)
class Spot:
    words: str = ""
    country: str = ""
    """ISO 3166 code; empty when the place tells none."""


@dataclass(frozen=True, slots=True)
class Evidence:
    how: str
    """booking, plan, reported, or how somebody heard of it."""
    words: str
    at: datetime | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Booked:
    """A leg or a stay of the plan, in the words that presence needs."""

    title: str
    stay: bool
    state: str
    starts: datetime | None
    ends: datetime | None
    zone: str
    origin: Spot
    destination: Spot
    kind: str
    travellers: tuple[str, ...] = ()
    reservation: str = ""
    day_only: bool = False
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What somebody learnt of a person. Without a place it only confirms."""

    at: datetime
    until: datetime | None
    spot: Spot | None
    how: str
    words: str
    by: str
    safe: bool = False
    over: bool = False


@dataclass(frozen=True, slots=True)
class Interval:
    """``until`` None, or ``until_known`` False with the latest possible end: the end is unknown."""

    since: datetime
    until: datetime | None
    until_known: bool
    where: Where
    spot: Spot
    towards: Spot | None
    evidence: tuple[Evidence, ...]

    @property
    def countries(self) -> set[str]:
        return {spot.country for spot in (self.spot, self.towards) if spot and spot.country}

    @property
    def known_at(self) -> datetime | None:
        """When somebody last learnt it; a booking alone is no such word."""
        heard = [e.at for e in self.evidence if e.at and e.how not in ("booking", "plan")]
        return max(heard, default=None)


@dataclass(frozen=True, slots=True)
class Claim:
    since: datetime
    until: datetime | None
    rank: int
    where: Where
    spot: Spot
    towards: Spot | None = None
    evidence: tuple[Evidence, ...] = ()
    open: bool = False
    """It has no end of its own; ``until`` is only where something else begins."""

    def covers(self, at: datetime) -> bool:
        return self.since <= at and (self.until is None or at < self.until)


def presence(legs: Iterable[Booked], heard: Iterable[Heard], now: datetime) -> list[Interval]:
    """Intervals in order; the last one has no end."""
    booked = sorted(
        (leg for leg in legs if leg.starts and leg.state != "cancelled"),
        key=lambda leg: (leg.starts, leg.title),
    )
    facts = sorted(heard, key=lambda fact: fact.at)
    claims = [claim for leg in booked for claim in _of_leg(leg, booked, now)]
    claims += [claim for fact in facts for claim in _of_fact(fact, facts, booked)]
    return [_confirmed(interval, facts) for interval in _tiled(claims)]


def at_moment(intervals: list[Interval], at: datetime) -> Interval | None:
    """None before the first thing that is known."""
    found = [one for one in intervals if one.since <= at]
    return found[-1] if found else None


def goes_along(leg: Booked, name: str | None, party: Iterable[str]) -> bool:
    """Is this leg one of this person's? A booking without names is everybody's; None is the
    principal, who is on every leg that is not booked for others of the party alone."""
    if not leg.travellers:
        return True
    if name is None:
        others = list(party)
        return not all(any(same_person(one, other) for other in others) for one in leg.travellers)
    return any(same_person(one, name) for one in leg.travellers)


def same_person(a: str, b: str) -> bool:
    """The same first and last name, whatever stands between them."""
    first, second = (re.findall(r"\w+", plain(name)) for name in (a, b))
    return bool(first and second) and (first[0], first[-1]) == (second[0], second[-1])


def _of_leg(leg: Booked, booked: list[Booked], now: datetime) -> list[Claim]:
    if leg.starts is None:
        return []
    found = (_evidence(leg),)
    if leg.stay and leg.kind == "stay":
        return _of_stay(leg, booked, found)
    spot = leg.destination if leg.stay else leg.origin
    where, towards = (Where.AT, None) if leg.stay else (Where.MOVING, leg.destination)
    begins, ends = leg.starts, leg.ends
    if leg.state in ("under_way", "diverted"):
        until = ends if ends and ends > now else None
        claim = Claim(begins, until, UNDER_WAY, where, spot, towards, found, open=True)
        return [claim, _after(leg, until, found)] if until else [claim]
    if leg.state in ("arrived", "complete") and leg.updated_at:
        ends = min(ends, leg.updated_at) if ends else leg.updated_at
    if ends is None or leg.day_only:
        until = _next_start(leg, booked)
        if leg.day_only:
            until = min(until, begins + DAY) if until else begins + DAY
        elif leg.stay and _base_at(begins, booked):
            until = (
                min(until, _night_after(begins, leg.zone))
                if until
                else _night_after(begins, leg.zone)
            )
        claims = [Claim(begins, until, ENTRY, where, spot, towards, found, open=True)]
        return claims if until is None else [*claims, _after(leg, until, found)]
    claim = Claim(begins, max(ends, begins), ENTRY, where, spot, towards, found)
    return [claim, _after(leg, max(ends, begins), found)]


def _after(leg: Booked, since: datetime, found: tuple[Evidence, ...]) -> Claim:
    """Where one is when it is over: a movement ends at its goal, an event tells no further."""
    certain = not leg.stay and leg.ends is not None
    where = Where.AT if certain else Where.UNKNOWN
    return Claim(since, None, GROUND, where, leg.destination, evidence=found)


def _of_stay(leg: Booked, booked: list[Booked], found: tuple[Evidence, ...]) -> list[Claim]:
    """Without times of day it begins with the arrival of its day and ends with the departure."""
    begins, ends, zone = leg.starts, leg.ends, ZoneInfo(leg.zone or "UTC")
    if begins is None:
        return []
    if begins.astimezone(zone).time() == time():
        arrivals = [
            one.ends
            for one in booked
            if not one.stay and one.ends and begins <= one.ends < begins + DAY
        ]
        begins = max(arrivals, default=begins)
    if ends is None:
        return [
            Claim(
                begins,
                _next_journey(leg, booked),
                BASE,
                Where.AT,
                leg.destination,
                None,
                found,
                True,
            )
        ]
    unknown_hour = ends.astimezone(zone).time() == time()
    if unknown_hour:
        leaving = [
            one.starts
            for one in booked
            if not one.stay and one.starts and ends <= one.starts < ends + DAY
        ]
        ends = min(leaving, default=ends + DAY)
    ends = max(ends, begins)
    return [
        Claim(begins, ends, BASE, Where.AT, leg.destination, None, found, open=unknown_hour),
        Claim(ends, None, GROUND, Where.UNKNOWN, leg.destination, evidence=found),
    ]


def _next_start(leg: Booked, booked: list[Booked]) -> datetime | None:
    later = (one.starts for one in booked if one.starts and leg.starts and one.starts > leg.starts)
    return min(later, default=None)


def _next_journey(leg: Booked, booked: list[Booked]) -> datetime | None:
    """The next stay, flight or train: whoever takes it has left this stay for good."""
    later = (
        one.starts
        for one in booked
        if one.starts
        and leg.starts
        and one.starts > leg.starts
        and one.kind in ("stay", "flight", "train")
        and one is not leg
    )
    return min(later, default=None)


def _base_at(at: datetime, booked: list[Booked]) -> bool:
    return any(
        one.kind == "stay"
        and one.starts
        and one.starts < at + DAY
        and not (one.ends and one.ends <= at)
        for one in booked
    )


def _night_after(at: datetime, zone: str) -> datetime:
    """04:00 of the coming night, when the party is taken to be at its base."""
    local = at.astimezone(ZoneInfo(zone or "UTC"))
    night = datetime.combine(local.date(), NIGHT, local.tzinfo)
    return night if night > local else datetime.combine(local.date() + DAY, NIGHT, local.tzinfo)


def _evidence(leg: Booked) -> Evidence:
    if leg.state in ("under_way", "arrived", "complete", "diverted"):
        words = f"{leg.title}: {leg.state.replace('_', ' ')}"
        return Evidence("reported", words, leg.updated_at)
    number = f", reservation {leg.reservation}" if leg.reservation else ""
    return Evidence(
        "booking" if leg.reservation else "plan", f"{leg.title}{number}", leg.updated_at
    )


def _of_fact(fact: Heard, facts: list[Heard], booked: list[Booked]) -> list[Claim]:
    found = (Evidence(fact.how, fact.words, fact.at, fact.by),)
    if fact.over:
        later = (one.at for one in facts if one.at > fact.at and (one.spot or one.over))
        spot = fact.spot or Spot()
        until = min(later, default=None)
        return [Claim(fact.at, until, OVER, Where.OVER, spot, None, found, open=True)]
    if fact.spot is None:
        return []
    starts = [leg.starts for leg in booked if leg.starts and leg.starts > fact.at]
    journeys = [
        leg.starts for leg in booked if leg.starts and leg.starts > fact.at and not leg.stay
    ]
    soon, gone = min(starts, default=None), min(journeys, default=None)
    here = min(filter(None, (soon, fact.until)), default=None)
    base = fact.until or gone
    open_end = fact.until is None
    claims = [Claim(fact.at, here, ENTRY, Where.AT, fact.spot, None, found, open_end)]
    if here and (base is None or base > here):
        claims.append(Claim(here, base, HEARD_BASE, Where.AT, fact.spot, None, found, open_end))
    if fact.until:
        claims.append(Claim(fact.until, None, GROUND, Where.UNKNOWN, fact.spot, None, found))
    return claims


def _tiled(claims: list[Claim]) -> list[Interval]:
    """Cut time where anything begins or ends; between two cuts the strongest claim holds."""
    edges = sorted({edge for c in claims for edge in (c.since, c.until) if edge})
    chosen: list[tuple[datetime, Claim]] = []
    for edge in edges:
        holding = [claim for claim in claims if claim.covers(edge)]
        if not holding:
            continue
        best = max(holding, key=lambda claim: (claim.rank, claim.since))
        if not chosen or chosen[-1][1] is not best:
            chosen.append((edge, best))
    ends: list[datetime | None] = [edge for edge, _ in chosen[1:]]
    return [
        _interval(since, claim, until)
        for (since, claim), until in zip(chosen, [*ends, None], strict=False)
    ]


def _interval(since: datetime, claim: Claim, until: datetime | None) -> Interval:
    known = until is not None and not claim.open and claim.where != Where.UNKNOWN
    return Interval(since, until, known, claim.where, claim.spot, claim.towards, claim.evidence)


def _confirmed(interval: Interval, facts: list[Heard]) -> Interval:
    """Every word that was heard while it lasted stands with it."""
    known = {(one.how, one.at) for one in interval.evidence}
    more = tuple(
        Evidence(fact.how, fact.words, fact.at, fact.by)
        for fact in facts
        if interval.since <= fact.at
        and (interval.until is None or fact.at < interval.until)
        and (fact.how, fact.at) not in known
    )
    return replace(interval, evidence=(*interval.evidence, *more))
