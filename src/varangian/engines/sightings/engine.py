"""From sightings to patterns, the least explained by chance first."""

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from . import looks, mixing
from .beside import beside, more_than_others
from .chance import together
from .groups import Groups, local_days, plates, visits
from .mixing import Far
from .model import Floats, Ints, Limits, Pattern, Report, Sightings, Stop, Track
from .places import Places, places_of
from .plates import canonical, one_slip
from .words import told

ASPECTS = ("places", "demeanour")
OVERLAP = 0.5


def correlate(
    seen: Sightings,
    *,
    track: Track | None = None,
    limits: Limits | None = None,
    known: Collection[str] = (),
    denied: Collection[str] = (),
) -> Report:
    """Patterns of vehicles and people that were met more often than a town's own traffic explains.

    ``known``: plates of the team, of residents, of taxis: never a pattern. ``denied``: names of
    patterns that a person has looked at and denied. Cost: about linear in the sightings, plus the
    square of the places (at most 4,000).
    """
    limits = limits or Limits()
    if not len(seen):
        return Report((), 0, 0, 0)
    places, days = places_of(seen, limits), local_days(seen, limits)
    near = beside(seen, track, limits)
    view = _View(seen, places, days, near, limits)
    skip = {canonical(plate) for plate in known} | set(denied)
    found, weighed = [], 0
    for groups, far in view.families():
        weighed += len(groups)
        found += view.patterns(groups, far, skip)
    found.sort(key=lambda one: one.by_chance)
    return Report(_distinct(found)[: limits.most], len(seen), weighed, len(places))


class _View:
    """What all families are judged by."""

    def __init__(
        self, seen: Sightings, places: Places, days: Ints, near: Ints, limits: Limits
    ) -> None:
        self.seen, self.places, self.days = seen, places, days
        self.near, self.limits = near, limits

    def families(self) -> list[tuple[Groups, Far]]:
        by_plate = plates(self.seen)
        there = visits(by_plate, self.places, self.near)
        found = [(by_plate, mixing.far_apart(there, len(by_plate), self.places))]
        for vehicle in (False, True):
            groups, share = looks.looks(self.seen, vehicle=vehicle)
            there = visits(groups, self.places, self.near)
            near = self._described_near(vehicle)
            found.append((groups, looks.far_apart(there, groups, share, self.places, near)))
        return found

    def _described_near(self, vehicle: bool) -> Floats:
        rows = (self.seen.vehicle == vehicle) & (np.char.str_len(self.seen.plate) == 0)
        rows &= self.near != 0
        return np.bincount(self.places.of[rows], minlength=len(self.places)).astype(float)

    def patterns(self, groups: Groups, far: Far, skip: set[str]) -> list[Pattern]:
        """Those of one family that chance explains badly enough."""
        if not len(groups):
            return []
        close = more_than_others(groups, self.places, self.days, self.near, by_place=True)
        odd = more_than_others(groups, self.places, self.days, self.seen.odd, by_place=False)
        logs = np.log(np.stack([far.p, odd[0]], axis=1))
        by_chance = len(groups) * np.exp(together(logs))
        wanted = np.flatnonzero((by_chance <= self.limits.by_chance) & (far.p < 1))
        found = []
        for group in wanted[np.argsort(by_chance[wanted])][: 4 * self.limits.most]:
            if groups.names[group] in skip:
                continue
            one = self._pattern(groups, int(group), int(far.ring[group]), float(by_chance[group]))
            beside_ = _counts(close, group)
            evidence = {name: _tens(logs[group, k]) for k, name in enumerate(ASPECTS)}
            one = replace(one, beside=beside_, odd=_counts(odd, group), evidence=evidence)
            if one.days > 1 or len(one.stops) > 2:
                found.append(replace(one, told=told(one)))
        return found

    def _pattern(self, groups: Groups, group: int, ring: int, by_chance: float) -> Pattern:
        rows = groups.rows(group)
        rows = rows[np.argsort(self.seen.at[rows], kind="stable")]
        stops, span = self._stops(rows)
        plated = bool(len(self.seen.plate[rows[0]]))
        return Pattern(
            name=groups.names[group],
            vehicle=bool(self.seen.vehicle[rows[0]]),
            sightings=tuple(self.seen.names[row] for row in rows),
            stops=stops,
            days=len(np.unique(self.days[rows])),
            span_km=round(span, 3),
            ring_km=self.places.apart_km * 2**ring,
            beside=None,
            odd=None,
            evidence={},
            by_chance=max(by_chance, 1e-12),
            perhaps=self._perhaps(groups.names[group]) if plated else (),
        )

    def _stops(self, rows: Ints) -> tuple[tuple[Stop, ...], float]:
        """Environments at least ``apart_km`` from each other, and the widest way between two."""
        kept: list[tuple[int, Ints]] = []
        for place in dict.fromkeys(self.places.of[rows].tolist()):
            there = rows[self.places.of[rows] == place]
            lone = np.array([place])
            if all(self.places.km(lone, np.array([k]))[0] >= self.places.apart_km for k, _ in kept):
                kept.append((place, there))
        stops = tuple(
            Stop(
                float(self.seen.lat[there].mean()),
                float(self.seen.lon[there].mean()),
                len(there),
                float(self.seen.at[there].min()),
                float(self.seen.at[there].max()),
            )
            for _, there in kept
        )
        index = np.array([place for place, _ in kept])
        left, right = np.triu_indices(len(index), 1)
        ways = self.places.km(index[left], index[right])
        return stops, float(ways.max(initial=0.0))

    def _perhaps(self, plate: str) -> tuple[str, ...]:
        rows = np.flatnonzero(one_slip(plate, self.seen.plate))
        return tuple(self.seen.names[row] for row in rows[:20])


def _counts(flags: tuple[Floats, Ints, Ints, Floats], group: int) -> tuple[int, int, float] | None:
    tail, hits, stays, expected = flags
    if np.isnan(tail[group]):
        return None
    return int(hits[group]), int(stays[group]), round(float(expected[group]), 2)


def _tens(log: float) -> float:
    return 0.0 if np.isnan(log) else round(float(-log / np.log(10)), 2)


def _distinct(patterns: list[Pattern]) -> tuple[Pattern, ...]:
    """Several sets of words may tell of the same sightings: the most striking stays."""
    kept: list[Pattern] = []
    taken: list[set[str]] = []
    for one in patterns:
        rows = set(one.sightings)
        if any(len(rows & other) >= OVERLAP * len(rows) for other in taken):
            continue
        kept.append(one)
        taken.append(rows)
    return tuple(kept)
