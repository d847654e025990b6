"""Reads of advisories, hazards and destinations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from varangian.kernel.clock import now
from varangian.kernel.geometry import haversine_km
from varangian.kernel.results import NotFound, Refused
from varangian.operations import queries as operations
from varangian.operations.models import Operation
from varangian.places.countries import COUNTRIES
from varangian.platform.access.scope import Actor, holds
from varangian.platform.thread.models import Edge, StaleMark

from ..dossier.ground import country_at
from ..dossier.library import Checked
from ..dossier.score import Said, Score, score
from ..models import (
    Advisory,
    AdvisoryImport,
    AdvisorySource,
    AdvisoryVersion,
    Destination,
    DossierApproval,
    DossierFact,
    DossierSnapshot,
    NumberCheck,
    TravelHazard,
)

type State = Literal["none", "approved", "stale", "changed", "expired", "withdrawn"]
STATE_WORDS: dict[State, str] = {
    "none": "not approved",
    "approved": "approved",
    "stale": "approval stale",
    "changed": "changed since approved",
    "expired": "approval has ended",
    "withdrawn": "approval withdrawn",
}
STATE_TONES: dict[State, str] = {
    "none": "grey",
    "approved": "green",
    "stale": "amber",
    "changed": "amber",
    "expired": "amber",
    "withdrawn": "red",
}


@dataclass(frozen=True)
class Standing:
    """Whether a named person's yes still counts."""

    state: State
    approval: DossierApproval | None
    reasons: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        return STATE_WORDS[self.state]

    @property
    def tone(self) -> str:
        return STATE_TONES[self.state]

    @property
    def holds(self) -> bool:
        return self.state == "approved"


def country_named(code: str) -> str:
    """The code in capitals, if there is such a country."""
    found = code.strip().upper()
    if found not in COUNTRIES:
        raise Refused("There is no such country code", where=code[:10], mend="Such as FI or US.")
    return found


def advisories(actor: Actor, country: str = "") -> QuerySet[Advisory]:
    found = Advisory.objects.visible_to(actor)
    return found.filter(country=country) if country else found


def advisory_versions(actor: Actor, country: str) -> QuerySet[AdvisoryVersion]:
    found = AdvisoryVersion.objects.visible_to(actor).filter(advisory__country=country)
    return found.select_related("advisory")


def said_of(actor: Actor, country: str) -> list[Said]:
    return [_said(row) for row in advisories(actor, country)]


def _said(row: Advisory) -> Said:
    return Said(
        row.source,
        row.scope,
        row.level,
        row.words,
        row.retrieved_at,
        row.published,
        row.link,
        row.summary,
    )


def scores(actor: Actor, countries: Sequence[str] = ()) -> dict[str, Score]:
    """Of every country of which anything is on file, or of those named."""
    found: dict[str, list[Said]] = {country: [] for country in countries}
    rows = advisories(actor)
    for row in rows.filter(country__in=countries) if countries else rows:
        found.setdefault(row.country, []).append(_said(row))
    return {country: score(rows, now()) for country, rows in found.items()}


def sources(actor: Actor) -> dict[str, AdvisorySource]:
    return {row.name: row for row in AdvisorySource.objects.visible_to(actor)}


def due_sources(actor: Actor) -> list[AdvisorySource]:
    return list(AdvisorySource.objects.visible_to(actor).filter(on=True, next_at__lte=now()))


def imports(actor: Actor) -> QuerySet[AdvisoryImport]:
    return AdvisoryImport.objects.visible_to(actor).defer("original").order_by("-at")


def advisory_import(actor: Actor, pk: UUID) -> AdvisoryImport:
    return _one(imports(actor).filter(pk=pk), "import", str(pk))


def source_counts(actor: Actor) -> dict[str, int]:
    rows = advisories(actor).filter(scope="whole").order_by().values("source")
    return {row["source"]: row["count"] for row in rows.annotate(count=Count("id"))}


SINCE = timedelta(days=14)


def hazards_between(
    actor: Actor, starts: datetime, ends: datetime | None
) -> QuerySet[TravelHazard]:
    """Not taken back, begun before the trip ends, spoken of in the fortnight before it or now."""
    since = min(now(), starts) - SINCE
    found = TravelHazard.objects.visible_to(actor).filter(cancelled=False)
    found = found.filter(Q(ends=None) | Q(ends__gte=since))
    found = found.filter(Q(published__gte=since) | Q(starts__gte=since))
    return found.filter(Q(starts=None) | Q(starts__lte=ends)) if ends else found


def number_checks(actor: Actor, country: str) -> list[Checked]:
    rows = NumberCheck.objects.visible_to(actor).filter(country=country).select_related("by")
    return [Checked(r.service, r.number, str(r.by), r.at.date(), r.source) for r in rows]


def destinations(actor: Actor, operation: Operation | None = None) -> QuerySet[Destination]:
    found = Destination.objects.visible_to(actor).filter(dropped_at=None)
    found = found.select_related("operation__engagement", "place", "movement")
    if operation is not None:
        return found.filter(operation=operation).order_by("serial")
    return found.order_by("-starts", "serial")


def destination(actor: Actor, pk: UUID) -> Destination:
    return _one(destinations(actor).filter(pk=pk), "destination", str(pk))


def destination_numbered(actor: Actor, operation: Operation, serial: int) -> Destination:
    found = destinations(actor, operation).filter(serial=serial)
    return _one(found, "destination", f"D{serial}")


def in_country(actor: Actor, country: str) -> QuerySet[Destination]:
    """Those of operations that are not over."""
    found = destinations(actor).filter(country=country)
    return found.exclude(operation__state__in=("closed", "cancelled"))


def countries_ahead(actor: Actor) -> list[str]:
    """Where somebody is going: what a polite caller asks about."""
    found = destinations(actor).exclude(operation__state__in=("closed", "cancelled"))
    return sorted(set(found.order_by().values_list("country", flat=True)))


def newest_facts(actor: Actor, destination: Destination) -> list[DossierFact]:
    """One by section and title: a correction takes the place of what it corrects."""
    rows = DossierFact.objects.visible_to(actor).filter(destination=destination)
    seen: dict[tuple[str, str], DossierFact] = {}
    for row in rows.select_related("by").order_by("-made_at"):
        seen.setdefault((row.section, row.title.casefold()), row)
    return sorted((f for f in seen.values() if f.text), key=lambda f: (f.section, f.title))


def approvals(actor: Actor, destination: Destination) -> QuerySet[DossierApproval]:
    found = DossierApproval.objects.visible_to(actor).filter(destination=destination)
    return found.select_related("snapshot").order_by("-at")


def snapshots(actor: Actor, country: str) -> QuerySet[DossierSnapshot]:
    found = DossierSnapshot.objects.visible_to(actor).filter(country=country)
    return found.select_related("destination__operation").order_by("-at")


def last_snapshots(actor: Actor, destination: Destination) -> list[DossierSnapshot]:
    """The last of this dossier, and of the last other trip to the country that this person sees."""
    found = snapshots(actor, destination.country)
    both = (
        found.filter(destination=destination).first(),
        found.exclude(destination=destination).first(),
    )
    return [row for row in both if row is not None and row.content]


def standing(actor: Actor, destination: Destination) -> Standing:
    return standings(actor, [destination])[destination.pk]


def standings(actor: Actor, rows: Sequence[Destination]) -> dict[UUID, Standing]:
    """A mark made after the signature counts until somebody signs anew, whoever clears it."""
    ids = [row.pk for row in rows]
    latest: dict[UUID, DossierApproval] = {}
    found = DossierApproval.objects.visible_to(actor).filter(destination__in=ids)
    for approval in found.order_by("at"):
        latest[approval.destination_id] = approval  # pyright: ignore
    marks: dict[UUID, list[str]] = {pk: [] for pk in ids}
    for mark in StaleMark.objects.visible_to(actor).filter(kind="destination", record__in=ids):
        approval = latest.get(mark.record)
        if mark.cleared_at is None or (approval and mark.since > approval.at):
            marks[mark.record].append(mark.reason)
    return {row.pk: _standing(row, latest.get(row.pk), marks[row.pk]) for row in rows}


def _standing(
    destination: Destination, approval: DossierApproval | None, stale: list[str]
) -> Standing:
    reasons = tuple(dict.fromkeys(stale))
    if approval is None:
        return Standing("none", None, reasons)
    if approval.act == DossierApproval.Act.WITHDRAWN:
        return Standing("withdrawn", approval, reasons)
    if approval.until and approval.until <= now():
        return Standing("expired", approval, reasons)
    if reasons:
        return Standing("stale", approval, reasons)
    if approval.version != destination.version:
        return Standing("changed", approval)
    return Standing("approved", approval)


def approvals_ended(actor: Actor, by: datetime) -> list[DossierApproval]:
    """The last word on each dossier that has run out by a time."""
    found = DossierApproval.objects.visible_to(actor).order_by("destination_id", "-at")
    latest = found.distinct("destination_id").select_related("destination")
    return [row for row in latest if row.until and row.until <= by and row.act == "approved"]


def _one(found: Any, words: str, name: str) -> Any:
    row = found.first()
    if row is None:
        raise NotFound(f"There is no such {words}, or it is not yours to see", where=name)
    return row


NEAR_KM = 100


def legs_of(actor: Actor, row: Destination) -> list[Any]:
    """Legs that lead to it or leave it: near its place, or while it lasts when it has none."""
    found = operations.movements(actor, row.operation).exclude(state="cancelled")
    return [leg for leg in found if leads_to(leg, row)]


def leads_to(leg: Any, row: Destination) -> bool:
    if row.movement_id == leg.pk:  # pyright: ignore
        return True
    ends = [place for place in (leg.origin, leg.destination) if place is not None]
    if row.place is not None and row.place.located:
        here = tuple(row.place.position)
        return any(
            place.pk == row.place.pk
            or (place.located and haversine_km(here, tuple(place.position)) <= NEAR_KM)
            for place in ends
        )
    if leg.starts is None:
        return False
    return leg.starts <= (row.ends or leg.starts) and (leg.ends or leg.starts) >= row.starts


@dataclass(frozen=True)
class Proposal:
    """A place of the programme that no dossier covers yet."""

    place: Any
    country: str
    """A guess by the nearest airport: a person confirms it."""
    movement: Any


def proposals(actor: Actor, operation: Operation) -> list[Proposal]:
    """Where the legs lead, one for each area without a dossier."""
    known = list(destinations(actor, operation))
    found: list[Proposal] = []
    for leg in operations.movements(actor, operation).exclude(state="cancelled"):
        place = leg.destination
        if place is None or not place.located or leg.starts is None:
            continue
        if any(leads_to(leg, row) for row in known) or any(_close(place, p.place) for p in found):
            continue
        point = (place.position[0], place.position[1])
        found.append(Proposal(place, country_at(point), leg))
    return found


def _close(one: Any, other: Any) -> bool:
    return haversine_km(tuple(one.position), tuple(other.position)) <= NEAR_KM


def is_tied(actor: Actor, movement: UUID, destination: UUID) -> bool:
    found = Edge.objects.visible_to(actor).filter(left_kind="movement", left_id=movement)
    return found.filter(right_kind="destination", right_id=destination).exists()


def may_look(actor: Actor) -> bool:
    """Has this person a seat on any team?"""
    return bool(actor.is_system or holds(actor, "dossier.view"))


def country_for(actor: Actor, code: str) -> str:
    """A country of an address, for whoever may look at advisories."""
    if not may_look(actor) or code.upper() not in COUNTRIES:
        raise NotFound("There is no such country code, or it is not yours to see", where=code[:10])
    return code.upper()
