"""Posts that watch the places of the principal, and time in view of places that overlook.

    found = cover(venue, Ask(posts=4))            which candidates, what each adds, what is unseen
    found = cover(venue, Ask(share=0.9))          the fewest that see nine tenths of it
    told = exposure(venue)                        seconds in view, by stretch, and what lowers them

Defensive use only. ``cover`` says where officers stand to see the crowd about the principal;
``exposure`` takes the places that the planner drew and says for how long the principal's own way is
in view of them. Neither looks for places to aim from, ranks any, or tells a distance.

A level sees itself alone, heights and heads in the way are not known. Raises Refused in words;
``cover`` also where the solver's package (the extra ``planning``) is not installed.
"""

from collections.abc import Callable
from importlib.util import find_spec

from varangian.engines.crowdflow.cover.exposure import exposure
from varangian.engines.crowdflow.cover.known import Known, known_places
from varangian.engines.crowdflow.cover.model import Ask, Cover, Exposure
from varangian.engines.crowdflow.cover.weights import (
    Weight,
    Weights,
    known_weights,
    weights_from,
)
from varangian.engines.crowdflow.principal.maps import WayMaps
from varangian.engines.crowdflow.venue.model import Venue
from varangian.kernel.results import Refused

__all__ = [
    "Ask",
    "Cover",
    "Exposure",
    "Known",
    "Weight",
    "Weights",
    "cover",
    "exposure",
    "known_places",
    "known_weights",
    "refuse_without_solver",
    "weights_from",
]


def refuse_without_solver() -> None:
    if find_spec("ortools") is None:
        raise Refused(
            "The solver is not installed",
            "package ortools",
            "Install the extra: make install EXTRAS=planning.",
        )


def cover(
    venue: Venue,
    ask: Ask,
    *,
    maps: WayMaps | None = None,
    tell: Callable[[str, float], None] = lambda _step, _share: None,
) -> Cover:
    """``maps``: the ways out in the crowd of a run; without them nobody is about."""
    refuse_without_solver()
    from varangian.engines.crowdflow.cover.planning import plan_cover

    return plan_cover(venue, ask, maps, tell)
