"""A city made by us: a grid cut by a river with few bridges, for the demo and for tests.

Nothing of it is a real place. The same seed makes the same city.
"""

from dataclasses import dataclass, field

import numpy as np

from .graph import BRIDGE, ONE_WAY, OVERLOOK, ROADS, SIGNAL, TUNNEL, Graph, Site, Source

SPEED = {"primary": 50.0, "secondary": 45.0, "residential": 30.0}
LANES = {"primary": 2, "secondary": 1, "residential": 1}
WAIT_S, TURN_S = 12.0, 2.0
METRES_PER_DEGREE = 111_195.0


@dataclass
class _Edges:
    rows: list[tuple[int, int, float, float, int, int, int, int, int]] = field(default_factory=list)
    ways: int = 0

    def road(
        self, a: int, b: int, metres: float, kind: str, flags: int, signals: tuple[bool, bool]
    ) -> None:
        self.ways += 1
        both = ((a, b, signals[1]), (b, a, signals[0]))
        for tail, head, signal in both[: 1 if flags & ONE_WAY else 2]:
            seconds = metres / (SPEED[kind] / 3.6) + TURN_S + (WAIT_S if signal else 0)
            mark = flags | (SIGNAL if signal else 0)
            name = 0 if kind == "residential" else 1 + (self.ways % 40)
            row = (
                tail,
                head,
                metres,
                seconds,
                ROADS.index(kind),
                mark,
                LANES[kind],
                self.ways,
                name,
            )
            self.rows.append(row)


def build(
    *,
    columns: int = 24,
    rows: int = 18,
    block_m: float = 220.0,
    bridges: tuple[int, ...] = (4, 11, 19),
    at: tuple[float, float] = (54.52, 11.02),
    seed: int = 7,
) -> Graph:
    """A town of ``columns`` x ``rows`` crossings; the river runs between the two middle rows.

    :param bridges: columns in which a street crosses the river; the last one is a tunnel.
    :param at: (lat, lon) of the south-west corner.
    """
    rng = np.random.default_rng(seed)
    grid = np.arange(columns * rows).reshape(rows, columns)
    lat, lon = _corners(columns, rows, block_m, at, rng)
    edges, river = _Edges(), rows // 2 - 1
    lights = rng.random(columns * rows) < 0.25
    for row in range(rows):
        for column in range(columns):
            here = int(grid[row, column])
            if column + 1 < columns:
                kind = "primary" if row in (3, rows - 4) else "residential"
                _street(edges, here, int(grid[row, column + 1]), kind, rng, lat, lon, lights)
            if row + 1 < rows and (row != river or column in bridges):
                there = int(grid[row + 1, column])
                kind = "secondary" if column in bridges else "residential"
                over = _crossing(column, bridges) if row == river else 0
                _street(edges, here, there, kind, rng, lat, lon, lights, over)
    return _graph(edges, lat, lon, _sites(grid, lat, lon), seed)


def _corners(
    columns: int, rows: int, block_m: float, at: tuple[float, float], rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    step = block_m / METRES_PER_DEGREE
    jitter = rng.normal(0, step * 0.12, (2, rows * columns))
    south, west = at
    lat = south + np.repeat(np.arange(rows), columns) * step + jitter[0]
    squeeze = np.cos(np.radians(south))
    lon = west + (np.tile(np.arange(columns), rows) * step + jitter[1]) / squeeze
    return lat, lon


def _crossing(column: int, bridges: tuple[int, ...]) -> int:
    return TUNNEL if column == bridges[-1] else BRIDGE


def _street(
    edges: _Edges,
    a: int,
    b: int,
    kind: str,
    rng: np.random.Generator,
    lat: np.ndarray,
    lon: np.ndarray,
    lights: np.ndarray,
    flags: int = 0,
) -> None:
    """A few residential streets are missing, a few are one way, a few are looked upon."""
    quiet = kind == "residential" and not flags
    if quiet and rng.random() < 0.06:
        return
    if quiet and rng.random() < 0.12:
        flags |= ONE_WAY
    if rng.random() < 0.05:
        flags |= OVERLOOK
    north = (lat[b] - lat[a]) * METRES_PER_DEGREE
    east = (lon[b] - lon[a]) * METRES_PER_DEGREE * np.cos(np.radians(lat[a]))
    edges.road(a, b, float(np.hypot(north, east)), kind, flags, (bool(lights[a]), bool(lights[b])))


def _sites(grid: np.ndarray, lat: np.ndarray, lon: np.ndarray) -> tuple[Site, ...]:
    rows, columns = grid.shape
    wanted = (
        ("police", "Harbour police station", 2, 3),
        ("police", "North police station", rows - 3, columns - 5),
        ("fire_station", "Fire station 1", 4, columns - 4),
        ("hospital", "City hospital", rows - 5, 6),
        ("hospital", "Harbour clinic", 3, columns // 2),
        ("hotel", "Hotel Amber", 5, 9),
        ("hotel", "Hotel Quay", rows // 2 + 1, 15),
        ("embassy", "Consulate", rows - 2, columns // 2),
        ("fuel", "Station Road fuel", 1, columns - 2),
    )
    return tuple(
        Site(kind, name, float(lat[grid[r, c]]), float(lon[grid[r, c]]))
        for kind, name, r, c in wanted
    )


def _graph(
    edges: _Edges, lat: np.ndarray, lon: np.ndarray, sites: tuple[Site, ...], seed: int
) -> Graph:
    tail, head, metres, seconds, road, flags, lanes, way, name = (
        np.array(column) for column in zip(*edges.rows, strict=True)
    )
    ends = np.stack([np.stack([lon[tail], lat[tail]], 1), np.stack([lon[head], lat[head]], 1)], 1)
    return Graph(
        lon=lon,
        lat=lat,
        tail=tail.astype(np.int32),
        head=head.astype(np.int32),
        metres=metres,
        seconds=seconds,
        road=road.astype(np.int8),
        flags=flags.astype(np.uint8),
        lanes=lanes.astype(np.int8),
        way=way.astype(np.int64),
        name=name.astype(np.int32),
        names=("", *(f"{number} Street" for number in range(1, 41))),
        bends=np.arange(len(tail) + 1) * 2,
        shape=ends.reshape(-1, 2),
        sites=sites,
        source=Source(f"invented city {seed}", "2026-01-01", licence="Invented, Apache-2.0"),
    )
