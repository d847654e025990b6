"""Sightings that may be of one vehicle or person, and where and on which days they were made."""

from dataclasses import dataclass

import numpy as np

from .model import Flags, Ints, Limits, Sightings
from .places import Places


@dataclass(frozen=True)
class Groups:
    """Rows sorted by group. ``members``: index of a sighting. ``of``: its group."""

    of: Ints
    members: Ints
    names: list[str]

    def __len__(self) -> int:
        return len(self.names)

    def rows(self, group: int) -> Ints:
        left, right = np.searchsorted(self.of, [group, group + 1])
        return self.members[left:right]


def plates(seen: Sightings) -> Groups:
    """One group a plate."""
    having = np.flatnonzero(seen.vehicle & (np.char.str_len(seen.plate) > 0))
    names, code = np.unique(seen.plate[having], return_inverse=True)
    order = np.argsort(code, kind="stable")
    return Groups(code[order].astype(np.int64), having[order], [str(name) for name in names])


@dataclass(frozen=True)
class Visits:
    """Each place of each group once, sorted by group: how often it was seen there (``times``), and
    whether the principal was there at one of the times (``near``)."""

    group: Ints
    place: Ints
    times: Ints
    near: Flags

    def count(self, groups: int) -> Ints:
        return np.bincount(self.group, minlength=groups)

    def homes(self, groups: int) -> Ints:
        """The place where each was seen most."""
        order = np.lexsort((-self.times, self.group))
        firsts = order[np.unique(self.group[order], return_index=True)[1]]
        found = np.full(groups, -1, np.int64)
        found[self.group[firsts]] = self.place[firsts]
        return found


def visits(groups: Groups, places: Places, near: Ints) -> Visits:
    """``near`` by sighting (1, 0, -1). Where nobody knows, it counts as near: the team that sees
    is with the principal."""
    code = groups.of * max(len(places), 1) + places.of[groups.members]
    unique, back, times = np.unique(code, return_inverse=True, return_counts=True)
    group, place = np.divmod(unique, max(len(places), 1))
    flags = near[groups.members] != 0
    return Visits(group, place, times, np.bincount(back, flags, minlength=len(unique)) > 0)


def units(groups: Groups, places: Places, days: Ints, flag: Ints) -> tuple[Ints, Ints, Ints]:
    """Stays, one for each group, place and day where ``flag`` is known: (group, place, hit).

    A parked car that was seen ten times in an hour is one stay.
    """
    known = flag[groups.members] >= 0
    of, member = groups.of[known], groups.members[known]
    table = np.stack([of, places.of[member], days[member]], axis=1)
    unique, back = np.unique(table, axis=0, return_inverse=True)
    hit = np.zeros(len(unique), np.int64)
    np.maximum.at(hit, back.ravel(), flag[member])
    return unique[:, 0], unique[:, 1], hit


def local_days(seen: Sightings, limits: Limits) -> Ints:
    return np.floor((seen.at + limits.offset_s) / 86_400).astype(np.int64)
