"""Entropy of a routine's choices."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from math import log, log2

from varangian.engines.routine.model import (
    ASPECTS,
    Advice,
    Aspect,
    AspectName,
    Conditional,
    Observation,
    Report,
    Unknown,
)
from varangian.kernel.results import Refused

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
GROUPS: tuple[AspectName, ...] = ("weekday", "destination")
MOST_ADVICE = 5


def predictability(
    observations: Iterable[Observation],
    *,
    now: datetime,
    days: int = 28,
    slot_minutes: int = 30,
    possible: Mapping[AspectName, Sequence[str]] | None = None,
    fewest: int = 10,
    fewest_in_group: int = 4,
) -> Report:
    """The routine of the last ``days`` before ``now``.

    ``slot_minutes``: width of a cell of time. ``possible``: per aspect all the choices there are,
    for those that were never made; a choice that was made counts even when not listed. Raises
    Refused for limits that make no sense.
    """
    if not 5 <= slot_minutes <= 240:
        raise Refused(f"A slot of {slot_minutes} minutes", "slot_minutes", "5 to 240.")
    if days < 1 or fewest < 2 or fewest_in_group < 2:
        raise Refused("Too little to judge", "days, fewest", "At least 1 day and 2 journeys.")
    since = now - timedelta(days=days)
    used = [seen for seen in observations if since <= seen.at < now]
    cells: dict[AspectName, list[str]] = {
        name: [_cell(seen, name, slot_minutes) for seen in used] for name in ASPECTS
    }
    known = {"weekday": WEEKDAYS, **(possible or {})}
    aspects: dict[AspectName, Aspect | Unknown] = {}
    for name in ASPECTS:
        choices = set(known.get(name, ())) | {c for c in cells[name] if c}
        aspects[name] = _aspect(name, cells, len(choices), fewest, fewest_in_group)
    advice = [line for found in aspects.values() for line in _advice(found)]
    advice.sort(key=lambda line: (-line.gain, line.aspect, line.cell))
    return Report(len(used), since, aspects, tuple(advice[:MOST_ADVICE]))


def _cell(seen: Observation, name: AspectName, slot: int) -> str:
    if name == "weekday":
        return WEEKDAYS[seen.at.weekday()]
    if name != "time":
        return str(getattr(seen, name))
    minute = (seen.at.hour * 60 + seen.at.minute) // slot * slot
    until = min(minute + slot, 24 * 60)
    return f"{minute // 60:02}:{minute % 60:02}-{until // 60:02}:{until % 60:02}"


def entropy(counts: Sequence[int], choices: int) -> float:
    """Bits, after Miller and Madow, at most log2 of the number of choices."""
    total = sum(counts)
    plain = -sum(n / total * log2(n / total) for n in counts if n)
    corrected = plain + (sum(n > 0 for n in counts) - 1) / (2 * total * log(2))
    return min(corrected, log2(choices)) if choices > 1 else 0.0


def index(counts: Sequence[int], choices: int) -> float:
    """0 for a uniform choice, 1 for a fixed one."""
    return 1.0 if choices < 2 else max(0.0, 1 - entropy(counts, choices) / log2(choices))


def _aspect(
    name: AspectName,
    cells: Mapping[AspectName, list[str]],
    choices: int,
    fewest: int,
    fewest_in_group: int,
) -> Aspect | Unknown:
    counts = Counter(c for c in cells[name] if c)
    seen = sum(counts.values())
    if seen < fewest:
        return Unknown(seen, fewest)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    given = {
        known: None
        if known == name
        else _given(cells[name], cells[known], choices, fewest_in_group)
        for known in GROUPS
    }
    return Aspect(
        name=name,
        seen=seen,
        choices=choices,
        entropy=entropy(list(counts.values()), choices),
        uniform=log2(choices),
        index=index(list(counts.values()), choices),
        top=ranked[0][0],
        share=ranked[0][1] / seen,
        counts=tuple(ranked),
        given_weekday=given["weekday"],
        given_destination=given["destination"],
    )


def _given(
    cells: list[str], groups: list[str], choices: int, fewest: int
) -> Conditional | Unknown:  # fmt: skip
    inside: dict[str, Counter[str]] = {}
    for cell, group in zip(cells, groups, strict=True):
        if cell and group:
            inside.setdefault(group, Counter())[cell] += 1
    sizes = {group: sum(counts.values()) for group, counts in inside.items()}
    enough = {group: inside[group] for group, size in sizes.items() if size >= fewest}
    if not enough:
        return Unknown(max(sizes.values(), default=0), fewest)
    indices = {g: index(list(counts.values()), choices) for g, counts in enough.items()}
    covered = sum(sizes[g] for g in enough)
    mean = sum(indices[g] * sizes[g] for g in enough) / covered
    rigid = max(sorted(indices), key=lambda g: indices[g])
    return Conditional(mean, covered / sum(sizes.values()), rigid, indices[rigid])


def _advice(found: Aspect | Unknown) -> Iterable[Advice]:
    """What spreading each cell's surplus over the other choices would gain."""
    if isinstance(found, Unknown) or found.name == "weekday":
        return
    even = found.seen / found.choices
    for cell, count in found.counts:
        surplus = count - even
        if found.choices < 2:
            words = f"{found.name}: only {cell} is known; find another choice"
            yield Advice(found.name, cell, 1.0, 0.0, 1.0, words)
        elif surplus > 0:
            gain = _gain(found, cell)
            share = count / found.seen
            words = f"{found.name} {cell}: {count} of {found.seen} journeys; vary {surplus:.0f}"
            yield Advice(found.name, cell, share, surplus, gain, words)


def _gain(found: Aspect, cell: str) -> float:
    """Fall of the plain index; the correction for small samples is the same on both sides."""
    even = 1 / found.choices
    shares = {name: count / found.seen for name, count in found.counts}
    shares[cell], spread = even, (shares[cell] - even) / (found.choices - 1)
    after = [share if name == cell else share + spread for name, share in shares.items()]
    after += [spread] * (found.choices - len(after))
    before = [count / found.seen for _, count in found.counts]
    return (_bits(after) - _bits(before)) / found.uniform


def _bits(shares: Iterable[float]) -> float:
    return -sum(p * log2(p) for p in shares if p > 0)
