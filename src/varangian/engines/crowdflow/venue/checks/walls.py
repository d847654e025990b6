"""Walls too thin to be walls: lines drawn twice, rooms that nearly touch, a wrong scale."""

from collections.abc import Iterator

import shapely

from varangian.engines.crowdflow.venue.checks.shapes import spot
from varangian.engines.crowdflow.venue.floor import Floor
from varangian.engines.crowdflow.venue.model import Finding

THIN_M = 0.08
LONG_M = 0.5


def check(floors: list[Floor]) -> Iterator[Finding]:
    """What a closing by half of ``THIN_M`` fills is thinner than that."""
    half = THIN_M / 2
    for floor in floors:
        cuts = shapely.union_all([o.cut for o in floor.openings if o.stands])
        ground = floor.walled.union(cuts)
        closed = ground.buffer(half, join_style="mitre").buffer(-half, join_style="mitre")
        for sliver in shapely.get_parts(closed.difference(ground)):
            thickness = 2 * sliver.area / max(sliver.length, 1e-9)
            length = sliver.length / 2
            if length > LONG_M and 1e-4 < thickness < THIN_M:
                what = f"A wall {length:.1f} m long is only {thickness * 100:.0f} cm thick"
                mend = (
                    "Draw the wall with its thickness (at least 8 cm), or join the areas if "
                    "there is no wall; a rail or fence is a barrier."
                )
                yield Finding("thin_wall", "fault", what, mend, "", spot(sliver), floor.level)
