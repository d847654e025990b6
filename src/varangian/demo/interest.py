"""Persons of interest of the worked operation: one that is managed, one that nobody knows."""

from datetime import datetime, timedelta
from typing import Any

from varangian.kernel.clock import frozen
from varangian.operations.models import Operation
from varangian.platform.access.models import User
from varangian.threats import queries as threats
from varangian.threats.models import Person
from varangian.threats.queries import bolo as cards
from varangian.threats.services import persons

from .travel import ANALYST, LEADER, story

People = dict[str, User]


def fill(operation: Operation, people: People, start: datetime) -> None:
    """The first is named in the threat and is whom the card that is out is about."""
    made = [_person(operation, people, row, start) for row in story()["persons"]]
    leader, known = people[LEADER], made[0]
    threat = threats.sources(leader, operation).get(serial=1)
    persons.name_in_threat(actor=leader, person=known, source=threat)
    card = cards.card_numbered(leader, operation, 1)
    persons.tie_card(actor=leader, person=known, card=card)


def _person(operation: Operation, people: People, row: dict[str, Any], start: datetime) -> Person:
    apart = ("days", "reviewer", "facts", "moves")
    fields = {name: value for name, value in row.items() if name not in apart}
    analyst = people[ANALYST]
    with frozen(start - timedelta(days=row["days"])):
        made = persons.refer_person(
            actor=analyst,
            engagement=operation.engagement,
            principal=operation.principal,
            reviewer=people[row["reviewer"]],
            **fields,
        )
        for fact in row["facts"]:
            persons.add_fact(actor=analyst, person=made, **fact)
    for move in row["moves"]:
        with frozen(start - timedelta(days=move["days"])):
            given = {"state": move["state"], "reason": move["reason"]}
            made = persons.move_person(actor=analyst, person=made, **given)
    return made
