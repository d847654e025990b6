"""The matching itself: rule out by caps and time, solve the rest, gather by leg and hazard."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from varangian.engines.corridor import areas, contact, tracks
from varangian.engines.corridor.areas import EVERYWHERE, Areas, Outlines
from varangian.engines.corridor.model import Basis, Hazard, Leg, Match
from varangian.engines.corridor.report import match_of
from varangian.engines.corridor.sphere import Floats, Ints, dot, lat_lon, merged, spread
from varangian.engines.corridor.tracks import Tracks
from varangian.kernel.geometry import EARTH_RADIUS_KM

TOLERANCE_RAD = 0.01 / EARTH_RADIUS_KM
BLOCK = 256
ROWS_AT_ONCE = 1_000_000


@dataclass(frozen=True, slots=True)
class Pairs:
    """Q pairings of a chunk with a hazard, and the stretch of the leg that counts by time."""

    chunk: Ints
    hazard: Ints
    low: Floats  # fraction of the leg
    high: Floats


@dataclass(frozen=True, slots=True)
class Spans:
    """Stretches of legs in contact."""

    pair: Ints
    low: Floats  # fraction of the leg
    high: Floats


@dataclass(frozen=True, slots=True)
class Nearest:
    """Nearest approaches."""

    pair: Ints
    away: Floats  # radians
    fraction: Floats  # of the leg


@dataclass(frozen=True, slots=True)
class Job:
    """A batch of pairs; ``place`` says which outline is each pair's."""

    ways: Tracks
    lines: Outlines
    pairs: Pairs
    place: Ints

    @property
    def hollow(self) -> np.ndarray:
        """Whether each pair's hazard is an outline with an inside, not a disc."""
        return np.array([shape is not None for shape in self.lines.geometry])[self.place]

    @property
    def reach(self) -> Floats:
        buffer = self.ways.buffer[self.ways.chunk_leg[self.pairs.chunk]]
        least = np.where(self.hollow, TOLERANCE_RAD, 0.0)
        return self.lines.radius[self.place] + np.maximum(buffer, least)


def match(legs: Sequence[Leg], hazards: Sequence[Hazard]) -> list[Match]:
    """Every contact of a leg with a hazard, by first contact, then leg, then hazard.

    Units: degrees, kilometres, aware datetimes; see the package for the model. Raises Refused when
    neighbouring points of a path are antipodes. Memory: about 200 bytes a path point and
    corner, and at most some 500 MB of working rows whatever the input.
    """
    if not legs or not hazards:
        return []
    ways, zones = tracks.lay_out(legs), areas.lay_out(hazards)
    pairs = _candidates(ways, zones)
    if not len(pairs.chunk):
        return []
    chosen, place = np.unique(pairs.hazard, return_inverse=True)
    lines = areas.outlines([hazards[k].shape for k in chosen])
    spans, near = [], []
    for rows in _batches(ways, lines, pairs, place):
        job = Job(ways, lines, _take(pairs, rows), place[rows])
        for spanned, approached in _solve(job):
            spans.append(Spans(rows[spanned.pair], spanned.low, spanned.high))
            near.append(Nearest(rows[approached.pair], approached.away, approached.fraction))
    return _gather(legs, hazards, ways, pairs, _all_spans(spans), _all_nearest(near))


def _all_spans(parts: Sequence[Spans]) -> Spans:
    return Spans(
        np.concatenate([part.pair for part in parts]),
        np.concatenate([part.low for part in parts]),
        np.concatenate([part.high for part in parts]),
    )


def _all_nearest(parts: Sequence[Nearest]) -> Nearest:
    return Nearest(
        np.concatenate([part.pair for part in parts]),
        np.concatenate([part.away for part in parts]),
        np.concatenate([part.fraction for part in parts]),
    )


def _candidates(ways: Tracks, zones: Areas) -> Pairs:
    """Chunk and hazard pairs whose caps and times meet.

    "Distance <= r1 + r2" is d >= cos r1 cos r2 - sin r1 sin r2, a product of rank five, so that one
    matrix product in single precision (its error allowed for) tests a whole block.
    """
    reach = ways.chunk_radius + ways.buffer[ways.chunk_leg] + TOLERANCE_RAD
    near = np.column_stack((ways.chunk_centre, -np.cos(reach), np.sin(reach))).astype(np.float32)
    far = np.column_stack((zones.centre, np.cos(zones.radius), np.sin(zones.radius)))
    far[zones.radius >= EVERYWHERE] = (0, 0, 0, -1, 0)
    far = far.astype(np.float32)
    order = np.argsort(ways.chunk_t0, kind="stable")
    chunks, hazards = [], []
    for block in np.split(order, range(BLOCK, len(order), BLOCK)):
        t0, t1 = ways.chunk_t0[block], ways.chunk_t1[block]
        alive = np.flatnonzero((zones.start <= t1.max()) & (zones.end >= t0.min()))
        row, column = np.nonzero(near[block] @ far[alive].T >= -1e-6)
        chunk, hazard = block[row], alive[column]
        timely = (zones.start[hazard] <= t1[row]) & (zones.end[hazard] >= t0[row])
        chunks.append(chunk[timely])
        hazards.append(hazard[timely])
    chunk, hazard = np.concatenate(chunks), np.concatenate(hazards)
    leg = ways.chunk_leg[chunk]
    first = ways.chunk_first[chunk]
    f0, f1 = ways.f0[first], ways.f1[first + ways.chunk_count[chunk] - 1]
    lasts = np.where(ways.timed, ways.end - ways.start, 1.0)[leg]
    timed = ways.timed[leg]
    low = np.where(timed, (zones.start[hazard] - ways.start[leg]) / lasts, 0.0)
    high = np.where(timed, (zones.end[hazard] - ways.start[leg]) / lasts, 1.0)
    low, high = np.clip(low, f0, f1), np.clip(high, f0, f1)
    kept = low <= high
    return Pairs(chunk[kept], hazard[kept], low[kept], high[kept])


def _take(pairs: Pairs, rows: Ints) -> Pairs:
    return Pairs(pairs.chunk[rows], pairs.hazard[rows], pairs.low[rows], pairs.high[rows])


def _batches(ways: Tracks, lines: Outlines, pairs: Pairs, place: Ints) -> Iterator[Ints]:
    """Pair numbers in batches whose arcs times segments fit in memory."""
    work = np.cumsum(ways.chunk_count[pairs.chunk] * lines.count[place])
    yield from np.split(np.arange(len(work)), np.flatnonzero(np.diff(work // ROWS_AT_ONCE)) + 1)


def _solve(job: Job) -> list[tuple[Spans, Nearest]]:
    """Contacts with the outlines, and those within them."""
    rows, pair = _rows(job)
    row, low, high = contact.spans(rows)
    touched, segment = np.unique(row), rows.segment[row]
    away, where = contact.nearest(rows.only(touched))
    away = np.maximum(away - job.lines.radius[job.place[pair[touched]]], 0.0)
    spans = Spans(
        pair[row],
        _fraction(job.ways, segment, low, upper=False),
        _fraction(job.ways, segment, high, upper=True),
    )
    fraction = _fraction(job.ways, rows.segment[touched], where, upper=False)
    near = Nearest(pair[touched], away, fraction)
    return [(spans, near), _inside(job, spans, near)]


def _rows(job: Job) -> tuple[contact.Rows, Ints]:
    """Segment and arc rows whose caps meet, and the pair of each."""
    ways, lines, pairs, reach = job.ways, job.lines, job.pairs, job.reach
    pair, arc = spread(lines.first[job.place], lines.count[job.place])
    chunk = pairs.chunk[pair]
    bound = ways.chunk_radius[chunk] + lines.half[arc] + reach[pair]
    kept = _within(ways.chunk_centre[chunk], lines.middle[arc], bound)
    pair, arc = pair[kept], arc[kept]
    chunk = pairs.chunk[pair]
    upper, segment = spread(ways.chunk_first[chunk], ways.chunk_count[chunk])
    pair, arc = pair[upper], arc[upper]
    f0, f1 = ways.f0[segment], ways.f1[segment]
    low, high = np.maximum(pairs.low[pair], f0), np.minimum(pairs.high[pair], f1)
    bound = ways.theta[segment] / 2 + lines.half[arc] + reach[pair]
    kept = (low <= high) & _within(ways.middle[segment], lines.middle[arc], bound)
    pair, arc, segment = pair[kept], arc[kept], segment[kept]
    scale = ways.theta[segment] / (f1 - f0)[kept]
    low, high = (low - f0)[kept] * scale, (high - f0)[kept] * scale
    return contact.Rows(ways, lines, segment, arc, low, high, reach[pair]), pair


def _within(a: Floats, b: Floats, bound: Floats) -> np.ndarray:
    return dot(a, b) >= np.cos(np.minimum(bound + 1e-7, np.pi)) - 1e-12


def _fraction(ways: Tracks, segment: Ints, x: Floats, *, upper: bool) -> Floats:
    """Radians along a segment as a fraction of its leg; a stay counts as its whole leg."""
    theta, f0, f1 = ways.theta[segment], ways.f0[segment], ways.f1[segment]
    moved = f0 + (f1 - f0) * x / np.where(theta > 0, theta, 1.0)
    return np.where(theta > 0, moved, f1 if upper else f0)


def _inside(job: Job, spans: Spans, near: Nearest) -> tuple[Spans, Nearest]:
    """Stretches inside an outline, beyond reach of its boundary, and pairs wholly within it.

    The boundary's reach covers every crossing, so a gap between spans is all inside or all
    outside: one point of it tells. Likewise a pair that nowhere crosses the boundary.
    """
    pair, low, high = _gaps(job, spans)
    gap = np.flatnonzero(_contains(job, pair, (low + high) / 2))
    edge = np.flatnonzero(job.hollow[near.pair])
    edge = edge[_contains(job, near.pair[edge], near.fraction[edge])]
    owner = np.concatenate((pair[gap], near.pair[edge]))
    at = np.concatenate((low[gap], near.fraction[edge]))
    return Spans(pair[gap], low[gap], high[gap]), Nearest(owner, np.zeros(len(owner)), at)


def _gaps(job: Job, spans: Spans) -> tuple[Ints, Floats, Floats]:
    """What the spans leave of each hollow pair's stretch; all of it where there is no span."""
    edge = job.hollow[spans.pair]
    group, low, high = merged(spans.pair[edge], spans.low[edge], spans.high[edge])
    hollow = np.flatnonzero(job.hollow)
    pair = np.concatenate((hollow, group))
    begin = np.concatenate((job.pairs.low[hollow], high))
    finish = np.concatenate((low, job.pairs.high[hollow]))
    order = np.lexsort((begin, pair))
    closing = np.lexsort((finish, np.concatenate((group, hollow))))
    pair, begin, finish = pair[order], begin[order], finish[closing]
    unspanned = ~np.isin(pair, group)
    kept = (finish - begin > 1e-12) | unspanned
    return pair[kept], begin[kept], finish[kept]


def _contains(job: Job, pair: Ints, fraction: Floats) -> np.ndarray:
    """Whether the position at a fraction of each pair's leg is inside the pair's outline."""
    place = job.place[pair]
    leg = job.ways.chunk_leg[job.pairs.chunk[pair]]
    lat, lon = lat_lon(job.ways.position(leg, fraction))
    west = job.lines.west[place]
    return shapely.intersects_xy(job.lines.geometry[place], west + (lon - west) % 360, lat)


def _gather(
    legs: Sequence[Leg],
    hazards: Sequence[Hazard],
    ways: Tracks,
    pairs: Pairs,
    spans: Spans,
    near: Nearest,
) -> list[Match]:
    code = ways.chunk_leg[pairs.chunk] * len(hazards) + pairs.hazard
    group, low, high = merged(code[spans.pair], spans.low, spans.high)
    if not len(group):
        return []
    each, first = np.unique(group, return_index=True)
    shares = np.add.reduceat(high - low, first).tolist()
    begin, finish = low[first].tolist(), np.maximum.reduceat(high, first).tolist()
    order = np.lexsort((near.fraction, near.away, code[near.pair]))
    near_code, best = np.unique(code[near.pair][order], return_index=True)
    best = order[best][np.searchsorted(near_code, each)]
    place = lat_lon(ways.position(each // len(hazards), near.fraction[best]))
    lat, lon = place[0].tolist(), place[1].tolist()
    km = (near.away[best] * EARTH_RADIUS_KM).tolist()
    windows, bases = [leg.window for leg in legs], _bases(ways)
    matches = []
    for k, one in enumerate(each.tolist()):
        leg, hazard = divmod(one, len(hazards))
        made = match_of(
            legs[leg],
            hazards[hazard],
            window=windows[leg],
            basis=bases[leg],
            fractions=(begin[k], finish[k], shares[k]),
            nearest=(km[k], lat[k], lon[k]),
        )
        if made:
            matches.append(made)
    return sorted(matches, key=lambda m: (m.first_contact, m.leg_id, m.hazard_id))


def _bases(ways: Tracks) -> list[Basis]:
    moves = (ways.theta[ways.leg_first] > 0).tolist()
    return [
        "position" if timed else "corridor" if moving else "stay"
        for timed, moving in zip(ways.timed.tolist(), moves, strict=True)
    ]
