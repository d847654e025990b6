"""From a plan and a wish to posts: sight lines first, then the choice."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from varangian.engines.crowdflow.cover.being import being_of
from varangian.engines.crowdflow.cover.choose import choose
from varangian.engines.crowdflow.cover.model import Ask, Cover
from varangian.engines.crowdflow.cover.places import Places, places_of
from varangian.engines.crowdflow.cover.seeing import Seeing, seeing_of
from varangian.engines.crowdflow.cover.sight import sees
from varangian.engines.crowdflow.cover.stands import Stand, stands_of
from varangian.engines.crowdflow.cover.told import (
    inputs_of,
    posts_of,
    shade_of,
    unseen_of,
    words_of,
)
from varangian.engines.crowdflow.principal.maps import WayMaps
from varangian.engines.crowdflow.venue.model import Venue
from varangian.kernel.results import Refused
from varangian.kernel.words import plural

HEAVY = 0.5


def plan_cover(
    venue: Venue, ask: Ask, maps: WayMaps | None, tell: Callable[[str, float], None]
) -> Cover:
    ask.refuse()
    tell("Where the principal is", 0.05)
    being = being_of(venue, ask.weights, maps)
    seeing = seeing_of(venue, doors_open=ask.doors_open)
    places = places_of(venue, being, seeing, ask.weights)
    if not len(places.weight):
        mend = "Draw the principal's way or stay, a stage, entrances or zones."
        raise Refused("The plan has nothing to watch", "way", mend)
    stands, notes = stands_of(venue, being, seeing, ask.candidates, ask.at, ask.seed)
    if all(stand.drawn for stand in stands):
        raise Refused("Nobody more can stand on this plan", "area", "Draw its floor.")
    tell("Sight lines", 0.2)
    matrix = matrix_of(stands, places, seeing, ask.reach)
    heavy = _heavy(places) if ask.twice else np.zeros(len(places.weight), bool)
    _refuse_blind(matrix, heavy, places)
    tell("Choosing posts", 0.4)
    drawn = np.array([stand.drawn for stand in stands])
    found = choose(
        matrix, places.weight, drawn, heavy, posts=ask.posts, share=ask.share,
        seconds=ask.seconds, seed=ask.seed,
    )  # fmt: skip
    tell("What each post adds", 0.9)
    posts = posts_of(stands, found.stands, matrix, places)
    count = matrix[list(found.stands)].sum(axis=0)
    spare = (ask.posts or 0) - sum(not post.drawn for post in posts)
    if spare > 0:
        notes.append(f"{plural(spare, 'post')} left over: another would see nothing more")
    cover = Cover(
        posts=posts, seen=_share(places, count >= 1), seen_twice=_share(places, count >= 2),
        at_most=round(found.at_most, 4), proved=found.proved, greedy=round(found.greedy, 4),
        places=len(places.weight), candidates=int((~drawn).sum()),
        unseen=unseen_of(matrix, found.stands, places), words="",
        notes=(*being.notes, *notes), inputs=inputs_of(ask),
        shade=shade_of(posts, seeing, ask.reach),
    )  # fmt: skip
    return replace(cover, words=words_of(cover))


def matrix_of(
    stands: list[Stand], places: Places, seeing: dict[int, Seeing], reach: float
) -> np.ndarray:
    """stands x places; levels do not see each other."""
    found = np.zeros((len(stands), len(places.weight)), bool)
    levels = np.array([stand.level for stand in stands])
    for level, here in seeing.items():
        who, what = np.flatnonzero(levels == level), np.flatnonzero(places.level == level)
        if len(who) and len(what):
            eyes = np.array([stands[k].at for k in who])
            found[np.ix_(who, what)] = sees(here.edges, eyes, places.xy[what], reach)
    return found


def _heavy(places: Places) -> np.ndarray:
    return places.weight >= HEAVY * places.weight.max()


def _refuse_blind(matrix: np.ndarray, heavy: np.ndarray, places: Places) -> None:
    for k in np.flatnonzero(heavy):
        if matrix[:, k].sum() < 2:
            x, y = places.xy[k]
            raise Refused(
                f"No two places see {places.names[places.of[k]]}",
                f"{x:.1f}, {y:.1f}, level {places.level[k]}",
                "Draw posts that do, give more candidates or a longer reach, or leave out that "
                "two see a place.",
            )  # fmt: skip


def _share(places: Places, chosen: np.ndarray) -> float:
    return round(float(places.weight[chosen].sum()) / places.whole, 4)
