"""One pass over an extract: the roads with their points, lights, barriers and sites."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from . import osm_tags as rules
from .errors import BadMap, Progress, silent
from .graph import Site
from .osm_sites import KEYS, gone, kind_of, site

READ_OBJECTS = ("highway", "barrier", *KEYS)
EPOCH = datetime(1970, 1, 2, tzinfo=UTC)
TOLD_EVERY = 2_000
BYTES_AN_OBJECT = 120
"""Of a packed extract, for each object that is looked at; only the bar of progress stands on it."""


@dataclass
class Road:
    number: int
    tags: dict[str, str]
    refs: list[int]
    lons: list[float]
    lats: list[float]


@dataclass
class Extract:
    """What one pass found, before anything is made of it."""

    roads: list[Road] = field(default_factory=list)
    over: list[tuple[int, list[tuple[float, float]]]] = field(default_factory=list)
    """Bridges of every kind of way, also of rails and footpaths: their layer and their line."""
    lights: dict[int, tuple[bool, bool] | None] = field(default_factory=dict)
    blocked: set[int] = field(default_factory=set)
    sites: list[Site] = field(default_factory=list)
    newest: datetime = EPOCH
    missing_nodes: int = 0
    torn_roads: int = 0
    gone_sites: int = 0
    odd_speeds: Counter[str] = field(default_factory=Counter)

    @property
    def data_date(self) -> str:
        return self.newest.date().isoformat() if self.newest > EPOCH else ""


def objects(path: Path, *keys: str) -> Iterator[Any]:
    """Objects with one of these tags; ways know where their nodes are. Refuses what is broken."""
    import osmium

    try:
        processor = open_extract(path).with_locations()
        yield from processor.with_filter(osmium.filter.KeyFilter(*keys))
    except RuntimeError as error:
        raise refusal(path, str(error)) from error


def open_extract(path: Path) -> Any:
    import osmium

    return osmium.FileProcessor(_source(path))


def header_date(path: Path) -> datetime:
    import osmium

    try:
        with osmium.io.Reader(_source(path), osmium.osm.NOTHING) as reader:
            said = reader.header().get("osmosis_replication_timestamp") or ""
    except RuntimeError as error:
        raise refusal(path, str(error)) from error
    try:
        return datetime.fromisoformat(said).astimezone(UTC)
    except ValueError:
        return EPOCH


def header_box(path: Path) -> tuple[float, float, float, float] | None:
    """West, south, east, north of what the extract was cut to; within it nothing is missing."""
    import osmium

    with osmium.io.Reader(_source(path), osmium.osm.NOTHING) as reader:
        box = reader.header().box()
    if not box.valid() or box.size() <= 0:
        return None
    low, high = box.bottom_left, box.top_right
    return low.lon, low.lat, high.lon, high.lat


def _source(path: Path) -> Any:
    """An upload has no telling name: what is not plain XML is taken for the packed form."""
    import osmium

    if not path.is_file() or path.stat().st_size == 0:
        raise BadMap("The file is empty or not there", "Download the extract again.")
    with path.open("rb") as file:
        start = file.read(64).lstrip()
    return osmium.io.File(str(path), "osm" if start.startswith(b"<") else "pbf")


def refusal(path: Path, words: str) -> BadMap:
    if "EOF" in words or "truncated" in words:
        return BadMap(
            f"The extract breaks off in the middle, after {path.stat().st_size / 1e6:.1f} MB",
            "Download it again, and compare its size with what the server says.",
        )
    return BadMap(
        f"This is no OpenStreetMap extract, or it is damaged ({words[:120]})",
        "Give a file that ends in .osm.pbf, as Geofabrik or BBBike hand out.",
    )


def read(path: Path, progress: Progress = silent) -> Extract:
    found = Extract(newest=header_date(path))
    dated = found.newest > EPOCH
    expected = max(path.stat().st_size / BYTES_AN_OBJECT, 1)
    for count, thing in enumerate(objects(path, *READ_OBJECTS)):
        if count % TOLD_EVERY == 0:
            progress("Reading the extract", min(count / expected, 0.99))
        if not dated:
            found.newest = max(found.newest, thing.timestamp)
        if thing.is_node():
            _node(found, thing)
        elif thing.is_way():
            _way(found, thing)
    return found


def _node(found: Extract, node: Any) -> None:
    tags = node.tags
    if tags.get("highway") == "traffic_signals":
        found.lights[node.id] = rules.lit_ways(tags)
    if "barrier" in tags and rules.stops_cars(tags):
        found.blocked.add(node.id)
    if kind := kind_of(tags):
        _site(found, kind, tags, node.location.lat, node.location.lon)


def _way(found: Extract, way: Any) -> None:
    tags = way.tags
    kind, over = kind_of(tags), _is_over(tags)
    drivable = rules.drivable(tags)
    if not (kind or over or drivable):
        return
    valid = [(n.ref, n.location.lon, n.location.lat) for n in way.nodes if n.location.valid()]
    if kind and valid:
        middle = list(dict.fromkeys(valid))
        lat = sum(p[2] for p in middle) / len(middle)
        _site(found, kind, tags, lat, sum(p[1] for p in middle) / len(middle))
    if over and len(valid) > 1:
        line = [(lon, lat) for _, lon, lat in valid]
        found.over.append((layer_of(tags), line))
    if drivable:
        _road(found, way)


def _is_over(tags: rules.Tags) -> bool:
    return rules.crosses(tags, "bridge") and ("highway" in tags or "railway" in tags)


def layer_of(tags: rules.Tags) -> int:
    said = tags.get("layer", "")
    if said.lstrip("+-").isdigit() and len(said) < 4:
        return int(said)
    return int(rules.crosses(tags, "bridge")) - int(rules.crosses(tags, "tunnel"))


def _road(found: Extract, way: Any) -> None:
    """Where nodes lie outside the cut, each unbroken run of the way is a road of its own."""
    tags = dict(way.tags)
    said = tags.get("maxspeed", "")
    if said and said != "signals" and rules.posted_speed(said) is None:
        found.odd_speeds[said[:40]] += 1
    runs: list[Road] = [Road(way.id, tags, [], [], [])]
    for node in way.nodes:
        if not node.location.valid():
            found.missing_nodes += 1
            runs.append(Road(way.id, tags, [], [], []))
            continue
        run = runs[-1]
        run.refs.append(node.ref)
        run.lons.append(node.location.lon)
        run.lats.append(node.location.lat)
    found.torn_roads += len(runs) > 1
    found.roads += [run for run in runs if len(run.refs) > 1]


def _site(found: Extract, kind: str, tags: rules.Tags, lat: float, lon: float) -> None:
    tags = dict(tags)
    if gone(tags):
        found.gone_sites += 1
    elif made := site(kind, tags, lat, lon):
        found.sites.append(made)
