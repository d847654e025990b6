"""What is public about the principal of the worked operation, written down as it was found."""

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from varangian.kernel.clock import frozen
from varangian.operations.models import Operation
from varangian.platform.access.models import User
from varangian.principals.services import exposure

LEADER, ANALYST = "leader@varangian.invalid", "analyst@varangian.invalid"
FIELDS = ("kind", "detail", "what", "where", "link", "found_by", "sensitivity")
Step = tuple[int, Any]


@cache
def story() -> list[dict[str, Any]]:
    text = Path(__file__).with_name("exposure.yaml").read_text("utf-8")
    return yaml.safe_load(text)["items"]


def fill(operation: Operation, people: dict[str, User], start: datetime) -> None:
    """Oldest first, as the months of the picture want it."""
    steps: list[Step] = []
    made: dict[str, Any] = {}
    for row in story():
        steps += _steps(row, made, operation.principal, people, start)
    for days, act in sorted(steps, key=lambda step: -step[0]):
        with frozen(start - timedelta(days=days)):
            act()


def _steps(
    row: dict[str, Any], made: dict[str, Any], who: Any, people: dict[str, User], start: datetime
) -> list[Step]:
    leader, analyst = people[LEADER], people[ANALYST]
    fields = {name: row[name] for name in FIELDS if name in row}

    def add() -> None:
        seen = (start - timedelta(days=row["days"])).date()
        made[row["what"]] = exposure.add_exposure(
            actor=analyst, principal=who, seen_on=seen, **fields
        )

    def look(there: bool) -> None:
        exposure.look_again(actor=analyst, item=made[row["what"]], there=there)

    def accept() -> None:
        given = {"item": made[row["what"]], "reason": row["accepted"]}
        exposure.accept_exposure(actor=leader, **given)

    def give() -> None:
        task = row["task"]
        exposure.add_takedown(
            actor=leader,
            item=made[row["what"]],
            owner=analyst,
            counter=task["counter"],
            sent_to=task["sent_to"],
            due=(start + timedelta(days=task["due"])).date(),
        )

    steps: list[Step] = [(row["days"], add)]
    if "gone" in row:
        steps.append((row["gone"], lambda: look(False)))
    steps += [(row[name], lambda: look(True)) for name in ("back", "looked") if name in row]
    if "accepted" in row:
        steps.append((row["accepted_days"], accept))
    if "task" in row:
        steps.append((row["task"]["days"], give))
    return steps
