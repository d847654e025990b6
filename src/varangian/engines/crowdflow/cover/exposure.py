"""For how long the principal is in view from places that overlook: seconds, never a place to aim.

Told are stretches of the principal's own way and what shortens them. Overlooks are those that the
planner drew, in the order drawn; none is sought, none is ranked, no distance is told.
"""

from itertools import groupby

import numpy as np

from varangian.engines.crowdflow.cover.being import being_of
from varangian.engines.crowdflow.cover.lowers import lowers_of
from varangian.engines.crowdflow.cover.model import (
    Being,
    Exposure,
    Overlooked,
    Part,
    Stretch,
)
from varangian.engines.crowdflow.cover.seeing import seeing_of
from varangian.engines.crowdflow.cover.views import (
    Seconds,
    band_words,
    planned_of,
    seconds_of,
    views_of,
)
from varangian.engines.crowdflow.cover.weights import Weights
from varangian.engines.crowdflow.principal.maps import WayMaps
from varangian.engines.crowdflow.venue.model import Item, Venue
from varangian.kernel.results import Refused
from varangian.kernel.words import plural


def exposure(venue: Venue, weights: Weights | None = None, maps: WayMaps | None = None) -> Exposure:
    overlooks = venue.of("overlook")
    if not overlooks:
        mend = "Draw the windows, balconies, galleries and roofs that overlook the way."
        raise Refused("The plan has no overlook", "overlook", mend)
    being = being_of(venue, weights or Weights(), maps)
    if not len(being.part):
        mend = "Draw the principal's way or stay, or a stage."
        raise Refused("The plan has no way of the principal", "way", mend)
    seeing = seeing_of(venue, doors_open=True)
    views = views_of(overlooks, being, seeing)
    seen, planned = views.any(axis=0), planned_of(being)
    inside, whole = seconds_of(being, seen & planned), seconds_of(being, planned)
    out = seconds_of(being, seen & ~planned)
    share = _part_of(inside, whole)
    notes = [
        f"The {item.label} is on a level that is not drawn: it is left out"
        for item in overlooks
        if item.level not in seeing
    ]
    count = plural(len(_stretches(being, seen & planned)), "stretch", "stretches")
    words = (
        f"In view for {band_words(inside)} of {band_words(whole)} of the planned way and stay "
        f"({share:.0%}), on {count}."
    )
    return Exposure(
        inside, whole, share, out, seconds_of(being, ~planned), _stretches(being, seen),
        tuple(_row(item, view, being) for item, view in zip(overlooks, views, strict=True)),
        lowers_of(venue, being, views), words, (*being.notes, *notes),
    )  # fmt: skip


def _part_of(some: Seconds, whole: Seconds) -> float:
    return round(some[1] / whole[1], 4) if whole[1] else 0.0


def _row(item: Item, view: np.ndarray, being: Being) -> Overlooked:
    planned = planned_of(being)
    seconds = seconds_of(being, view & planned)
    name = item.props.name or item.label
    share = _part_of(seconds, seconds_of(being, planned))
    return Overlooked(item.id, name, item.props.use, item.level, seconds, share)


def _stretches(being: Being, seen: np.ndarray) -> tuple[Stretch, ...]:
    """Places that follow each other in one part and level; of a stay, all of it that is in view."""
    found = []
    for number, part in enumerate(being.parts):
        mine = np.flatnonzero(being.part == number)
        if part.what in ("stay", "stage"):
            runs = [mine[seen[mine]]]
        else:
            order = np.cumsum(np.concatenate([[0], np.diff(seen[mine].astype(int)) != 0]))
            order = order + 10_000 * being.level[mine]
            rows = zip(order.tolist(), mine.tolist(), strict=True)
            runs = [np.array([k for _, k in run]) for _, run in groupby(rows, lambda row: row[0])]
        found += [_stretch(being, part, run) for run in runs if len(run) and seen[run].all()]
    return tuple(found)


def _stretch(being: Being, part: Part, run: np.ndarray) -> Stretch:
    half = 0.5 if part.what in ("way", "rope") else 0.0
    metres = (
        None
        if part.what in ("stay", "stage")
        else (
            round(max(0.0, float(being.metres[run[0]]) - half), 1),
            round(float(being.metres[run[-1]]) + half, 1),
        )
    )
    line = tuple((round(float(x), 2), round(float(y), 2)) for x, y in being.xy[run])
    chosen = np.zeros(len(being.part), bool)
    chosen[run] = True
    level = int(being.level[run[0]])
    return Stretch(part.id, part.name, metres, level, line, seconds_of(being, chosen))
