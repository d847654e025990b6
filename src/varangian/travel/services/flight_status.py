"""What sources say of flights of the plan. It proposes; the plan stays until a person takes it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from varangian.kernel.chain import digest
from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Refused
from varangian.operations import queries as operation_queries
from varangian.operations.models import Movement, Operation
from varangian.operations.services import change_movement
from varangian.platform.access.scope import SYSTEM, Actor, require
from varangian.platform.news.services import announce

from ..models import FlightNews
from ..modes.flights import FlightSaid, about, differs, read_flights
from ..queries import modes as queries

BY_HAND = "file"


def read_status(*, actor: Actor, operation: Operation, data: bytes) -> dict[str, Any]:
    """A file of answers, brought by hand: nobody outside is asked."""
    require(actor, "itinerary.import", operation.compartment_id)
    found = read_flights(data)
    legs = _flights(actor, operation)
    made = [hear(leg, BY_HAND, said) for leg, said in pairs(legs, found.flights)]
    return {
        "flights": len(found.flights),
        "legs": len(legs),
        "proposed": [row for row in made if row is not None],
        "not_read": found.not_read,
    }


def _flights(actor: Actor, operation: Operation) -> list[Movement]:
    legs = operation_queries.movements(actor, operation).filter(kind="flight")
    return [leg for leg in legs.exclude(state="cancelled") if leg.details.get("flight_number")]


def pairs(
    legs: Iterable[Movement], said: list[FlightSaid]
) -> Iterable[tuple[Movement, FlightSaid]]:
    for leg in legs:
        found = about(said, leg.details["flight_number"], leg.starts)
        if found is not None:
            yield leg, found


@transaction.atomic
def hear(leg: Movement, source: str, said: FlightSaid) -> FlightNews | None:
    """Kept once, and only if it differs from the plan; newer news overtakes what waits."""
    rows = FlightNews.objects.visible_to(SYSTEM).filter(movement=leg)
    if not differs(said, leg.starts, leg.ends):
        _overtake(rows)
        return None
    content = {
        "number": said.number, "what": said.what, "words": said.words, "gate": said.gate,
        "out": said.out.isoformat() if said.out else None,
        "into": said.into.isoformat() if said.into else None,
    }  # fmt: skip
    mark = digest(f"{leg.pk} {leg.version} {sorted(content.items())}")
    if rows.filter(digest=mark).exists():
        return None
    _overtake(rows)
    made = FlightNews.objects.create(
        key_id=leg.key_id, compartment_id=leg.compartment_id, operation_id=leg.operation_id,
        movement=leg, source=source, digest=mark, said=content,
    )  # fmt: skip
    _tell(made, "proposed", f"{said.number} {said.what}: leg {leg.serial} as planned until taken")
    return made


def _overtake(rows: Any) -> None:
    for row in rows.filter(state=FlightNews.State.OPEN):
        row.state = FlightNews.State.OVERTAKEN
        row.save(update_fields=["state"])


@transaction.atomic
def take_news(*, actor: Actor, news: FlightNews) -> FlightNews:
    """The leg gets the times that the source expects. A cancelled flight is for people."""
    news = _locked(actor, news)
    said = news.said
    if said["what"] != "expected":
        raise Refused(
            f"This flight is {said['what']}", news.movement.title,
            "Change or cancel the leg yourself, then dismiss this.",
        )  # fmt: skip
    times = {"starts": said.get("out"), "ends": said.get("into")}
    fields: dict[str, Any] = {
        key: datetime.fromisoformat(text) for key, text in times.items() if text
    }
    change_movement(actor=actor, movement=news.movement, **fields)
    return _decide(news, FlightNews.State.TAKEN, actor)


@transaction.atomic
def dismiss_news(*, actor: Actor, news: FlightNews) -> FlightNews:
    return _decide(_locked(actor, news), FlightNews.State.DISMISSED, actor)


def _locked(actor: Actor, news: FlightNews) -> FlightNews:
    require(actor, "movement.change", news.compartment_id)
    found = queries.flight_news(actor).select_for_update(of=("self",)).get(pk=news.pk)
    if found.state != FlightNews.State.OPEN:
        raise Conflict(f"This was {found.get_state_display().lower()}", found.movement.title)
    return found


def _decide(news: FlightNews, state: str, actor: Actor) -> FlightNews:
    news.state, news.decided_at = state, now()
    news.decided_by_id = None if actor.is_system else actor.pk
    news.save(update_fields=["state", "decided_by", "decided_at"])
    _tell(news, state, f"{news.said['number']}: news of the flight {state}", actor)
    return news


def _tell(news: FlightNews, event: str, text: str, actor: Actor = SYSTEM) -> None:
    announce(
        topic="flights", event=event, text=text, compartment_id=news.compartment_id,
        operation_id=news.operation_id, record=("movement", news.movement_id), actor=actor,
    )  # fmt: skip
