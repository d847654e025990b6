"""An invented town with a principal, a team that notes what it meets, cameras, and, if wanted, a
hostile team: to measure how many of its vehicles are found and how many innocents are named."""

from dataclasses import dataclass

import numpy as np

from .model import UNKNOWN, Floats, Ints, Sightings, Track

LAT, LON = 60.15, 24.9
KM_LAT = 111.2
KM_LON = KM_LAT * float(np.cos(np.radians(LAT)))
DAY_S = 86_400.0
START = 1_804_000_000.0 - 1_804_000_000.0 % DAY_S
CAR_KM_S = 30 / 3600
ELSEWHERE = 1e6
LETTERS = np.array(list("CEFHJKLMNPRTUVWXY"))
COLOURS = ("grey", "black", "white", "blue", "red", "silver", "green", "yellow")
MAKES = tuple(f"make {k}" for k in range(30))


@dataclass(frozen=True)
class Wish:
    """``met``: share of the principal's stops where a hostile vehicle is near. ``looks``: share of
    sightings that carry a description, ``plate``: a plate; ``slip``: of plates read wrongly."""

    vehicles: int = 6000
    cameras: int = 40
    days: int = 14
    taxis: float = 0.02
    hostile: int = 0
    met: float = 0.5
    plate: float = 0.9
    looks: float = 0.5
    slip: float = 0.02
    camera_sees: float = 0.35
    team_notes: int = 6
    seed: int = 0


@dataclass(frozen=True)
class Town:
    sightings: Sightings
    track: Track
    hostile: tuple[str, ...]
    """Plates of the hostile team."""


def town(wish: Wish) -> Town:
    rng = np.random.default_rng(wish.seed)
    fleet = _Fleet(rng, wish)
    stops, at = _programme(rng, wish)
    parts = [_by_cameras(rng, wish, fleet), _by_team(rng, wish, fleet, stops, at)]
    if wish.hostile:
        parts.append(_hostile(rng, wish, stops, at))
    who, when, x, y = (np.concatenate(column) for column in zip(*parts, strict=True))
    seen = _sightings(rng, wish, fleet, who.astype(np.int64), when, x, y)
    hostile = tuple(str(one) for one in fleet.plates[wish.vehicles :])
    return Town(seen, _track(stops, at), hostile)


class _Fleet:
    """Homes and work places in km from the middle; taxis have neither."""

    def __init__(self, rng: np.random.Generator, wish: Wish) -> None:
        count = wish.vehicles + wish.hostile
        self.home = rng.normal(0, 4, (count, 2))
        self.work = rng.normal(0, 2.5, (count, 2))
        self.home[wish.vehicles :] = self.work[wish.vehicles :] = ELSEWHERE
        self.leaves = rng.normal(8, 1, count) * 3600
        self.taxi = rng.random(count) < wish.taxis
        self.taxi[wish.vehicles :] = False
        letters = rng.choice(LETTERS, (count, 3))
        digits = rng.integers(100, 999, count)
        self.plates = np.array(
            [f"{''.join(row)}{number}" for row, number in zip(letters, digits, strict=True)]
        )
        self.colour = rng.choice(len(COLOURS), count, p=_zipf(len(COLOURS)))
        self.make = rng.choice(len(MAKES), count, p=_zipf(len(MAKES)))


def _zipf(count: int) -> Floats:
    shares = 1 / np.arange(2, count + 2)
    return shares / shares.sum()


def _programme(rng: np.random.Generator, wish: Wish) -> tuple[Floats, Floats]:
    """Where the principal stops and when: five stops a day, home and office among them."""
    home, office = rng.normal(0, 3, 2), rng.normal(0, 1, 2)
    venues = rng.normal(0, 4, (12, 2))
    stops, at = [], []
    for day in range(wish.days):
        two = venues[rng.choice(len(venues), 2, replace=False)]
        hours = np.array([7.5, 9, 12.5, 19, 22]) + rng.normal(0, 0.4, 5)
        stops.append(np.stack([home, office, two[0], two[1], home]))
        at.append(START + day * DAY_S + hours * 3600)
    return np.concatenate(stops), np.concatenate(at)


def _track(stops: Floats, at: Floats) -> Track:
    """A fix every five minutes; he leaves each stop just in time for the next."""
    moments = np.arange(at[0], at[-1], 300.0)
    leave = at[1:] - np.linalg.norm(np.diff(stops, axis=0), axis=1) / CAR_KM_S
    knots = np.stack([at[:-1], np.maximum(leave, at[:-1] + 60)], axis=1).ravel()
    where = np.repeat(stops[:-1], 2, axis=0)
    x, y = (np.interp(moments, knots, where[:, k]) for k in (0, 1))
    return Track(moments, LAT + y / KM_LAT, LON + x / KM_LON)


def _by_cameras(rng: np.random.Generator, wish: Wish, fleet: _Fleet) -> tuple[Floats, ...]:
    """Each commute passes the cameras within 300 m of its line, twice a day."""
    cameras = rng.normal(0, 3, (wish.cameras, 2))
    home, way = fleet.home[:, None], (fleet.work - fleet.home)[:, None]
    length = np.maximum((way**2).sum(axis=2), 1e-9)
    along = np.clip(((cameras[None] - home) * way).sum(axis=2) / length, 0, 1)
    off = np.linalg.norm(home + along[..., None] * way - cameras[None], axis=2)
    who, camera = np.nonzero((off < 0.3) & ~fleet.taxi[:, None])
    chosen = rng.random((len(who), wish.days, 2)) < wish.camera_sees / 2
    pair, day, back = np.nonzero(chosen)
    ride = np.sqrt(length[who[pair], 0]) / CAR_KM_S
    part = along[who[pair], camera[pair]]
    clock = fleet.leaves[who[pair]] + np.where(back, 9 * 3600 + (1 - part) * ride, part * ride)
    at = START + day * DAY_S + clock + rng.normal(0, 600, len(pair))
    taxi = _taxis(rng, wish, fleet, cameras)
    spot = cameras[camera[pair]]
    own = (who[pair].astype(float), at, spot[:, 0], spot[:, 1])
    return tuple(np.concatenate(both) for both in zip(own, taxi, strict=True))


def _taxis(
    rng: np.random.Generator, wish: Wish, fleet: _Fleet, cameras: Floats
) -> tuple[Floats, ...]:
    taxis = np.flatnonzero(fleet.taxi[: wish.vehicles])
    count = rng.poisson(0.8 * wish.days * len(taxis)) if len(taxis) else 0
    who = rng.choice(taxis, count) if count else np.zeros(0, np.int64)
    spot = cameras[rng.integers(0, len(cameras), count)]
    at = START + rng.random(count) * wish.days * DAY_S
    return who.astype(float), at, spot[:, 0], spot[:, 1]


def _by_team(
    rng: np.random.Generator, wish: Wish, fleet: _Fleet, stops: Floats, at: Floats
) -> tuple[Floats, ...]:
    """At each stop some of those who live, work or drive by there, and now and then a taxi."""
    parts = []
    for stop, moment in zip(stops, at, strict=True):
        near = np.minimum(
            np.linalg.norm(fleet.home - stop, axis=1), np.linalg.norm(fleet.work - stop, axis=1)
        )
        near[wish.vehicles :] = np.inf
        weight = np.exp(-near / 0.4) + np.where(fleet.taxi, 0.02, 1e-6)
        weight[wish.vehicles :] = 0
        who = rng.choice(len(weight), wish.team_notes, replace=False, p=weight / weight.sum())
        spots = stop + rng.normal(0, 0.05, (len(who), 2))
        when = moment + rng.uniform(-300, 900, len(who))
        parts.append((who.astype(float), when, spots[:, 0], spots[:, 1]))
    return tuple(np.concatenate(column) for column in zip(*parts, strict=True))


def _hostile(rng: np.random.Generator, wish: Wish, stops: Floats, at: Floats) -> tuple[Floats, ...]:
    """They take turns, and one of them is near at a share of the stops."""
    met = np.flatnonzero(rng.random(len(stops)) < wish.met)
    who = wish.vehicles + rng.integers(0, wish.hostile, len(met))
    spots = stops[met] + rng.normal(0, 0.1, (len(met), 2))
    when = at[met] + rng.uniform(-120, 600, len(met))
    return who.astype(float), when, spots[:, 0], spots[:, 1]


def _sightings(
    rng: np.random.Generator, wish: Wish, fleet: _Fleet, who: Ints, at: Floats, x: Floats, y: Floats
) -> Sightings:
    order = np.argsort(at, kind="stable")
    who, at, x, y = who[order], at[order], x[order], y[order]
    plate = fleet.plates[who].copy()
    for row in np.flatnonzero(rng.random(len(who)) < wish.slip):
        plate[row] = plate[row][:5] + str(rng.integers(0, 10))
    plate[rng.random(len(who)) >= wish.plate] = ""
    told = rng.random(len(who)) < wish.looks
    bare = frozenset[str]()
    looks = [
        frozenset({f"colour:{COLOURS[fleet.colour[k]]}", f"make:{MAKES[fleet.make[k]]}"})
        if said
        else bare
        for k, said in zip(who, told, strict=True)
    ]
    hostile = who >= wish.vehicles
    odd = np.where(rng.random(len(who)) < np.where(hostile, 0.3, 0.02), 1, 0)
    odd[rng.random(len(who)) < 0.7] = UNKNOWN
    return Sightings(
        at, LAT + y / KM_LAT, LON + x / KM_LON, np.ones(len(who), bool), plate, looks,
        odd.astype(np.int64), [str(k) for k in range(len(who))],
    )  # fmt: skip
