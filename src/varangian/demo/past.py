"""Days that are over: planned, run and debriefed at their time, through the same services."""

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from varangian.alerts import services as alerts
from varangian.kernel.clock import frozen
from varangian.log import services as log
from varangian.operations import services as operations
from varangian.operations.library import posts as standard
from varangian.operations.models import Operation
from varangian.places import queries as places
from varangian.planning import services as planning
from varangian.planning.models import Order
from varangian.platform.access.models import User

People = dict[str, User]
LEADER = "leader@varangian.invalid"
HOLDERS = {
    "team_leader": "leader",
    "ppo": "ppo",
    "sap": "advance",
    "driver_principal": "driver",
    "medic": "medic",
    "controller": "operator",
}
BRIEFED = timedelta(hours=4)
"""Before the begin of the day: posts are filled and the order goes out."""


@cache
def story() -> list[dict[str, Any]]:
    text = Path(__file__).with_name("past.yaml").read_text("utf-8")
    return yaml.safe_load(text)["days"]


def load(present: Operation, people: People, start: datetime) -> None:
    """Oldest first; the lessons of the last one wait in ``present``."""
    for row in sorted(story(), key=lambda row: -row["days"]):
        _day(present, people, row, start - timedelta(days=row["days"]))
    planning.remind_overdue()


def _day(present: Operation, people: People, row: dict[str, Any], begin: datetime) -> None:
    leader = people[LEADER]
    with frozen(begin - BRIEFED):
        made = _opened(present, leader, row, begin)
        for user in people.values():
            user.__dict__.pop("_reach", None)
        legs = _legs(made, leader, row, begin)
        posts = _posts(made, people, row)
        planning.take_cards(actor=leader, operation=made, library_ids=["crowd_or_protest"])
        order = _ordered(made, leader)
        planning.decide(actor=leader, operation=made, kind="override", reason="Paper go of the day")
        for state in ("planned", "active"):
            operations.set_operation_state(actor=leader, operation=made, state=state)
    _read(order, people, posts, row)
    with frozen(begin):
        for number, minutes in row["moves"].items():
            leg = legs[number - 1]
            later = timedelta(minutes=minutes)
            times = {"starts": leg.starts + later, "ends": leg.ends + later}
            operations.change_movement(actor=leader, movement=leg, **times)
    happened = _happen(made, people, posts, legs, row, begin)
    end = begin + timedelta(hours=row["hours"])
    with frozen(end):
        operations.set_operation_state(actor=leader, operation=made, state="closed")
    _washed(made, people, row, end, happened)


def _opened(present: Operation, leader: User, row: dict[str, Any], begin: datetime) -> Operation:
    return operations.open_operation(
        actor=leader,
        engagement=present.engagement,
        principal=present.principal,
        title=row["title"],
        slug=row["slug"],
        kind=present.kind,
        time_zone=present.time_zone,
        starts=begin,
        ends=begin + timedelta(hours=row["hours"]),
        intent=f"Protect HERON on the way, at the place and back: {row['title'].split(', ')[1]}.",
    )


def _legs(made: Operation, leader: User, row: dict[str, Any], begin: datetime) -> list[Any]:
    circle = made.engagement.compartment_id
    known = {p.name: p for p in places.places(leader).filter(compartment_id=circle)}
    return [
        operations.add_movement(
            actor=leader,
            operation=made,
            kind=leg["kind"],
            title=leg["title"],
            origin=known.get(leg.get("origin", "")),
            destination=known[leg["to"]],
            starts=begin + timedelta(minutes=leg["from"]),
            ends=begin + timedelta(minutes=leg["until"]),
            zone=made.time_zone,
        )
        for leg in row["legs"]
    ]


def _posts(made: Operation, people: People, row: dict[str, Any]) -> dict[str, Any]:
    found = {}
    for name in row["posts"]:
        kind, holder = standard().get(name), people[f"{HOLDERS[name]}@varangian.invalid"]
        unheld = name in row.get("empty", []) or name in row["late"]
        found[name] = operations.add_post(
            actor=people[LEADER],
            operation=made,
            title=kind.title,
            role=kind.role,
            edition=kind.edition,
            call_sign=holder.call_sign,
            holder=None if unheld else holder,
        )
    return found


def _ordered(made: Operation, leader: User) -> Order:
    order = planning.draft_order(actor=leader, operation=made)
    order = planning.approve_order(actor=leader, order=order)
    return planning.issue_order(actor=leader, order=order)


def _read(order: Order, people: People, posts: dict[str, Any], row: dict[str, Any]) -> None:
    issued = order.issued_at
    assert issued is not None
    for name, minutes in row["reads"].items():
        if posts[name].holder_id:
            with frozen(issued + timedelta(minutes=minutes)):
                reader = people[f"{HOLDERS[name]}@varangian.invalid"]
                planning.acknowledge_order(actor=reader, order=order, post=posts[name])


def _happen(
    made: Operation, people: People, posts: dict[str, Any], legs: list[Any], row: Any, begin: Any
) -> dict[str, Any]:
    """Everything at its minute, in order; returns the records by ``log:MINUTE`` and so on."""
    leader, operator = people[LEADER], people["operator@varangian.invalid"]
    found: dict[str, Any] = {f"leg:{n}": ("movement", leg.pk) for n, leg in enumerate(legs, 1)}
    steps: list[tuple[int, Any]] = []

    def state(leg: Any, word: str) -> None:
        leg.refresh_from_db()
        operations.set_movement_state(actor=leader, movement=leg, state=word)

    def wrote(entry: dict[str, Any]) -> None:
        texts = {"from_": entry["from"], "to": entry["to"], "action": entry["action"]}
        made_entry = log.write_entry(actor=operator, operation=made, event=entry["event"], **texts)
        found[f"log:{entry['minutes']}"] = ("log", made_entry.pk)

    def raised(number: int, one: dict[str, Any]) -> None:
        alert = alerts.raise_alert(
            operation=made,
            title=one["title"],
            source="system",
            dedupe=f"past {number}",
            urgency=one["urgency"],
        )
        found[f"alert:{number}"] = ("alert", alert.pk)
        with frozen(begin + timedelta(minutes=one["minutes"] + one["after"])):
            alerts.acknowledge(actor=operator, alert=alert)
            alerts.close(actor=operator, alert=alert, reason="Dealt with on the day")

    for leg, told in zip(legs, row["legs"], strict=True):
        out, back = told["went"]
        steps.append((out, lambda leg=leg: state(leg, "under_way")))
        steps.append((back, lambda leg=leg: state(leg, "complete")))
    steps += [(e["minutes"], lambda e=e: wrote(e)) for e in row["log"]]
    steps += [(a["minutes"], lambda n=n, a=a: raised(n, a)) for n, a in enumerate(row["alerts"], 1)]
    for name, minutes in row["late"].items():
        holder = people[f"{HOLDERS[name]}@varangian.invalid"]
        take = {"actor": leader, "post": posts[name], "holder": holder}
        steps.append((minutes, lambda take=take: operations.assign_post(**take)))
    for minutes, do in sorted(steps, key=lambda step: step[0]):
        with frozen(begin + timedelta(minutes=minutes)):
            do()
    return found


def _washed(
    made: Operation, people: People, row: dict[str, Any], end: datetime, happened: dict[str, Any]
) -> None:
    leader = people[LEADER]
    with frozen(end + timedelta(minutes=20)):
        wash = planning.open_debrief(actor=leader, operation=made)
        told = []
        for one in row["observations"]:
            point = planning.add_observation(
                actor=people[f"{one['by']}@varangian.invalid"],
                debrief=wash,
                kind=one["kind"],
                text=one["text"],
                near_miss=one.get("near_miss", False),
                about=happened.get(one.get("about", "")),
            )
            told.append((one, planning.confirm_observation(actor=leader, observation=point)))
        for one, point in told:
            _follow(leader, people, one, point, end)
    with frozen(end + timedelta(minutes=50)):
        planning.close_debrief(actor=leader, debrief=wash, summary=row["summary"])
    for one, point in told:
        if "done" in one:
            with frozen(end + timedelta(days=one["due"] - 1)):
                planning.end_action(actor=leader, observation=point, outcome=one["done"])


def _follow(leader: User, people: People, one: dict[str, Any], point: Any, end: datetime) -> None:
    """Words for the client, the action, the lesson."""
    planning.release_words(actor=leader, observation=point, words=one["client"])
    if "action" in one:
        planning.plan_action(
            actor=leader,
            observation=point,
            action=one["action"],
            owner=people[f"{one['owner']}@varangian.invalid"],
            due=end + timedelta(days=one["due"]),
        )
    lesson = one.get("lesson")
    if lesson is None:
        return
    operation = point.debrief.operation
    aim: dict[str, Any] = {}
    if "place" in lesson:
        circle = operation.engagement.compartment_id
        known = places.places(leader).filter(compartment_id=circle)
        aim = {"place": next(p for p in known if p.name == lesson["place"]), "item": lesson["item"]}
    else:
        card = operation.cards.get(library_id=lesson["card"])
        aim = {"card": card, "proposal": {"do_not": lesson["do_not"]}}
    planning.send_lesson(actor=leader, observation=point, text=lesson["text"], **aim)
