"""The shapes of plates by country, from data."""

import re
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import yaml

from varangian.kernel.results import Refused

FILE = Path(__file__).parent / "countries.yaml"
LETTERS, DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"
GROUP = re.compile(r"(L|D|X|\[[A-Z0-9]+\])(\d)?(?:-(\d))?")
LEAST, MOST = 5, 9
"""Characters of a plate: shorter ones are too often something else."""
Shape = tuple[str, ...]
"""For each place the characters that may stand there."""


@dataclass(frozen=True, slots=True)
class Country:
    """``weak``: so many words fit its shapes that it is looked for only where it is asked for."""

    code: str
    name: str
    shapes: tuple[Shape, ...]
    weak: bool
    source: str


@cache
def countries() -> dict[str, Country]:
    rows: list[dict[str, Any]] = yaml.safe_load(FILE.read_text("utf-8"))
    return {row["code"]: _country(row) for row in rows}


def chosen(codes: str) -> tuple[Country, ...]:
    """``codes``: such as "GB, FR"; empty for every country whose shapes are strong.

    Raises Refused for a country that is not in the data.
    """
    known = countries()
    wanted = [code for code in re.split(r"[\s,;]+", codes.upper()) if code]
    if strange := [code for code in wanted if code not in known]:
        raise Refused(
            f"Plates of {', '.join(strange)[:60]} are not known here",
            where="plate_countries",
            mend=f"Known are {', '.join(sorted(known))}.",
        )
    if not wanted:
        return tuple(one for one in known.values() if not one.weak)
    return tuple(known[code] for code in dict.fromkeys(wanted))


def _country(row: dict[str, Any]) -> Country:
    letters = "".join(one for one in LETTERS if one not in row.get("never", ""))
    most = int(row.get("most", MOST))
    shapes = {one for words in row["shapes"] for one in _shapes(words, letters, most)}
    kept = sorted(shapes, key=lambda one: (len(one), one))
    return Country(row["code"], row["name"], tuple(kept), bool(row.get("weak")), row["source"])


def _shapes(words: str, letters: str, most: int) -> list[Shape]:
    """Every length that the words allow."""
    groups = []
    for word in words.split():
        found = GROUP.fullmatch(word)
        if found is None:
            raise ValueError(f"{word!r} is no group of a plate")
        kind, least, last = found.groups()
        may = {"L": letters, "D": DIGITS, "X": letters + DIGITS}.get(kind, kind.strip("[]"))
        first = int(least or 1)
        groups.append([(may,) * count for count in range(first, int(last or first) + 1)])
    made = [sum(parts, ()) for parts in product(*groups)]
    return [one for one in made if LEAST <= len(one) <= most]
