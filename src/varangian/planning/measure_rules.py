"""What a measure may be: its fields, its states, and what it needs to be agreed or in place."""

from datetime import datetime
from typing import Any, get_args

from varangian.kernel.clock import now
from varangian.kernel.library import Responsibility
from varangian.kernel.results import NotFound, Refused

from .library import order_structure
from .models import Measure

CHANGEABLE = {
    "title",
    "task",
    "heading",
    "responsibility",
    "post",
    "owner",
    "due",
    "cost",
    "hours",
    "people",
    "discomfort",
}
IN_THE_ORDER = {"task", "heading", "post"}
"""A change of these makes the order lines that rest on the measure stale."""
STATES: dict[str, set[str]] = {
    "proposed": {"agreed", "in_place", "dropped"},
    "agreed": {"proposed", "in_place", "dropped"},
    "in_place": {"agreed", "dropped"},
    "dropped": {"proposed"},
}


def check_names(fields: dict[str, Any]) -> None:
    unknown = set(fields) - CHANGEABLE
    if unknown:
        raise Refused("These fields cannot be set", where=", ".join(sorted(unknown)))


def check(measure: Measure) -> None:
    for name in ("title", "task"):
        if not getattr(measure, name).strip():
            raise Refused(f"A measure needs a {name}", where=name)
    known = get_args(Responsibility)
    if measure.responsibility not in known:
        raise Refused("Unknown responsibility", measure.responsibility, f"{', '.join(known)}.")
    try:
        order_structure().heading(measure.heading)
    except NotFound as error:
        raise Refused(error.what, where="heading", mend=error.mend) from error
    if not 0 <= measure.discomfort <= 3:
        raise Refused("Discomfort to the principal is 0 (none) to 3 (heavy)", "discomfort")
    amounts = (measure.cost, measure.hours, measure.people)
    if any(value is not None and value < 0 for value in amounts):
        raise Refused("Cost, hours and people are not below zero", where=measure.title)
    if measure.post is not None and measure.post.operation_id != measure.operation_id:
        raise Refused("This post belongs to another operation", where="post")


def check_step(measure: Measure, state: str) -> None:
    possible = STATES[measure.state]
    if state not in possible:
        raise Refused(
            f"A measure that is {words(measure.state)} cannot become {words(state)}",
            where=measure.label,
            mend=f"Possible now: {', '.join(sorted(map(words, possible)))}.",
        )


def check_agreed(measure: Measure) -> None:
    """Agreed means somebody does it by a time."""
    if measure.post is None and measure.owner is None:
        raise Refused(
            "Nobody would do it",
            where=measure.label,
            mend="Give the measure a post or an owner, then agree it.",
        )
    measure.due = measure.due or measure.operation.starts


def verified(measure: Measure, verified_at: datetime | None) -> datetime:
    if verified_at is None:
        raise Refused(
            "In place means that somebody has checked",
            where=measure.label,
            mend="Say when it was verified.",
        )
    if verified_at > now():
        raise Refused("It cannot have been verified in the future", where="verified at")
    return verified_at


def difference(measure: Measure, name: str, value: Any) -> str:
    if name == "post":
        return f"post {_title(measure.post)} to {_title(value)}"
    if name == "heading":
        return f"heading {measure.heading} to {value}"
    return f"{name} rewritten" if name in ("task", "title") else f"{name} changed"


def _title(post: Any) -> str:
    return post.title if post else "none"


def words(state: str) -> str:
    return state.replace("_", " ")
