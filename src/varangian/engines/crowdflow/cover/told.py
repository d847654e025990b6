"""A choice of posts in words and shares: what each adds, what nobody watches, what it rests on."""

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
import shapely

from varangian.engines.crowdflow.cover.model import Ask, Cover, Post, Unseen
from varangian.engines.crowdflow.cover.places import Places
from varangian.engines.crowdflow.cover.seeing import Seeing
from varangian.engines.crowdflow.cover.sight import in_sight
from varangian.engines.crowdflow.cover.stands import Stand
from varangian.kernel.words import plural

LEAST = 0.0005
MOST_ROWS = 40
NEAR_M = 6.0


def posts_of(
    stands: Sequence[Stand], chosen: Sequence[int], sees: np.ndarray, places: Places
) -> tuple[Post, ...]:
    """Those drawn first, then by what each sees."""
    mine = sees[list(chosen)]
    count = mine.sum(axis=0)
    found, number = [], 0
    order = sorted(
        range(len(chosen)),
        key=lambda k: (not stands[chosen[k]].drawn, -float(places.weight[mine[k]].sum())),
    )
    for k in order:
        stand = stands[chosen[k]]
        number += not stand.drawn
        alone = mine[k] & (count == 1)
        found.append(
            Post(
                stand.id, stand.name or f"Cover {number}", stand.level, stand.at, stand.drawn,
                _share(places, mine[k]), _share(places, alone), by_name(places, alone),
            )
        )  # fmt: skip
    return tuple(found)


def _share(places: Places, chosen: np.ndarray) -> float:
    return round(float(places.weight[chosen].sum()) / places.whole, 4)


def by_name(places: Places, chosen: np.ndarray) -> tuple[tuple[str, float], ...]:
    """Share of the whole weight by the name of the place, the most first."""
    sums = np.bincount(places.of[chosen], places.weight[chosen], len(places.names)) / places.whole
    rows = [(places.names[k], round(float(v), 4)) for k, v in enumerate(sums) if v >= LEAST]
    return tuple(sorted(rows, key=lambda row: -row[1]))


def unseen_of(sees: np.ndarray, chosen: Sequence[int], places: Places) -> tuple[Unseen, ...]:
    """Places that lie together under one name are one, told at its middle."""
    left = np.flatnonzero(~sees[list(chosen)].any(axis=0))
    could = sees.any(axis=0)
    groups: list[list[int]] = []
    for k in left:
        for group in groups:
            last = group[-1]
            same = places.of[k] == places.of[last] and could[k] == could[last]
            same &= places.level[k] == places.level[last]
            if same and np.hypot(*(places.xy[k] - places.xy[last])) <= NEAR_M:
                group.append(int(k))
                break
        else:
            groups.append([int(k)])
    rows = [_group(group, places, bool(could[group[0]])) for group in groups]
    return tuple(sorted(rows, key=lambda row: -row.share)[:MOST_ROWS])


def _group(group: list[int], places: Places, could: bool) -> Unseen:
    x, y = places.xy[group[len(group) // 2]]
    why = "one more post would see it" if could else "no candidate place sees it"
    share = round(float(places.weight[group].sum()) / places.whole, 4)
    first = group[0]
    return Unseen(
        places.names[places.of[first]], int(places.level[first]),
        (round(float(x), 2), round(float(y), 2)), share, why,
    )  # fmt: skip


def shade_of(
    posts: Sequence[Post], seeing: dict[int, Seeing], reach: float
) -> dict[int, list[list[tuple[float, float]]]]:
    """The floor that is seen by one post at least, as rings."""
    found: dict[int, list[list[tuple[float, float]]]] = {}
    for level, here in seeing.items():
        seen = [
            in_sight(here.edges, np.array(post.at), reach) for post in posts if post.level == level
        ]
        floor = shapely.union_all(seen).intersection(here.open.buffer(0.01)).simplify(0.05)
        rings = [
            [(round(x, 2), round(y, 2)) for x, y in ring.coords]
            for part in shapely.get_parts(floor)
            if part.geom_type == "Polygon" and part.area > 0.05
            for ring in (part.exterior, *part.interiors)
        ]
        found[level] = rings
    return found


def words_of(cover: Cover) -> str:
    new = sum(not post.drawn for post in cover.posts)
    stood = len(cover.posts) - new
    with_ = f" with {plural(stood, 'post')} as drawn" if stood else ""
    sure = (
        "proved: no other choice of these places sees more"
        if cover.proved
        else f"no choice of these places sees more than {cover.at_most:.1%}"
    )
    verb = "sees" if len(cover.posts) == 1 else "see"
    seen = f"{cover.seen:.1%} of what is to be watched"
    return f"{plural(new, 'more post')}{with_} {verb} {seen}; {sure}."


def inputs_of(ask: Ask) -> dict[str, object]:
    return {
        "posts": ask.posts, "share": ask.share, "reach_m": ask.reach, "twice": ask.twice,
        "doors_open": ask.doors_open, "candidates": ask.candidates, "seed": ask.seed,
        "weights": asdict(ask.weights),
    }  # fmt: skip
