"""Routing tiles of an extract, by the programs of the pyvalhalla wheel."""

import copy
import json
import tarfile
from pathlib import Path
from typing import Any

from .errors import BadMap, Progress, silent
from .programs import run

BYTES_A_SECOND = 400_000
"""Of a packed extract; only the bar of progress stands on it."""
LEAST_FACTOR = 0.5
LIMITS = {
    "max_linear_cost_edges": 50_000,
    "min_linear_cost_factor": LEAST_FACTOR,
    "max_exclude_polygons_length": 200_000,
    "max_exclude_polygons_vertices": 2_000,
    "max_alternates": 3,
}


def build(extract: Path, tar: Path, work: Path, progress: Progress | None = None) -> None:
    """Writes all tiles into one file, ``tar``. ``work`` is a folder for what comes between."""
    tell = progress or silent
    tiles = work / "tiles"
    tiles.mkdir(parents=True)
    config = work / "build.json"
    kept = _config(tile_dir=str(tiles), admin=str(work / "admin.sqlite"))
    config.write_text(json.dumps(kept))
    usual = extract.stat().st_size / BYTES_A_SECOND + 1
    for program, step in (
        ("valhalla_build_admins", "Borders and rules of the road"),
        ("valhalla_build_tiles", "Routing tiles"),
    ):
        run([_program(program), "-c", config, extract], step, tell, usual_s=usual)
    if not pack(tiles, tar):
        raise BadMap("No routing tile came of the extract", "Give an extract with roads.")


def pack(tiles: Path, tar: Path) -> int:
    """The same tiles make the same bytes, so that equal maps are kept once."""
    found = sorted(tiles.rglob("*.gph"))
    with tarfile.open(tar, "w", format=tarfile.USTAR_FORMAT) as out:
        for path in found:
            entry = tarfile.TarInfo(str(path.relative_to(tiles)))
            entry.size = path.stat().st_size
            with path.open("rb") as file:
                out.addfile(entry, file)
    return len(found)


def configure(tar: Path, config: Path) -> None:
    """What a router of this machine needs to read ``tar``."""
    config.write_text(json.dumps(_config(tile_extract=str(tar))))


def _config(**where: str) -> dict[str, Any]:
    """The wheel's own defaults hold paths of another machine, and are shared by all callers."""
    from valhalla import get_config

    made = copy.deepcopy(get_config("", ""))
    mjolnir = made["mjolnir"]
    for name, value in mjolnir.items():
        if isinstance(value, str) and value.startswith("/data"):
            mjolnir[name] = ""
    mjolnir |= {"tile_dir": "", "tile_extract": "", "admin": "", "timezone": ""} | where
    mjolnir["concurrency"] = 2
    mjolnir["logging"] = {"type": ""}
    made["service_limits"] |= LIMITS
    return made


def _program(name: str) -> Path:
    """Its console scripts cannot find the programs; they lie in the package."""
    from valhalla import PYVALHALLA_DIR

    return Path(PYVALHALLA_DIR) / "bin" / name
