"""A dossier put together: every fact with its source and age, for one destination at one time."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from varangian.kernel.clock import now
from varangian.kernel.geometry import LatLon, haversine_km
from varangian.places import queries as places
from varangian.places.countries import COUNTRIES
from varangian.platform.access.scope import Actor

from ..advisories.notice import AUTHORITIES, GOVERNMENTS
from ..dossier.changes import differences
from ..dossier.facts import Fact, Section, Standing
from ..dossier.ground import Trip, airports_section, dates_section, practical_section
from ..dossier.library import known_numbers
from ..dossier.score import TONES, Said, Score, level_words, score
from ..dossier.statement import gaps
from ..models import Destination, DossierFact, DossierSnapshot, TravelHazard
from . import destinations as queries

HAZARD_KM, CARE_KM = 300, 80
CHECK_HOLDS = timedelta(days=90)
"""So long a call to a hospital, or a page read at an embassy, stays verified."""
CURATED = (
    ("health", "Health", "heartbeat", "vaccinations, water, air, what the hospital does not have."),
    ("entry", "Entry", "file-text", "visa, passport validity, customs, weapons, radios, medicine."),
    ("embassy", "Embassy", "building-castle", "address, duty officer, what they will do."),
)
LISTED = 3
SHORT = {"us-state": "US", "uk-fcdo": "UK", "canada": "Canada", "germany": "Germany"}


@dataclass(frozen=True)
class HazardNear:
    row: TravelHazard
    km: float | None
    why: str

    @property
    def tone(self) -> str:
        return TONES[self.row.level]

    @property
    def words(self) -> str:
        return level_words(self.row.level)

    def shape(self) -> dict[str, Any]:
        row = self.row
        return {
            "key": f"{row.source} {row.native_id}",
            "title": row.title,
            "kind": row.kind,
            "level": row.level,
            "km": None if self.km is None else round(self.km),
            "why": self.why,
            "starts": row.starts.isoformat() if row.starts else None,
            "ends": row.ends.isoformat() if row.ends else None,
            "source": row.source,
            "retrieved_at": row.retrieved_at.isoformat(),
            "link": row.link or None,
        }


@dataclass(frozen=True)
class Strip:
    """One government in the traffic lights: its whole country and, apart, its parts."""

    source: str
    name: str
    short: str
    whole: Said | None
    part: Said | None
    tone: str
    part_tone: str
    recent: bool
    aging: bool

    @property
    def level(self) -> str:
        return level_words(self.whole.level) if self.whole else "nothing on file"

    @property
    def part_level(self) -> str:
        return level_words(self.part.level) if self.part else ""


@dataclass(frozen=True)
class Dossier:
    destination: Destination
    trip: Trip
    at: datetime
    said: list[Said]
    score: Score
    hazards: list[HazardNear]
    sections: list[Section]
    standing: queries.Standing
    gaps: list[str]

    @property
    def country_name(self) -> str:
        return COUNTRIES[self.destination.country]

    @property
    def title(self) -> str:
        place = self.destination.place
        return f"{place.name}, {self.country_name}" if place else self.country_name

    def strip(self) -> list[Strip]:
        by = {(row.source, row.scope): row for row in self.said}
        return [_strip(source, name, by, self.at) for source, name in GOVERNMENTS.items()]

    def unverified(self) -> int:
        return sum(f.standing in ("unverified", "stale") for s in self.sections for f in s.facts)

    def shape(self) -> dict[str, Any]:
        """JSON-able; the same that a snapshot keeps."""
        place = self.destination.place
        return {
            "country": self.destination.country,
            "country_name": self.country_name,
            "place": place.name if place else None,
            "starts": self.trip.starts.isoformat(),
            "ends": self.trip.ends.isoformat() if self.trip.ends else None,
            "at": self.at.isoformat(),
            "score": score_shape(self.score),
            "advisories": [said_shape(row, self.at) for row in self.said],
            "hazards": [hazard.shape() for hazard in self.hazards],
            "sections": [section.shape() for section in self.sections],
            "frame": dict(self.destination.frame),
            "gaps": self.gaps,
        }


def score_shape(found: Score) -> dict[str, Any]:
    return {
        "level": found.level,
        "words": found.words,
        "by": list(found.by),
        "part": found.part,
        "part_by": list(found.part_by),
        "disagreement": list(found.spread),
        "missing": list(found.gaps),
    }


def said_shape(row: Said, at: datetime) -> dict[str, Any]:
    return {
        "source": row.source,
        "authority": AUTHORITIES.get(row.source, row.source),
        "scope": row.scope,
        "level": row.level,
        "words": row.words,
        "published": row.published.isoformat() if row.published else None,
        "retrieved_at": row.retrieved_at.isoformat(),
        "recent": row.recent(at),
        "link": row.link or None,
    }


def _strip(source: str, name: str, by: dict[tuple[str, str], Said], at: datetime) -> Strip:
    whole, part = by.get((source, "whole")), by.get((source, "part"))
    return Strip(
        source,
        name,
        SHORT[source],
        whole,
        part,
        whole.tone(at) if whole else "grey",
        part.tone(at) if part else "grey",
        whole.recent(at) if whole else False,
        whole.aging(at) if whole else False,
    )


def dossier(actor: Actor, destination: Destination) -> Dossier:
    at = now()
    trip = trip_of(destination)
    said = queries.said_of(actor, destination.country)
    return Dossier(
        destination,
        trip,
        at,
        said,
        score(said, at),
        hazards_near(actor, trip),
        _sections(actor, destination, trip),
        queries.standing(actor, destination),
        gaps(destination.frame),
    )


def trip_of(destination: Destination) -> Trip:
    place = destination.place
    point = (place.position[0], place.position[1]) if place and place.located else None
    zone = destination.operation.time_zone
    return Trip(destination.country, point, destination.starts, destination.ends, zone)


@dataclass(frozen=True)
class Comparison:
    """What is different since a snapshot: of this dossier, or of the last trip to the country."""

    snapshot: DossierSnapshot
    own: bool
    words: list[str]


def comparisons(actor: Actor, found: Dossier) -> list[Comparison]:
    shown = found.shape()
    return [
        Comparison(
            row,
            row.destination_id == found.destination.pk,  # pyright: ignore
            differences(row.content, shown),
        )
        for row in queries.last_snapshots(actor, found.destination)
    ]


def hazards_near(actor: Actor, trip: Trip) -> list[HazardNear]:
    """Near the place; without a place, or a point of its own, by the country that is named."""
    rows = queries.hazards_between(actor, trip.starts, trip.ends)
    found = [hit for row in rows[:2000] if (hit := _near(row, trip)) is not None]
    return sorted(found, key=lambda hit: (-(hit.row.level or 0), hit.km or 0))


def _near(row: TravelHazard, trip: Trip) -> HazardNear | None:
    if trip.point and row.lat is not None and row.lon is not None:
        km = haversine_km(trip.point, (row.lat, row.lon))
        if km <= HAZARD_KM:
            return HazardNear(row, km, f"{km:.0f} km away")
        if trip.country in row.countries and (row.level or 0) >= LISTED:
            return HazardNear(row, km, f"in the country, {km:.0f} km away")
        return None
    if trip.country in row.countries:
        return HazardNear(row, None, "in the country")
    return None


def _sections(actor: Actor, destination: Destination, trip: Trip) -> list[Section]:
    curated: dict[str, list[DossierFact]] = defaultdict(list)
    for fact in queries.newest_facts(actor, destination):
        curated[fact.section].append(fact)
    return [
        _numbers(actor, trip),
        _care(actor, destination, trip),
        *(
            Section(key, title, icon, [_curated(row) for row in curated[key]], ask, may_add=True)
            for key, title, icon, ask in CURATED
        ),
        airports_section(trip),
        dates_section(trip),
        practical_section(trip),
    ]


def _curated(row: DossierFact) -> Fact:
    state: Standing = "unverified"
    if row.source and row.verified_on:
        state = "stale" if now().date() - row.verified_on > CHECK_HOLDS else "verified"
    source = row.source or f"{row.by or 'the console'}, without a source"
    return Fact(row.title, row.title, row.text, state, source, row.verified_on or row.made_at)


def _numbers(actor: Actor, trip: Trip) -> Section:
    checks = queries.number_checks(actor, trip.country)
    facts = [
        Fact(f"{n.service} {n.number}", n.label, n.number, n.standing, _from(n.source, n.why), n.on)
        for n in known_numbers(trip.country, checks, now().date())
    ]
    none = "No number is on file for this country. Ask the embassy and the host's police."
    return Section("numbers", "Emergency numbers", "phone", facts, none)


def _from(source: str, why: str) -> str:
    return f"{source}, {why}" if source else why


def _care(actor: Actor, destination: Destination, trip: Trip) -> Section:
    circles = (
        destination.compartment_id,
        destination.operation.engagement.compartment_id,
    )
    found = places.places(actor).filter(kind__in=("trauma_centre", "hospital"))
    rows = []
    for place in found.filter(compartment_id__in=circles):
        km = _distance(place.position, trip.point)
        if km is not None and km <= CARE_KM:
            rows.append((place.kind != "trauma_centre", km, place))
    facts = [_care_fact(place, km) for _, km, place in sorted(rows, key=lambda r: r[:2])]
    none = f"No trauma centre and no hospital of the team's map lies within {CARE_KM} km."
    return Section("care", "Trauma centres and hospitals", "building-hospital", facts, none)


def _distance(position: Any, point: LatLon | None) -> float | None:
    return haversine_km((position[0], position[1]), point) if position and point else None


def _care_fact(place: Any, km: float) -> Fact:
    state: Standing = "unverified"
    if place.checked_at:
        state = "stale" if now() - place.checked_at > CHECK_HOLDS else "verified"
    words = f"{place.get_kind_display()}, {km:.1f} km in a straight line"
    for more in (place.address, place.phone):
        words += f"; {more}" if more else ""
    return Fact(str(place.pk), place.name, words, state, "the team's map", place.checked_at)
