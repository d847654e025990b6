"""A road network in one file of plain arrays. Nothing in it can run when it is read."""

import json
from dataclasses import asdict, fields
from io import BytesIO
from pathlib import Path
from typing import IO
from zipfile import BadZipFile

import numpy as np

from .errors import BadMap
from .graph import Graph, Site, Source

FORM = 1
"""Raise it when the arrays change: an older file is then built anew, not misread."""
WORDS = ("names", "sites", "source")


def save(graph: Graph, path: Path | str | IO[bytes]) -> None:
    arrays = {one.name: getattr(graph, one.name) for one in fields(graph) if one.name not in WORDS}
    words = {
        "form": FORM,
        "names": graph.names,
        "sites": [asdict(site) for site in graph.sites],
        "source": asdict(graph.source),
    }
    text = np.frombuffer(json.dumps(words, ensure_ascii=False).encode(), dtype=np.uint8)
    np.savez_compressed(path, allow_pickle=False, words=text, **arrays)


def packed(graph: Graph) -> bytes:
    out = BytesIO()
    save(graph, out)
    return out.getvalue()


def read(path: Path | str | IO[bytes]) -> Graph:
    try:
        with np.load(path, allow_pickle=False) as kept:
            words = json.loads(kept["words"].tobytes())
            if words["form"] != FORM:
                raise BadMap("The road network was kept in an older form", "Build the map again.")
            arrays = {name: kept[name] for name in kept.files if name != "words"}
        return Graph(
            **arrays,
            names=tuple(words["names"]),
            sites=tuple(Site(**row) for row in words["sites"]),
            source=Source(**words["source"]),
        )
    except (OSError, ValueError, KeyError, TypeError, BadZipFile, EOFError) as error:
        if isinstance(error, BadMap):
            raise
        raise BadMap("The road network cannot be read", "Build the map again.") from error
