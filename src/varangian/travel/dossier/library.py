"""Tables of our own: emergency numbers, plugs, side of the road. Small, dated, replaceable."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from varangian.kernel.library import Entry, Keyed, LibraryFile, load_yaml, unique

from .facts import Standing

PACKAGE = "varangian.travel.dossier"
HOLDS = timedelta(days=365)
"""So long a verified number stays verified."""
SIGNATURES = 2
Service = Literal["any", "police", "ambulance", "fire", "coastguard", "tourist_police"]
SERVICES: dict[str, str] = {
    "any": "Any emergency",
    "police": "Police",
    "ambulance": "Ambulance",
    "fire": "Fire brigade",
    "coastguard": "Coastguard",
    "tourist_police": "Tourist police",
}


class Number(Entry):
    service: Service
    number: str = Field(pattern=r"^[0-9+*# ]{2,20}$")
    source: str = ""
    verified_on: date | None = None
    signed_by: tuple[str, ...] = ()


class CountryNumbers(Keyed):
    """``id`` is the ISO code in small letters; ``ask`` is where to verify."""

    ask: str
    numbers: tuple[Number, ...]


class Numbers(LibraryFile):
    countries: Annotated[tuple[CountryNumbers, ...], AfterValidator(unique)]


class CountryFacts(LibraryFile):
    """``plugs`` by letter of IEC 60083 use, ``left`` the countries that drive on the left."""

    source: str
    left: tuple[str, ...]
    plugs: dict[str, str]
    languages: dict[str, str]


@cache
def numbers() -> dict[str, CountryNumbers]:
    found = load_yaml(PACKAGE, "emergency_numbers.yaml", Numbers)
    return {row.id.upper(): row for row in found.countries}


@cache
def country_facts() -> CountryFacts:
    return load_yaml(PACKAGE, "country_facts.yaml", CountryFacts)


@dataclass(frozen=True, slots=True)
class Checked:
    """One person's look at one number."""

    service: str
    number: str
    person: str
    on: date
    source: str


@dataclass(frozen=True, slots=True)
class KnownNumber:
    service: str
    number: str
    standing: Standing
    why: str
    source: str
    on: date | None

    @property
    def label(self) -> str:
        return SERVICES.get(self.service, self.service)


def known_numbers(country: str, checks: Sequence[Checked], today: date) -> list[KnownNumber]:
    """Those of the table and those that people found; each counts as verified by two names only."""
    row = numbers().get(country)
    shipped = {(n.service, n.number): n for n in row.numbers} if row else {}
    asked = list(dict.fromkeys([*shipped, *((c.service, c.number) for c in checks)]))
    ask = row.ask if row else "Ask the embassy and the host's police."
    return [_known(key, shipped.get(key), checks, today, ask) for key in asked]


def _known(
    key: tuple[str, str], row: Number | None, checks: Sequence[Checked], today: date, ask: str
) -> KnownNumber:
    own = [check for check in checks if (check.service, check.number) == key]
    fresh = {check.person: check for check in own if today - check.on <= HOLDS}
    if len(fresh) >= SIGNATURES:
        names, latest = " and ".join(fresh), max(check.on for check in fresh.values())
        sources = "; ".join(dict.fromkeys(check.source for check in fresh.values()))
        return KnownNumber(*key, "verified", f"by {names}", sources, latest)
    if row and row.source and row.verified_on and len(set(row.signed_by)) >= SIGNATURES:
        over = today - row.verified_on > HOLDS
        why = "its verification has run out" if over else f"by {' and '.join(row.signed_by)}"
        state: Standing = "stale" if over else "verified"
        return KnownNumber(*key, state, why, row.source, row.verified_on)
    if len({check.person for check in own}) >= SIGNATURES:
        latest = max(check.on for check in own)
        return KnownNumber(*key, "stale", "its verification has run out", own[0].source, latest)
    if fresh:
        first = next(iter(fresh.values()))
        return KnownNumber(
            *key, "unverified", f"one of two, by {first.person}", first.source, first.on
        )
    return KnownNumber(*key, "unverified", f"Nobody has signed for it. {ask}", "", None)
