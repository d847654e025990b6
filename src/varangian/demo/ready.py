"""What is left is accepted, what no record shows is confirmed, and the go is signed."""

from datetime import datetime, timedelta
from typing import Any

from varangian.operations import services as operations
from varangian.operations.models import Operation
from varangian.planning import services as planning
from varangian.platform.access.models import User
from varangian.threats import queries as threats
from varangian.threats import services as threat_services

WHY = "Measures are in place and held by named posts; the rest was told to the client."


def accept(operation: Operation, leader: User) -> None:
    """A band that asks for the client hears of it from the leader, who writes down who agreed."""
    for row in threats.register(leader, operation):
        for seat in row.missing:
            by = "Petra Holm, for the trust" if seat == "client" else ""
            threat_services.accept_risk(
                actor=leader, risk=row.risk, note=WHY, seat=seat, given_by=by
            )


def cards(operation: Operation, leader: User, story: dict[str, Any], start: datetime) -> None:
    """The standard set, fitted, put in force and walked through."""
    taken, _ = planning.take_cards(actor=leader, operation=operation)
    by_name = {card.library_id: card for card in taken}
    for row in story["cards"]:
        texts = {name: words for name, words in row.items() if name != "card"}
        planning.change_card(actor=leader, card=by_name[row["card"]], **texts)
    for card in taken:
        card.refresh_from_db()
        planning.put_in_force(actor=leader, card=card)
    for row in story["rehearsals"]:
        planning.record_rehearsal(
            actor=leader,
            operation=operation,
            chosen=[card for card in taken if card.library_id in row["cards"] or not row["cards"]],
            posts=list(operation.posts.filter(call_sign__in=row["call_signs"])),  # pyright: ignore
            held_at=start + timedelta(hours=row["hours"]),
            minutes=row["minutes"],
            findings=row["findings"],
        )


def communications(
    operation: Operation, people: dict[str, User], story: dict[str, Any], start: datetime
) -> None:
    leader = people["leader@varangian.invalid"]
    planning.write_comms(actor=leader, operation=operation, **story["comms"])
    posts = {post.call_sign: post for post in operation.posts.all()}  # pyright: ignore
    for row in story["comms_tests"]:
        planning.record_test(
            actor=people[row["by"]],
            operation=operation,
            rank=row["rank"],
            result=row["result"],
            post=posts[row["sign"]],
            note=row["note"],
            tested_at=start + timedelta(hours=row["hours"]),
        )


def go(
    operation: Operation, people: dict[str, User], story: dict[str, Any], start: datetime
) -> None:
    leader = people["leader@varangian.invalid"]
    for row in story["confirmed"]:
        planning.confirm_artefact(
            actor=people[row["by"]],
            operation=operation,
            artefact=row["artefact"],
            note=row["note"],
        )
    for row in story["waived"]:
        planning.confirm_artefact(
            actor=leader,
            operation=operation,
            artefact=row["artefact"],
            note=row["note"],
            waive=True,
            until=start + timedelta(hours=row["hours"]),
        )
    planning.decide(actor=leader, operation=operation, kind="go", reason=story["go"])
    operations.set_operation_state(actor=leader, operation=operation, state="active")
