"""What the records say about each required artefact."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import NoReverseMatch, reverse

from varangian.kernel.geometry import haversine_km
from varangian.kernel.results import NotFound
from varangian.kernel.words import plural
from varangian.operations import queries as operations
from varangian.places import queries as places
from varangian.places.queries import surveys
from varangian.platform.access.scope import Actor
from varangian.platform.thread.queries import stale_by_record
from varangian.principals import queries as principals
from varangian.threats import queries as threats
from varangian.travel.queries import allotments
from varangian.travel.queries import destinations as dossiers
from varangian.travel.queries import itineraries as travel

from ..compose.actions import settings_of
from ..compose.line import as_lines
from ..library import actions_on
from ..readiness import BY_WORD, Evidence
from . import cards, comms, orders
from .material import material_places

CARD = ("blood_group", "allergies", "medication", "doctor")
REACH_KM = 80
"""A trauma centre farther from every stop of a day does not count for that day."""
SURVEYED = ("venue", "hotel", "residence", "restaurant", "office")
AHEAD = ("planned", "confirmed", "under_way")
"""States of a leg whose vehicles must be ready."""
GOOD = ("good", "weak")
"""Tests after which a means counts as there."""


class Records:
    """The records of one operation, each read when first asked for."""

    def __init__(self, actor: Actor, operation: Any) -> None:
        self.actor, self.operation = actor, operation

    @cached_property
    def movements(self) -> list[Any]:
        found = operations.movements(self.actor, self.operation)
        return list(found.exclude(state="cancelled"))

    @cached_property
    def posts(self) -> list[Any]:
        return list(operations.posts(self.actor, self.operation))

    @cached_property
    def roads(self) -> list[Any]:
        return [move for move in self.movements if move.kind == "road"]

    @cached_property
    def order(self) -> Any:
        return orders.issued(self.actor, self.operation)

    @cached_property
    def plan(self) -> dict[str, str]:
        return self.operation.plan or {}

    @cached_property
    def centres(self) -> list[Any]:
        near = (self.operation.compartment_id, self.operation.engagement.compartment_id)
        found = places.places(self.actor, kind="trauma_centre")
        return [place for place in found.filter(compartment_id__in=near) if place.located]

    def url(self, name: str, *args: Any) -> str:
        try:
            return reverse(name, args=args or [self.operation.slug])
        except NoReverseMatch:
            return ""


def evidence_of(artefact: str, records: Records) -> Evidence:
    if artefact in EVIDENCE:
        return EVIDENCE[artefact](records)
    url = records.url("planning:readiness") if artefact in BY_WORD else ""
    return Evidence(known=False, url=url)


def _itinerary(records: Records) -> Evidence:
    url = records.url("travel:import_for") or records.url("operations:show")
    if not records.movements:
        return Evidence(missing=["no movement in the plan"], url=url)
    drafts = travel.drafts(records.actor, records.operation)
    latest = drafts.first()
    if latest is None:
        return Evidence(at=max(m.updated_at for m in records.movements), url=url)
    due = ["a changed itinerary waits to be accepted"] if latest.state == "proposed" else []
    last = drafts.filter(state="accepted").first()
    if last is None:
        return Evidence(missing=["no itinerary is accepted"], url=url)
    return Evidence(at=last.decided_at, due=due, url=url)


def _located(records: Records) -> Evidence:
    lacking = [move.title for move in records.movements if _lacks_place(move)]
    url = records.url("operations:show")
    if not records.movements:
        return Evidence(missing=["no movement in the plan"], url=url)
    return Evidence(missing=lacking, url=url)


def _lacks_place(move: Any) -> bool:
    ends = [move.destination] if move.is_stay else [move.origin, move.destination]
    return any(place is None or not place.located for place in ends)


def _assessment(records: Records) -> Evidence:
    url = records.url("threats:register")
    latest = threats.assessments(records.actor, records.operation).first()
    if latest is None:
        return Evidence(missing=["no assessment"], url=url)
    due = ["past its validity"] if latest.expired else []
    rows = list(threats.sources(records.actor, records.operation))
    waiting = [s.label for s in rows if s.shown_state != "approved"]
    if waiting:
        due.append(f"{', '.join(waiting)} not approved")
    stale = stale_by_record(records.actor, "threat", [s.pk for s in rows])
    reasons = [reason for found in stale.values() for reason in found]
    return Evidence(at=latest.assessed_at, due=due, stale=reasons, url=url)


def _risks(records: Records) -> Evidence:
    url = records.url("threats:register")
    rows = [
        r for r in threats.register(records.actor, records.operation) if r.risk.state != "closed"
    ]
    if not rows:
        return Evidence(missing=["no risk in the register"], url=url)
    open_ = [row.risk.label for row in rows if not row.accepted]
    stale = [reason for row in rows for reason in row.stale]
    signed = [s.signed_at for row in rows for s in row.signatures]
    missing = [f"{', '.join(open_)} not accepted"] if open_ else []
    return Evidence(at=min(signed, default=None), missing=missing, stale=stale, url=url)


def _order_issued(records: Records) -> Evidence:
    url = records.url("planning:order")
    if records.order is None:
        return Evidence(missing=["no operation order is issued"], url=url)
    stale = stale_by_record(records.actor, "order", [records.order.pk])
    amended = orders.amendments(records.actor, records.order)
    issued = amended[-1].issued_at if amended else records.order.issued_at
    return Evidence(at=issued, stale=stale.get(records.order.pk, []), url=url)


def _posts_filled(records: Records) -> Evidence:
    url = records.url("operations:posts")
    if not records.posts:
        return Evidence(missing=["no post"], url=url)
    empty = [post.title for post in records.posts if post.holder_id is None]
    return Evidence(missing=empty, url=url)


def _acknowledged(records: Records) -> Evidence:
    url = records.url("planning:order")
    if records.order is None:
        return Evidence(missing=["no operation order is issued"], url=url)
    rows = orders.matrix(records.actor, records.order)
    unread = [
        f"{row['post'].title} ({cell['state']})"
        for row in rows
        for index, cell in enumerate(row["cells"])
        if cell["state"] in ("due", "handed over") or (index == 0 and cell["state"] == "not asked")
    ]
    given = [c["ack"].at for row in rows for c in row["cells"] if c["ack"] and c["ack"].at]
    return Evidence(at=max(given, default=None), missing=list(dict.fromkeys(unread)), url=url)


def _medical(records: Records) -> Evidence:
    """Whether the fields are filled, never what stands in them."""
    principal = records.operation.principal
    url = records.url("principals:show", principal.slug)
    empty = [name.replace("_", " ") for name in CARD if not principal.medical.get(name)]
    return Evidence(at=principal.medical_checked_at, missing=empty, url=url)


def _trauma(records: Records) -> Evidence:
    url = records.url("operations:show")
    days: dict[date, list[Any]] = defaultdict(list)
    for move in records.movements:
        if move.starts and move.destination and move.destination.located:
            days[move.starts.astimezone(ZoneInfo(move.zone)).date()].append(move.destination)
    if not days:
        missing = [] if records.centres else ["no trauma centre"]
        return Evidence(at=_oldest(records.centres), missing=missing, url=url)
    bare = [f"{day:%d %b}" for day, stops in days.items() if not _near(records.centres, stops)]
    return Evidence(at=_oldest(records.centres), missing=bare, url=url)


def _near(centres: list[Any], stops: list[Any]) -> bool:
    return any(
        haversine_km(tuple(centre.position), tuple(stop.position)) <= REACH_KM
        for centre in centres
        for stop in stops
    )


def _oldest(rows: list[Any]) -> Any:
    return min((row.checked_at for row in rows if row.checked_at), default=None)


def _comms(records: Records) -> Evidence:
    """Four means, each tried since it was agreed; call signs and the interval of check calls."""
    url = records.url("planning:comms")
    version = comms.current(records.actor, records.operation)
    if version is None:
        return Evidence(missing=["no communications plan"], url=url)
    rows = comms.bearers(records.actor, records.operation)
    missing = [f"{row.title.lower()} {row.state}" for row in rows if row.state not in GOOD]
    if not any(post.call_sign for post in records.posts):
        missing.append("no call signs")
    due = [f"{row.title.lower()} is weak" for row in rows if row.state == "weak"]
    stale = stale_by_record(records.actor, "comms", [version.plan_id]).get(version.plan_id, [])
    return Evidence(at=comms.oldest_test(rows), missing=missing, due=due, stale=stale, url=url)


def _rehearsed(records: Records) -> Evidence:
    """Each card that may arise here is in force and has been walked through as it stands."""
    url = records.url("planning:cards")
    rows = cards.of_order(records.actor, records.operation)
    taken = {row.card.library_id for row in rows}
    place = material_places(records.actor, records.operation)
    asked = actions_on().arising_in(settings_of(place))
    live = [row for row in rows if row.card.withdrawn_at is None]
    missing = [f"{card.title} not in force" for card in asked if card.id not in taken]
    missing += [f"{row.card.title} not rehearsed" for row in live if row.rehearsal is None]
    held = [row.rehearsal.held_at for row in live if row.rehearsal]
    stale = [reason for row in live for reason in row.stale]
    return Evidence(at=min(held, default=None), missing=missing, stale=stale, url=url)


def _surveyed(records: Records) -> Evidence:
    """Each place where the principal stops has a signed survey with every answer in date."""
    url = records.url("planning:advance")
    stops = {p for m in records.movements for p in (m.origin, m.destination) if p is not None}
    asked = sorted((p for p in stops if p.kind in SURVEYED), key=lambda place: place.name)
    views = surveys.surveys(records.actor, asked)
    signed = surveys.signed(records.actor, asked)
    missing = [f"{p.name} {_unsigned(views[p.pk])}" for p in asked if p.pk not in signed]
    due = [
        f"{view.place.name}: {plural(view.to_verify, 'answer')} to verify"
        for view in views.values()
        if view.to_verify
    ]
    looks = [view.last_look for view in views.values() if view.last_look]
    return Evidence(at=min(looks, default=None), missing=missing, due=due, url=url)


def _unsigned(view: Any) -> str:
    return "survey not signed" if view.known else "not surveyed"


def _route(rank: str) -> Callable[[Records], Evidence]:
    def evidence(records: Records) -> Evidence:
        lacking = [m.title for m in records.roads if not _has_route(m, rank)]
        aged = min((m.updated_at for m in records.roads), default=None)
        url = records.url("operations:show")
        return Evidence(at=aged or records.operation.updated_at, missing=lacking, url=url)

    return evidence


def _has_route(move: Any, rank: str) -> bool:
    known = move.details.get("routes")
    return bool(known.get(rank)) if isinstance(known, dict) else False


def _contacts(records: Records) -> Evidence:
    url = records.url("principals:show", records.operation.principal.slug)
    rows = principals.contacts(records.actor, records.operation.principal)
    emergency = [row for row in rows if row.emergency]
    missing = [] if emergency else ["no emergency contact of the principal"]
    if not as_lines(records.plan.get("emergency_contacts", "")):
        missing.append("no local emergency numbers in the plan")
    return Evidence(at=_oldest(emergency), missing=missing, url=url)


def _dossiers(records: Records) -> Evidence:
    """Each destination has a dossier that a named person approved and nothing has shaken since."""
    url = records.url("travel:destinations_of")
    rows = list(dossiers.destinations(records.actor, records.operation))
    if not rows:
        return Evidence(missing=["no destination has a dossier"], url=url)
    found = dossiers.standings(records.actor, rows)
    known = {row.label: found[row.pk] for row in rows}
    missing = [f"{n} {s.words}" for n, s in known.items() if s.state in ("none", "withdrawn")]
    stale = [f"{n}: {s.reasons[0]}" for n, s in known.items() if s.state == "stale"]
    due = [f"{n} {s.words}" for n, s in known.items() if s.state in ("changed", "expired")]
    signed = [s.approval.at for s in found.values() if s.approval]
    return Evidence(at=min(signed, default=None), missing=missing, due=due, stale=stale, url=url)


def _vehicles(records: Records) -> Evidence:
    """Each vehicle of each road leg ahead is ready, by its checks. With none assigned nothing is
    known, and somebody's word counts; a leg without one beside legs with is missing."""
    url = records.url("travel:fleet_of")
    ahead = [m for m in records.roads if m.state in AHEAD]
    try:
        ready = allotments.legs_ready(records.actor, ahead)
    except NotFound:
        return Evidence(due=["a vehicle is assigned that you may not see"], url=url)
    rows = {leg: ready[leg.pk] for leg in ahead}
    if not any(rows.values()):
        return Evidence(known=False, url=url)
    missing, due = [], []
    for leg, found in rows.items():
        where = f"leg {leg.serial}"
        if not found:
            missing.append(f"{where}: no vehicle")
        for one in found:
            words = f"{where}, {one['vehicle']}: {one['why'][0] if one['why'] else 'not ready'}"
            if one["blocked"]:
                missing.append(words)
            elif not one["ready"]:
                due.append(words)
    times = [one["checked_at"] for found in rows.values() for one in found if one["checked_at"]]
    return Evidence(at=min(times, default=None), missing=missing, due=due, url=url)


EVIDENCE: dict[str, Callable[[Records], Evidence]] = {
    "itinerary_accepted": _itinerary,
    "movements_located": _located,
    "threat_assessment": _assessment,
    "residual_risk_accepted": _risks,
    "operation_order_issued": _order_issued,
    "posts_filled": _posts_filled,
    "posts_acknowledged": _acknowledged,
    "medical_card": _medical,
    "trauma_centre": _trauma,
    "comms_plan": _comms,
    "actions_on_rehearsed": _rehearsed,
    "place_surveyed": _surveyed,
    "primary_route": _route("primary"),
    "alternate_route": _route("alternate"),
    "emergency_contacts": _contacts,
    "dossier_approved": _dossiers,
    "vehicles_checked": _vehicles,
}
