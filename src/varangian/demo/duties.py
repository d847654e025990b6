"""The roster of the worked operation: published, some have answered, one place is open."""

from datetime import datetime, timedelta
from importlib.util import find_spec
from typing import Any

from varangian.kernel.results import Refused
from varangian.operations.models import Operation
from varangian.planning import services as planning
from varangian.planning.queries import roster as rows
from varangian.platform.access.models import User


def fill(
    operation: Operation, people: dict[str, User], story: dict[str, Any], start: datetime
) -> None:
    """Without the solver's package there is no roster: its screens say what to install."""
    if find_spec("ortools") is None:
        return
    leader, told = people["leader@varangian.invalid"], story["roster"]
    for email, facts in told["officers"].items():
        planning.write_officer(
            actor=leader, operation=operation, person=people[email], **_dated(facts, start)
        )
    posts = {post.call_sign: post for post in operation.posts.all()}  # pyright: ignore
    for row in told["shifts"]:
        shift = planning.add_shift(
            actor=leader,
            operation=operation,
            post=posts.get(row.get("post", "")),
            title=row.get("title", ""),
            vehicle=row.get("vehicle", ""),
            starts=start + timedelta(minutes=row["from"]),
            ends=start + timedelta(minutes=row["until"]),
            needs=row.get("needs"),
        )
        _put(leader, shift, people.get(row.get("who", "")))
    planning.plan(actor=leader, operation=operation)
    planning.publish(actor=leader, operation=operation)
    _answer(people, told["accepted"], start)


def _dated(facts: dict[str, Any], start: datetime) -> dict[str, Any]:
    """Licences run out so many days from the start."""
    made = dict(facts)
    for name in ("licences", "medical", "driving", "firearms"):
        made[name] = [
            {"name": one["name"], "until": str((start + timedelta(days=one["days"])).date())}
            for one in facts.get(name, ())
        ]
    return made


def _put(leader: User, shift: Any, person: User | None) -> None:
    """At some hours of loading a rule stands against it; then the solver finds somebody."""
    if person is None:
        return
    try:
        planning.assign(actor=leader, shift=shift, person=person)
    except Refused:
        return


def _answer(people: dict[str, User], accepted: list[str], start: datetime) -> None:
    for email in accepted:
        for row in rows.duties_of(people[email], start):
            planning.answer(actor=people[email], assignment=row, accept=True)
