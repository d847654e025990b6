"""Threats, risks, measures, orders, log and alerts of the worked operation."""

from datetime import datetime, timedelta
from typing import Any

from varangian.intelligence.services import import_feed
from varangian.log import services as log
from varangian.operations.models import Operation
from varangian.planning import services as planning
from varangian.planning.models import Measure, Order
from varangian.platform.access.models import User
from varangian.platform.access.scope import SYSTEM
from varangian.platform.thread.queries import stale_marks
from varangian.platform.thread.services import clear
from varangian.threats import services as threats
from varangian.threats.library import risks as standard_risks

from . import hazards, ready

People = dict[str, User]


def prepare(operation: Operation, people: People, story: dict[str, Any], start: datetime) -> None:
    leader = people["leader@varangian.invalid"]
    analyst = people["analyst@varangian.invalid"]
    for user in people.values():
        user.__dict__.pop("_reach", None)
    _assess(operation, leader, analyst, story)
    _register(operation, leader, analyst, story)
    operation.refresh_from_db()
    _look_again(operation, leader)
    ready.accept(operation, leader)
    ready.communications(operation, people, story, start)
    ready.cards(operation, leader, story, start)
    _order(operation, leader, people)
    ready.go(operation, people, story, start)
    _write_log(operation, people, story, start)
    import_feed(actor=SYSTEM, data=hazards.feed(start), kind="geojson", name="worked-operation")
    _after_issue(operation, leader)


def _assess(operation: Operation, leader: User, analyst: User, story: dict[str, Any]) -> None:
    for row in story["threats"]:
        fields = {name: value for name, value in row.items() if name != "state"}
        source = threats.add_source(actor=analyst, operation=operation, **fields)
        source = threats.set_source_state(actor=analyst, source=source, state="reviewed")
        if row["state"] == "approved":
            threats.set_source_state(actor=leader, source=source, state="approved")
    threats.assess(actor=leader, operation=operation, **story["assessment"])


def _register(operation: Operation, leader: User, analyst: User, story: dict[str, Any]) -> None:
    """Named risks first, then further ones of the library, one responsibility after another."""
    known = [risk.id for risk in standard_risks().risks]
    wanted = [name for name in story["risks"] if name in known]
    wanted += [name for name in known[::6] if name not in wanted]
    chosen = wanted[: story["risk_choices"]]
    threats.add_from_library(actor=analyst, operation=operation, library_ids=chosen)
    source = operation.threat_sources.order_by("serial").first()  # pyright: ignore
    first = operation.risks.order_by("serial").first()  # pyright: ignore
    threats.change_risk(actor=analyst, risk=first, threat_source=source)
    found = Measure.objects.visible_to(leader).filter(operation=operation)
    measures = list(found.exclude(post=None))
    in_place = measures[: story["measures_in_place"]]
    agreed = measures[len(in_place) : len(in_place) + story["measures_agreed"]]
    for measure in in_place + agreed:
        measure = planning.set_measure_state(actor=leader, measure=measure, state="agreed")
        if measure in in_place:
            planning.set_measure_state(
                actor=leader, measure=measure, state="in_place", verified_at=measure.updated_at
            )


def _look_again(operation: Operation, leader: User) -> None:
    """Places were located and risks tied after the legs and measures: the leader has looked."""
    circles = [operation.compartment_id]
    waiting = {(mark.kind, mark.record) for mark in stale_marks(leader, circles)}
    for kind, record in waiting:
        clear(actor=leader, kind=kind, record=record, note="Checked with the advance")


def _order(operation: Operation, leader: User, people: People) -> None:
    for kind in (Order.Kind.WARNING, Order.Kind.OPERATION):
        order = planning.draft_order(actor=leader, operation=operation, kind=kind)
        order = planning.approve_order(actor=leader, order=order)
        order = planning.issue_order(actor=leader, order=order)
    late = {"follow@varangian.invalid", "assistant@varangian.invalid"}
    for post in operation.posts.select_related("holder"):  # pyright: ignore
        if post.holder and post.holder.email not in late:
            reader = people[post.holder.email]
            planning.acknowledge_order(actor=reader, order=order, post=post)


def _write_log(
    operation: Operation, people: People, story: dict[str, Any], start: datetime
) -> None:
    operator = people["operator@varangian.invalid"]
    for row in story["log"]:
        log.write_entry(
            actor=operator,
            operation=operation,
            at=start + timedelta(minutes=row["minutes"]),
            from_=row["from"],
            to=row["to"],
            event=row["event"],
            action=row["action"],
        )


def _after_issue(operation: Operation, leader: User) -> None:
    """The day moved on since the order: the next leg leaves earlier, so lines are stale."""
    from varangian.operations.services import change_movement

    leg = operation.movements.filter(state="confirmed").order_by("starts").first()  # pyright: ignore
    change_movement(actor=leader, movement=leg, starts=leg.starts - timedelta(minutes=10))
