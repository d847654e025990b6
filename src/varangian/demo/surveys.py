"""Surveys of the worked operation's places, as two years of visits would have left them."""

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from varangian.kernel.clock import frozen, now
from varangian.operations.models import Operation
from varangian.places import queries
from varangian.places import services as places
from varangian.planning import services as planning
from varangian.planning.queries import advance
from varangian.platform.access.models import User

from .drawings import drawing

People = dict[str, User]
LEADER, ADVANCE = "leader@varangian.invalid", "advance@varangian.invalid"
VERIFIED = 2


@cache
def story() -> dict[str, Any]:
    return yaml.safe_load(Path(__file__).with_name("surveys.yaml").read_text("utf-8"))


def fill(operation: Operation, people: People, start: datetime) -> None:
    """Round by round, each at its time; then the tasks of the advance for this operation."""
    for user in people.values():
        user.__dict__.pop("_reach", None)
    leader = people[LEADER]
    circle = operation.engagement.compartment_id
    known = {p.name: p for p in queries.places(leader).filter(compartment_id=circle)}
    for name, rounds in story().items():
        for row in rounds:
            with frozen(start - timedelta(days=row["days"])):
                _round(people, known[name], row)
    places.tell_expired(at=now())
    planning.plan_advance(actor=leader, operation=operation)
    _look(operation, people[ADVANCE])


def _round(people: People, place: Any, row: dict[str, Any]) -> None:
    who = people[f"{row['by']}@varangian.invalid"]
    notes = row.get("notes", {})
    answers: list[dict[str, Any]] = [
        {"item": item, "value": value, "note": notes.get(item, "")}
        for item, value in row.get("found", {}).items()
    ]
    answers += [
        {"item": item, "value": value, "note": notes.get(item, ""), "has_changed": True}
        for item, value in row.get("changed", {}).items()
    ]
    answers += [{"item": item, "still_so": True} for item in row.get("still", [])]
    report = places.answer_many(actor=who, place=place, answers=answers)
    assert all(one["taken"] for one in report), [one for one in report if not one["taken"]]
    for item, (drawing_name, caption) in row.get("pictures", {}).items():
        data = drawing(drawing_name)
        places.add_photo(actor=who, place=place, item=item, data=data, caption=caption)
    if "sign" in row:
        signed = row["sign"]
        gaps, note = signed.get("gaps", {}), signed.get("note", "")
        places.sign_survey(actor=people[LEADER], place=place, gaps=gaps, note=note)


def _look(operation: Operation, officer: User) -> None:
    """The advance has begun: the first tasks are done."""
    tappable = [
        row.task for view in advance.board(officer, operation) for row in view.open if row.tappable
    ]
    for task in tappable[:VERIFIED]:
        planning.verify_task(actor=officer, task=task)
