"""Small extracts written by the tests themselves."""

from pathlib import Path
from typing import Any

import osmium
from osmium.osm import mutable

WHEN = "2024-05-06T07:08:09Z"
STEP = 0.001


def write(
    path: Path,
    nodes: dict[int, tuple[float, float]] | dict[int, Any],
    ways: dict[int, tuple[list[int], dict[str, str]]],
    when: str = WHEN,
) -> Path:
    """``nodes``: number to (column, row) in steps of 0.001 degrees, with tags as a third."""
    with osmium.SimpleWriter(str(path), overwrite=True) as writer:
        for number, (x, y, *tags) in nodes.items():
            at = (11 + x * STEP, 54 + y * STEP)
            row = mutable.Node(id=number, location=at, tags=tags[0] if tags else {}, timestamp=when)
            writer.add_node(row)
        for number, (refs, tags) in ways.items():
            writer.add_way(mutable.Way(id=number, nodes=refs, tags=tags, timestamp=when))
    return path


def street(*refs: int, **tags: str) -> tuple[list[int], dict[str, str]]:
    said = {key.replace("__", ":"): value for key, value in tags.items()}
    return list(refs), {"highway": "residential", **said}
