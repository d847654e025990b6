"""How the worked operation travels: vehicles and drivers, a dossier, and a card to look out by."""

from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from varangian.kernel.clock import frozen
from varangian.operations.models import Operation
from varangian.places import queries as place_queries
from varangian.platform.access.models import User
from varangian.threats.services import bolo
from varangian.travel import services as travel
from varangian.travel.fleet.library import inspections
from varangian.travel.models import Vehicle

from .drawings import drawing

People = dict[str, User]
LEADER, ANALYST = "leader@varangian.invalid", "analyst@varangian.invalid"


@cache
def story() -> dict[str, Any]:
    return yaml.safe_load(Path(__file__).with_name("travel.yaml").read_text("utf-8"))


def fill(operation: Operation, people: People, start: datetime) -> None:
    leader, told = people[LEADER], story()
    for user in people.values():
        user.__dict__.pop("_reach", None)
    today = start.date()
    cars = {row["name"]: _vehicle(operation, leader, row, start) for row in told["vehicles"]}
    for email, row in told["drivers"].items():
        travel.write_driver(actor=leader, person=people[email], **_dated(row, today))
    for row in told["checks"]:
        _check(people, cars, row, start)
    legs = {leg.title: leg for leg in operation.movements.all()}  # pyright: ignore
    for row in told["legs"]:
        travel.assign_vehicle(
            actor=leader,
            movement=legs[row["title"]],
            vehicle=cars[row["vehicle"]],
            driver=people[row["driver"]],
            part=row["part"],
        )
    _dossier(operation, leader, told["dossier"], today)
    _card(operation, people, told["bolo"], start)


def _vehicle(operation: Operation, leader: User, row: dict[str, Any], start: datetime) -> Vehicle:
    apart = ("kit", "papers", "keeper", "service_due_days", "defect")
    fields = {name: value for name, value in row.items() if name not in apart}
    fields["service_due_on"] = start.date() + timedelta(days=row["service_due_days"])
    car = travel.add_vehicle(actor=leader, engagement=operation.engagement, **fields)
    for sort in ("kit", "papers"):
        for name, days in row[sort].items():
            ends = start.date() + timedelta(days=days)
            kind = "kit" if sort == "kit" else "paper"
            travel.note_equipment(actor=leader, vehicle=car, sort=kind, name=name, ends=ends)
    kept = {"state": "guarded", "where": "Hotel garage, level 1", "keeper": row["keeper"]}
    travel.hand_over(actor=leader, vehicle=car, at=start - timedelta(hours=3), **kept)
    if "defect" in row:
        travel.raise_defect(actor=leader, vehicle=car, words=row["defect"])
    return car


def _dated(row: dict[str, Any], today: date) -> dict[str, Any]:
    made = dict(row)
    for name in ("licences", "courses"):
        made[name] = [_until(one, today) for one in row.get(name, ())]
    made["medical"] = _until(row["medical"], today)
    return made


def _until(row: dict[str, Any], today: date) -> dict[str, Any]:
    """``days`` from today it ends; so many days ``ago`` it was taken."""
    made = {name: value for name, value in row.items() if name not in ("days", "ago")}
    made["until"] = today + timedelta(days=row["days"])
    if "ago" in row:
        made["on"] = today - timedelta(days=row["ago"])
    return made


def _check(people: People, cars: dict[str, Vehicle], row: dict[str, Any], start: datetime) -> None:
    """Before the day began, in a time in which it can be done."""
    begun = start + timedelta(minutes=row["begun"])
    who, car = people[row["by"]], cars[row["vehicle"]]
    steps = inspections().get(row["checklist"]).items
    with frozen(begun):
        check = travel.begin_check(actor=who, vehicle=car, checklist=row["checklist"])
        for step in steps:
            if step.photo == "required":
                travel.add_check_photo(
                    actor=who, inspection=check, item=step.id, data=drawing("car")
                )
    with frozen(begun + timedelta(minutes=row["minutes"])):
        answers: dict[str, Any] = {step.id: "ok" for step in steps}
        check = travel.finish_check(
            actor=who, inspection=check, answers=answers, seals=row.get("seals")
        )
        if "second" in row:
            travel.sign_second(actor=people[row["second"]], inspection=check)


def _dossier(operation: Operation, leader: User, row: dict[str, Any], today: date) -> None:
    circle = operation.engagement.compartment_id
    places = place_queries.places(leader).filter(compartment_id=circle)
    place = next(place for place in places if place.name == row["place"])
    made = travel.add_destination(
        actor=leader, operation=operation, country=row["country"], place=place
    )
    for fact in row["facts"]:
        fields = {name: value for name, value in fact.items() if name != "ago"}
        if "ago" in fact:
            fields["verified_on"] = today - timedelta(days=fact["ago"])
        travel.add_fact(actor=leader, destination=made, **fields)
    made = travel.write_statement(actor=leader, destination=made, texts=row["texts"])
    travel.approve_destination(actor=leader, destination=made, note=row["note"])


def _card(operation: Operation, people: People, row: dict[str, Any], start: datetime) -> None:
    apart = ("reviewer", "caption", "hours")
    fields = {name: value for name, value in row.items() if name not in apart}
    card = bolo.draw_card(
        actor=people[LEADER],
        operation=operation,
        reviewer=people[row["reviewer"]],
        expires_at=start + timedelta(hours=row["hours"]),
        **fields,
    )
    data, caption = drawing("figure"), row["caption"]
    bolo.add_picture(actor=people[LEADER], card=card, data=data, caption=caption)
    bolo.issue_card(actor=people[LEADER], card=card)
