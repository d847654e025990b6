"""A first roster in one pass: the day's scarcest shift first, the officer it costs least."""

import numpy as np

from varangian.engines.rostering.check import Roster, has_weekly_rest
from varangian.engines.rostering.cover import Cover
from varangian.engines.rostering.table import Bools, Floats, Table


class Hand:
    """A roster being filled, with the pairs that are still possible."""

    def __init__(self, table: Table, roster: Roster) -> None:
        self.table = table
        self.roster: Roster = [set() for _ in table.officers]
        self.cover = Cover(table, self.roster)
        self.possible: Bools = table.allowed.copy()
        self.minutes = np.zeros(len(table.officers))
        self.nights = np.zeros(len(table.officers))
        self.members = np.array([w.members for w in table.windows], dtype=bool)
        self.timed = np.array([w.in_minutes for w in table.windows], dtype=bool)
        self.left = np.array([w.bound for w in table.windows], dtype=np.int64)
        for officer, duties in enumerate(roster):
            for shift in sorted(duties):
                self.give(officer, shift)

    def give(self, officer: int, shift: int) -> None:
        """Book it and strike out all that this makes impossible for the officer."""
        table, rest = self.table, self.table.rules.rest_minutes
        self.roster[officer].add(shift)
        self.cover.count(officer, shift, 1)
        self.minutes[officer] += table.paid[officer, shift]
        self.nights[officer] += table.night[shift]
        begins, finishes = table.begins[officer], table.finishes[officer]
        clear = (begins >= finishes[shift] + rest) | (finishes <= begins[shift] - rest)
        if len(table.windows):
            mine = np.flatnonzero(self.members[:, shift])
            timed = self.timed[mine]
            cost = np.where(timed, table.paid[officer, shift], 1)
            self.left[mine, officer] -= cost
            left = self.left[mine, officer][:, None]
            need = np.where(timed[:, None], table.paid[officer][None, :], 1)
            clear &= ~(self.members[mine] & (need > left)).any(axis=0)
        clear[shift] = False
        self.possible[officer] &= clear

    def may(self, officer: int, shift: int) -> bool:
        if has_weekly_rest(self.table, officer, self.roster[officer] | {shift}):
            return True
        self.possible[officer, shift] = False
        return False


def greedy(table: Table, kept: Roster, seed: int = 0) -> Roster:
    """Keeps ``kept`` and adds what it can. Another seed breaks ties in another way."""
    hand, rng = Hand(table, kept), np.random.default_rng(seed)
    plenty = np.maximum(table.allowed.sum(axis=0), 1)
    scarcity = np.array([len(h) / max(h.any(axis=1).sum(), 1) for h in table.holds])
    target = table.share * float((table.wanted * (table.end - table.start)).sum())
    target = np.maximum(target, 1.0)
    noise = rng.random(len(table.officers)) * 0.05
    for day in sorted(set(table.day.tolist())):
        mine = np.flatnonzero(table.day == day)
        tightness = table.wanted[mine] / plenty[mine]
        order = np.lexsort((-tightness, ~table.night[mine], -table.weight[mine]))
        for shift in mine[order].tolist():
            while hand.cover.missing(shift):
                chosen = _pick(hand, shift, target, scarcity, noise)
                if chosen is None:
                    break
                hand.give(chosen, shift)
    return hand.roster


def _pick(
    hand: Hand, shift: int, target: Floats, scarcity: Floats, noise: Floats
) -> int | None:  # fmt: skip
    """The officer who meets most of what is lacking, wastes least, and has worked least."""
    table = hand.table
    able = np.flatnonzero(hand.possible[:, shift])
    if not len(able):
        return None
    value = -2.0 * hand.minutes[able] / target[able] - table.way[able, shift] / 240.0
    value -= 0.1 * table.dislike[able, shift] + noise[able]
    if table.night[shift]:
        value -= 0.3 * hand.nights[able]
    lacking = dict.fromkeys(range(len(table.names)), 0)
    for (name, _, _), count in zip(table.among[shift], hand.cover.lacking(shift), strict=True):
        lacking[name] = count
    for name, count in lacking.items():
        holds = table.holds[name, able, shift]
        value += (4.0 if count else -0.1) * np.log1p(scarcity[name]) * holds
    for officer in able[np.argsort(-value, kind="stable")].tolist():
        if hand.may(officer, shift):
            return officer
    return None
