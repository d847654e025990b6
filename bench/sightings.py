"""The sighting correlator on invented towns, against the rule of thumb "three places, two days".

Precision and recall as a curve over the number of innocent patterns one accepts, innocents named in
towns without a hostile team, and the time for 100,000 sightings. JSON to standard output.
"""

import json
import time
from collections import defaultdict

import numpy as np

from varangian.engines.sightings import Limits, Sightings, correlate
from varangian.engines.sightings.beside import beside
from varangian.engines.sightings.town import Town, Wish, town

SEEDS = range(20)
LIMITS = (0.01, 0.1, 0.3, 1.0, 3.0)


def ranked(made: Town) -> list[tuple[float, str]]:
    report = correlate(made.sightings, track=made.track, limits=Limits(by_chance=10, most=500))
    return [(one.by_chance, one.name) for one in report.patterns if len(one.name) == 6]


def rule_of_thumb(made: Town, places: int = 3, days: int = 2) -> set[str]:
    """Every plate that was met beside the principal at so many places on so many days."""
    seen = made.sightings
    near = beside(seen, made.track, Limits()) > 0
    met: dict[str, set[tuple[int, int]]] = defaultdict(set)
    dates: dict[str, set[int]] = defaultdict(set)
    for row in np.flatnonzero(near & (np.char.str_len(seen.plate) > 0)):
        plate = str(seen.plate[row])
        met[plate].add((round(seen.lat[row] * 200), round(seen.lon[row] * 100)))
        dates[plate].add(int(seen.at[row] // 86_400))
    return {one for one in met if len(met[one]) >= places and len(dates[one]) >= days}


def curve(met: float) -> dict:
    found, false, thumb = dict.fromkeys(LIMITS, 0), dict.fromkeys(LIMITS, 0), [0, 0]
    hostile = 0
    for seed in SEEDS:
        made = town(Wish(hostile=3, met=met, seed=seed))
        wanted = set(made.hostile)
        hostile += len(wanted)
        rows = ranked(made)
        for limit in LIMITS:
            named = {name for chance, name in rows if chance <= limit}
            found[limit] += len(named & wanted)
            false[limit] += len(named - wanted)
        named = rule_of_thumb(made)
        thumb[0] += len(named & wanted)
        thumb[1] += len(named - wanted)
    return {
        "hostile_met_at_share_of_stops": met,
        "points": [
            {"by_chance": limit, **_rates(found[limit], false[limit], hostile)} for limit in LIMITS
        ],
        "rule_of_thumb": _rates(thumb[0], thumb[1], hostile),
    }


def _rates(found: int, false: int, hostile: int) -> dict:
    return {
        "recall": round(found / hostile, 3),
        "precision": round(found / max(found + false, 1), 3),
        "innocents_a_town": round(false / len(SEEDS), 2),
    }


def innocent() -> dict:
    """No hostile team: how many are named at the standard limit of one."""
    ours, thumb = [], []
    for seed in SEEDS:
        made = town(Wish(seed=100 + seed))
        ours.append(sum(chance <= 1 for chance, _ in ranked(made)))
        thumb.append(len(rule_of_thumb(made)))
    return {"named": float(np.mean(ours)), "rule_of_thumb": float(np.mean(thumb))}


def speed() -> dict:
    made = town(Wish(vehicles=15_000, hostile=3))
    seen = made.sightings
    rows = slice(0, 100_000)
    cut = Sightings(
        seen.at[rows], seen.lat[rows], seen.lon[rows], seen.vehicle[rows], seen.plate[rows],
        seen.looks[rows], seen.odd[rows], seen.names[rows],
    )  # fmt: skip
    begun, used = time.perf_counter(), time.process_time()
    correlate(cut, track=made.track)
    return {
        "sightings": len(cut),
        "seconds": round(time.perf_counter() - begun, 3),
        "processor_seconds": round(time.process_time() - used, 3),
        "aim_seconds": 2.0,
    }


def main() -> dict:
    return {
        "bench": "sightings",
        "speed": speed(),
        "without_hostile_team": innocent(),
        "curves": [curve(met) for met in (0.3, 0.5, 0.8)],
    }


if __name__ == "__main__":
    print(json.dumps(main(), indent=2))
