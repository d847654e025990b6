"""Hazards against movements: which leg is touched, when, for how many minutes, how near.

    matches = match(legs, hazards)

**Model.** A leg is a path of (lat, lon) points joined by great circles, walked from ``start`` to
``end`` at an even pace along its length; a leg of one point is a stay. A hazard is a disc, one or
more polygons, or a box, with a time window. A leg is in contact while its position lies within
``buffer_km`` of the hazard's area and the hazard's window runs.

**What counts when the position is not known.** A moving leg whose end is unknown, or whose start
and end coincide, has no known position in time: the whole path counts for the whole shared window
(``basis`` is ``corridor``), which errs towards warning. A delay is not modelled: widen the
hazard's window by the delay you want to guard against.

**Method.** Spherical caps and time windows rule out nearly all pairs; the rest is solved in closed
form on the sphere (arc against arc), not by sampling, so a graze of a second is found and neither
the antimeridian nor the poles are special. Sides of polygons and boxes are straight in longitude
and latitude, as GeoJSON has it, and are cut so finely that they err by less than 0.2 km.
Positions are good to about 10 m on a sphere of 6371.0088 km (the ellipsoid differs by up to 0.6 %).
"""

from collections.abc import Sequence

from varangian.engines.corridor.model import Area, Box, Disc, Hazard, Leg, Match, Shape


def match(legs: Sequence[Leg], hazards: Sequence[Hazard]) -> list[Match]:
    """Every contact of a leg with a hazard, by first contact, then leg, then hazard.

    numpy and shapely are loaded at the first call: most processes never make one.
    """
    from varangian.engines.corridor.engine import match as run

    return run(legs, hazards)


__all__ = ["Area", "Box", "Disc", "Hazard", "Leg", "Match", "Shape", "match"]
