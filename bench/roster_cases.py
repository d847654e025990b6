"""Invented rosters of a realistic make, in the file format: python bench/roster_cases.py 20

Sites of about 25 officers, each with early, late and night shifts (06, 14, 22) over 14 days around
the night in which clocks go forward. Skills with the shares of a mixed team, tickets of which one
in twenty expires during the roster, six days of leave and eight disliked in a hundred. Officers
live at their site; other sites are 30 to 105 minutes away.
"""

import json
import random
import sys
from datetime import date, datetime, timedelta
from typing import Any

START = date(2027, 3, 22)
DAYS, PER_SITE, PER_TEAM = 14, 25, 8
TIMES = (("early", 6, 14), ("late", 14, 22), ("night", 22, 30))
SHARES = {
    ("skill", "lead"): 0.3,
    ("firearms", "pistol"): 0.6,
    ("driving", "security"): 0.5,
    ("skill", "female"): 0.35,
    ("medical", "first_responder"): 0.3,
    ("language", "fi"): 0.35,
}
FIELDS = {"skill": "skills", "language": "languages"}


def document(officers: int, seed: int = 7) -> dict[str, Any]:
    rng = random.Random(seed)
    sites = [f"site-{k + 1}" for k in range(max(1, round(officers / PER_SITE)))]
    teams = max(1, officers // PER_TEAM)
    shifts = []
    for k, site in enumerate(sites):
        here = teams // len(sites) + (k < teams % len(sites))
        for day in range(DAYS):
            shifts += [shift(site, here, day, *times) for times in TIMES]
    return {
        "format": "varangian-roster/1",
        "zone": "Europe/Helsinki",
        "jurisdiction": "eu",
        "officers": [officer(rng, k, sites[k % len(sites)]) for k in range(officers)],
        "shifts": shifts,
        "travel": [
            {"home": a, "site": b, "minutes": 0 if a == b else 30 + 15 * ((i * 7 + j * 7) % 6)}
            for i, a in enumerate(sites)
            for j, b in enumerate(sites)
        ],
    }


def officer(rng: random.Random, number: int, home: str) -> dict[str, Any]:
    made: dict[str, Any] = {"id": f"o{number + 1:03}", "home": home}
    for (kind, name), share in SHARES.items():
        if rng.random() >= share:
            continue
        if kind in FIELDS:
            made.setdefault(FIELDS[kind], []).append(name)
        else:
            days = rng.randrange(3, 14) if rng.random() < 0.05 else 400
            until = START + timedelta(days=days)
            made.setdefault(kind, []).append({"name": name, "until": str(until)})
    made["away"] = [{"from": day, "to": day} for day in some_days(rng, 0.06)]
    made["dislikes"] = [{"from": day} for day in some_days(rng, 0.08)]
    return made


def some_days(rng: random.Random, share: float) -> list[str]:
    return [str(START + timedelta(days=d)) for d in range(DAYS) if rng.random() < share]


def shift(site: str, teams: int, day: int, name: str, begin: int, end: int) -> dict[str, Any]:
    """Two officers a team by day, one and a third by night."""
    first = datetime(START.year, START.month, START.day) + timedelta(days=day)
    night = name == "night"
    wanted = max(1, teams + teams // 3) if night else 2 * teams
    part = {2: max(1, teams // 2), 3: max(1, teams // 3)}
    asked = {
        ("skill", "lead"): part[3] if night else part[2],
        ("firearms", "pistol"): part[2] if night else teams,
        ("driving", "security"): 1 if night else part[2],
    }
    if not night:
        asked |= dict.fromkeys(list(SHARES)[3:], part[3])
    return {
        "id": f"{site}-{first:%m%d}-{name}",
        "post": f"detail {name}",
        "site": site,
        "start": (first + timedelta(hours=begin)).isoformat(),
        "end": (first + timedelta(hours=end)).isoformat(),
        "wanted": wanted,
        "among": [
            {"kind": kind, "name": word, "count": min(count, wanted)}
            for (kind, word), count in asked.items()
        ],
    }


if __name__ == "__main__":
    json.dump(document(int(sys.argv[1]) if len(sys.argv) > 1 else 20), sys.stdout, indent=2)
