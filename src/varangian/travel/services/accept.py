"""A person accepts the differences: legs are added, changed, removed; posts hear of theirs."""

from datetime import datetime
from typing import Any

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Conflict
from varangian.operations import queries as operation_queries
from varangian.operations import services as operations
from varangian.operations.models import Movement, Operation
from varangian.places import queries as place_queries
from varangian.places import services as places
from varangian.platform.access.scope import Actor, require
from varangian.platform.news.services import announce

from ..itineraries.comparing import CALENDAR, compare, completed, is_place, source_of
from ..itineraries.legs import same_place
from ..itineraries.merging import both
from ..models import ItineraryDraft

BEGUN = ("under_way", "arrived", "complete", "diverted")


@transaction.atomic
def accept_draft(*, actor: Actor, draft: ItineraryDraft) -> ItineraryDraft:
    """The differences are computed anew, so a plan that moved on is not overwritten blindly."""
    draft = _open_draft(actor, draft)
    operation = draft.operation
    movements = list(operation_queries.movements(actor, operation))
    legs = completed(movements, draft.legs)
    directory = Directory(actor, operation, legs)
    found = compare(movements, legs)
    for side in found.removed:
        _remove(actor, side.source)
    for change in found.changed:
        _change(actor, change.old.source, legs[change.new.source], directory)
    for change in found.eased:
        _ease(actor, change.old.source, change.fields[0].new)
    for old, new in found.unchanged:
        _adopt(actor, old.source, legs[new.source])
    for side in found.added:
        _add(actor, operation, legs[side.source], directory)
    _frame(actor, operation)
    return _decide(actor, draft, ItineraryDraft.State.ACCEPTED)


@transaction.atomic
def reject_draft(*, actor: Actor, draft: ItineraryDraft) -> ItineraryDraft:
    return _decide(actor, _open_draft(actor, draft), ItineraryDraft.State.REJECTED)


def _open_draft(actor: Actor, draft: ItineraryDraft) -> ItineraryDraft:
    require(actor, "itinerary.accept", draft.compartment_id)
    found = ItineraryDraft.objects.visible_to(actor).select_for_update(of=("self",))
    draft = found.select_related("operation").get(pk=draft.pk)
    if draft.state != ItineraryDraft.State.PROPOSED:
        raise Conflict(
            f"This draft is {draft.get_state_display().lower()} already",
            where=f"version {draft.version}",
            mend="Look at the newest one.",
        )
    return draft


def _decide(actor: Actor, draft: ItineraryDraft, state: str) -> ItineraryDraft:
    draft.state, draft.decided_at, draft.decided_by_id = state, now(), actor.pk
    draft.save(update_fields=["state", "decided_at", "decided_by"])
    announce(
        topic="itineraries",
        event=state,
        text=f"Itinerary version {draft.version} {state}",
        compartment_id=draft.compartment_id,
        operation_id=draft.operation_id,
        record=("itinerary", draft.pk),
        actor=actor,
    )
    return draft


class Directory:
    """Places of the engagement by the texts under which calendars know them."""

    def __init__(self, actor: Actor, operation: Operation, legs: list[dict[str, Any]]) -> None:
        self.actor, self.engagement = actor, operation.engagement
        ends = (leg[side] for leg in legs for side in ("origin", "destination"))
        self.located = [end for end in ends if end and end["position"]]
        found = place_queries.places(actor)
        self.known = list(found.filter(compartment_id=self.engagement.compartment_id))

    def place(self, wanted: dict[str, Any] | None) -> Any:
        if wanted is None:
            return None
        for place in self.known:
            if is_place(place, wanted):
                return place
        wanted = self._as_located(wanted)
        place = places.add_place(
            actor=self.actor,
            compartment_id=self.engagement.compartment_id,
            key_id=self.engagement.key_id,
            name=wanted["name"][:200],
            kind=wanted["kind"],
            position=wanted["position"],
            precision=wanted["precision"] if wanted["position"] else "",
            source_text=wanted["text"],
        )
        self.known.append(place)
        return place

    def _as_located(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """The leg that leads to a hotel knows its name, the booking of the night where it is."""
        if wanted["position"]:
            return wanted
        return next((e for e in self.located if same_place(e["name"], wanted["name"])), wanted)


def _fields(leg: dict[str, Any], directory: Directory) -> dict[str, Any]:
    origin = directory.place(leg["origin"])
    destination = directory.place(leg["destination"])
    return {
        "kind": leg["kind"],
        "title": leg["title"],
        "notes": leg["notes"],
        "starts": _time(leg["starts"]),
        "ends": _time(leg["ends"]),
        "zone": leg["zone"],
        "origin": origin,
        "destination": destination or origin,
        "implied": leg["implied"],
    }


def _add(actor: Actor, operation: Operation, leg: dict[str, Any], directory: Directory) -> None:
    source = leg.get("source", CALENDAR)
    origin = {} if source in ("", CALENDAR) else {"source": source}
    operations.add_movement(
        actor=actor,
        operation=operation,
        details=_details(origin, leg),
        source_uid=leg["uid"],
        **_fields(leg, directory),
    )


def _change(actor: Actor, movement: Movement, leg: dict[str, Any], directory: Directory) -> None:
    fields = _fields(leg, directory) | _known_by(movement, leg)
    operations.change_movement(actor=actor, movement=movement, **fields)


def _ease(actor: Actor, movement: Movement, reservation: str) -> None:
    details = {**movement.details, "reservation": reservation}
    operations.change_movement(actor=actor, movement=movement, details=details)


def _adopt(actor: Actor, movement: Movement, leg: dict[str, Any]) -> None:
    if fields := _known_by(movement, leg):
        operations.change_movement(actor=actor, movement=movement, **fields)


def _known_by(movement: Movement, leg: dict[str, Any]) -> dict[str, Any]:
    """Matched by likeness: from now on it is known by its own identifier. A mail does not take
    the leg of a calendar away from it."""
    own = leg.get("source", CALENDAR) == source_of(movement) or leg["implied"]
    fields: dict[str, Any] = {}
    if own and movement.source_uid != leg["uid"]:
        fields["source_uid"] = leg["uid"]
    if (details := _details(movement.details, leg)) != movement.details:
        fields["details"] = details
    return fields


def _details(known: dict[str, Any], leg: dict[str, Any]) -> dict[str, Any]:
    """What a booking says beside time and place; nothing that was known is lost."""
    found = dict(known)
    for name in ("flight_number", "checked_in"):
        if leg.get(name):
            found[name] = leg[name]
    if numbers := both(known.get("reservation", ""), leg.get("reservation", "")):
        found["reservation"] = numbers
    if leg["all_day"] and not leg["end_known"] and leg.get("checked_in"):
        found["day_only"] = True
    else:
        found.pop("day_only", None)
    names = [*known.get("travellers", []), *leg.get("travellers", [])]
    return found | ({"travellers": list(dict.fromkeys(names))} if names else {})


def _remove(actor: Actor, movement: Movement) -> None:
    """What has begun stays on record and stays a person's matter."""
    if movement.state not in BEGUN:
        operations.remove_movement(actor=actor, movement=movement)


def _frame(actor: Actor, operation: Operation) -> None:
    """The operation spans its legs."""
    rows = [m for m in operation_queries.movements(actor, operation) if m.starts]
    if not rows:
        return
    operations.change_operation(
        actor=actor,
        operation=operation,
        starts=min(m.starts for m in rows),
        ends=max(m.ends or m.starts for m in rows),
    )
    operation.refresh_from_db(fields=["state"])
    if operation.state == Operation.State.DRAFT:
        operations.set_operation_state(actor=actor, operation=operation, state="planned")


def _time(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
