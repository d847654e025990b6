"""Loads the worked operation through the same services a team uses."""

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.operations import services as operations
from varangian.operations.models import Operation
from varangian.planning import services as planning
from varangian.platform.access.models import User
from varangian.platform.access.queries import user_by_email
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.platform.access.services import add_member, create_user
from varangian.principals import services as principals
from varangian.travel import services as travel

from . import briefing, calendars, duties, exposure, interest, past, places, surveys, venues
from . import travel as journeys
from .jobs import empty_hall, lay_city

LEADER = "leader@varangian.invalid"
AUDITOR = "auditor@varangian.invalid"
STEP = 300


@cache
def story() -> dict[str, Any]:
    return yaml.safe_load(Path(__file__).with_name("story.yaml").read_text("utf-8"))


@transaction.atomic
def load_demo() -> Operation:
    """Once per house; dates count from now, so that something is under way."""
    if user_by_email(LEADER):
        raise Refused("The worked operation is there already", where=LEADER)
    start = started(now())
    people = _people()
    leader = people[LEADER]
    principal = _principal(leader, people)
    operation = _operation(leader, principal, start)
    places.locate(leader, operation, story())
    _posts(leader, operation, people)
    _states(leader, operation)
    _routes(leader, operation)
    surveys.fill(operation, people, start)
    briefing.prepare(operation, people, story(), start)
    past.load(operation, people, start)
    exposure.fill(operation, people, start)
    duties.fill(operation, people, story(), start)
    journeys.fill(operation, people, start)
    interest.fill(operation, people, start)
    venues.fill(operation, leader)
    lay_city.defer()
    empty_hall.defer()
    return operation


def started(at: datetime) -> datetime:
    """Rounded to five minutes, so that times read like a plan."""
    return datetime.fromtimestamp(at.timestamp() // STEP * STEP, tz=at.tzinfo)


def _people() -> dict[str, User]:
    create_user(email=AUDITOR, name="Audrey Moss", auditor=True)
    return {
        row["email"]: create_user(email=row["email"], name=row["name"], call_sign=row["call_sign"])
        for row in story()["people"]
    }


def _principal(leader: User, people: dict[str, User]) -> Any:
    contract = operations.open_engagement(actor=leader, **story()["engagement"])
    for row in story()["people"]:
        if row["email"] != LEADER:
            add_member(
                actor=SYSTEM,
                compartment_id=contract.compartment_id,
                user=people[row["email"]],
                role=Role(row["role"]),
            )
    principal = principals.create_principal(
        actor=leader, compartment_id=contract.compartment_id, **story()["principal"]
    )
    principals.set_medical(actor=leader, principal=principal, **story()["medical"])
    for row in story()["contacts"]:
        principals.add_contact(actor=leader, principal=principal, **row)
    principals.add_window(
        actor=leader,
        principal=principal,
        starts=started(now()) + timedelta(minutes=300),
        ends=started(now()) + timedelta(minutes=900),
        rule="Night in the hotel: corridor watch only, knock for duress alone.",
        agreed_with="Petra Holm",
    )
    return principals.verify_principal(actor=leader, principal=principal)


def _operation(leader: User, principal: Any, start: datetime) -> Operation:
    plan = story()["operation"]
    data = calendars.ics(
        story()["calendar"], start=start, zone=plan["time_zone"], name=plan["title"]
    )
    draft = travel.import_itinerary(
        actor=leader, principal=principal, data=data, name="heron-helsinki.ics"
    )
    draft = travel.accept_draft(actor=leader, draft=draft)
    operation = draft.operation
    return operations.change_operation(
        actor=leader,
        operation=operation,
        kind=plan["kind"],
        intent=plan["intent"],
        plan=story()["plan"],
    )


def _posts(leader: User, operation: Operation, people: dict[str, User]) -> None:
    from varangian.operations.library import posts as standard

    leader.__dict__.pop("_reach", None)
    for row in story()["posts"]:
        kind = standard().get(row["standard"])
        operations.add_post(
            actor=leader,
            operation=operation,
            title=kind.title,
            role=kind.role,
            edition=kind.edition,
            call_sign=row["call_sign"],
            holder=people[row["holder"]],
        )


def _routes(leader: User, operation: Operation) -> None:
    named = story()["routes"]
    for movement in operation.movements.filter(kind="road"):  # pyright: ignore
        if movement.title in named:
            planning.write_routes(actor=leader, movement=movement, routes=named[movement.title])


def _states(leader: User, operation: Operation) -> None:
    wanted = {row["summary"]: row["state"] for row in story()["calendar"]}
    paths = {
        "confirmed": ["confirmed"],
        "under_way": ["under_way"],
        "arrived": ["under_way", "arrived"],
        "complete": ["under_way", "complete"],
    }
    for movement in operation.movements.all():  # pyright: ignore
        for state in paths.get(wanted.get(movement.title, ""), []):
            operations.set_movement_state(actor=leader, movement=movement, state=state)
