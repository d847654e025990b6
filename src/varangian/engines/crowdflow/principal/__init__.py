"""The principal's way out of a crowd: seconds to a vehicle or safe room, now and in the forecast.

    _, film = filmed(venue, 2000, runs=50)
    maps = way_maps(venue, film)                      a few seconds; can be kept (``film_bytes``)
    advice = advise(maps, level=0, at=(20, 15), leave=60)         milliseconds
    rope = rope_line(length=40, people=200, stand_off=0.6)

Defensive use only: it tells ways, seconds and where cover is thin in time; it knows no firing
positions. A machine proposes, the detail leader decides: what arrives first and what is shortest in
the crowd stand side by side, and nothing is chosen.
"""

from varangian.engines.crowdflow.principal.advice import Advice, Option, advise
from varangian.engines.crowdflow.principal.keeping import film_bytes, film_from
from varangian.engines.crowdflow.principal.maps import WayMaps, way_maps
from varangian.engines.crowdflow.principal.pace import pace
from varangian.engines.crowdflow.principal.rope import Rope, rope_line

__all__ = [
    "Advice", "Option", "Rope", "WayMaps", "advise", "film_bytes", "film_from", "pace", "rope_line",
    "way_maps",
]  # fmt: skip
