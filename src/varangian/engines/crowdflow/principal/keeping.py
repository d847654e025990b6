"""A film with its maps as one compressed block of bytes, and back."""

import json
from io import BytesIO
from typing import Any

import numpy as np

from varangian.engines.crowdflow.flow.film import Film
from varangian.engines.crowdflow.flow.grid import Grid
from varangian.engines.crowdflow.flow.links import Link
from varangian.engines.crowdflow.principal.goals import Goal
from varangian.engines.crowdflow.principal.graph import graph_of
from varangian.engines.crowdflow.principal.maps import FAR, WayMaps
from varangian.engines.crowdflow.principal.pace import pace

DENSITY, TENTH = 50.0, 10.0
NOWHERE = 65535
FLAGS = ("capacity", "seconds", "holds", "forward", "back", "stair", "entrance")


def film_bytes(film: Film, maps: WayMaps | None = None) -> bytes:
    """Densities to 0.02 a square metre, seconds to a tenth."""
    grid = film.grid
    head: dict[str, Any] = {
        "h": grid.h, "nx": grid.nx, "rows": list(grid.rows.items()), "west": grid.west,
        "south": grid.south, "every": film.every,
        "links": [{"id": k.id, **{f: getattr(k, f) for f in FLAGS}} for k in grid.links],
        "goals": [[g.id, g.name, g.kind, g.at] for g in maps.goals] if maps else [],
        "shut": sorted({k.id for k in grid.links} - {k.id for k in maps.graph.links})
        if maps else [],
    }  # fmt: skip
    arrays = {
        "head": np.frombuffer(json.dumps(head, default=float).encode(), np.uint8),
        "frames": np.clip(np.round(film.frames * DENSITY), 0, 255).astype(np.uint8),
        "area": grid.area, "right": grid.right, "up": grid.up,
    }  # fmt: skip
    for n, link in enumerate(grid.links):
        arrays |= {f"here{n}": link.here, f"there{n}": link.there}
    if maps:
        tenths = np.where(maps.seconds < FAR / 2, np.round(maps.seconds * TENTH), NOWHERE)
        arrays["seconds"] = np.minimum(tenths, NOWHERE).astype(np.uint16)
        for n, goal in enumerate(maps.goals):
            arrays |= {f"cells{n}": goal.cells, f"left{n}": goal.left}
    out = BytesIO()
    np.savez_compressed(out, **arrays)
    return out.getvalue()


def film_from(data: bytes) -> tuple[Film, WayMaps | None]:
    with np.load(BytesIO(data), allow_pickle=False) as kept:
        head = json.loads(kept["head"].tobytes())
        links = tuple(
            Link(here=kept[f"here{n}"], there=kept[f"there{n}"],
                 **one)
            for n, one in enumerate(head["links"])
        )  # fmt: skip
        rows = {int(level): tuple(span) for level, span in head["rows"]}
        grid = Grid(head["h"], head["nx"], rows, head["west"], head["south"], kept["area"],
                    kept["right"], kept["up"], links)  # fmt: skip
        film = Film(grid, head["every"], kept["frames"].astype(np.float32) / DENSITY)
        if "seconds" not in kept:
            return film, None
        tenths = kept["seconds"].astype(np.float32)
        seconds = np.where(tenths >= NOWHERE, FAR, tenths / TENTH).astype(np.float32)
        goals = tuple(
            Goal(id_, name, kind, tuple(at), kept[f"cells{n}"], kept[f"left{n}"])
            for n, (id_, name, kind, at) in enumerate(head["goals"])
        )
    graph = graph_of(grid, frozenset(head["shut"]))
    return film, WayMaps(film, goals, graph, pace(film.frames), seconds)
