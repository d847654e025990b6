"""The go gates the start of an operation, and hangs on the thread."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse

from varangian.kernel.results import Refused
from varangian.operations import tabs
from varangian.operations.events import operation_state_asked
from varangian.platform.thread import expiry, registry

from .queries import decisions, expiring

MEND = "The detail leader signs the go under Readiness; without one, say there why you start."


def register_all() -> None:
    registry.register(
        "go",
        words="Go",
        model="planning.Decision",
        caption=lambda row: row.label,
        url=_readiness,
    )
    registry.register(
        "waiver",
        words="Waiver",
        model="planning.Confirmation",
        caption=lambda row: row.title,
        url=_readiness,
    )
    tabs.add(
        "thread",
        "Thread",
        icon="affiliate",
        url_name="planning:thread",
        action="stale.clear",
        rank=70,
    )
    expiry.register("waivers", expiring.waivers)
    expiry.register("assessments", expiring.assessments)
    expiry.register("reviews", expiring.reviews)
    operation_state_asked.connect(gate, dispatch_uid="planning.go")


def _readiness(row: Any) -> str:
    return reverse("planning:readiness", args=[row.operation.slug])


def gate(*, operation: Any, state: str, actor: Any, **_: Any) -> None:
    """No operation starts without a go in date, or somebody's name under starting without it."""
    if state != "active":
        return
    found = decisions.standing(actor, operation)
    if found.holds:
        return
    raise Refused(_why(found, operation), where=operation.slug, mend=MEND)


def _why(found: decisions.Standing, operation: Any) -> str:
    decision = found.decision
    if decision is None:
        return "There is no go for this operation"
    signed = f"{decision.name} at {_clock(decision.at, operation)}"
    if found.state == "lapsed" and decision.until:
        return f"The go by {signed} held until {_clock(decision.until, operation)}"
    if found.state == "shaken":
        return f"Since the go by {signed} something has changed: {found.stale[0]}"
    return f"The last word is no go, by {signed}"


def _clock(at: datetime, operation: Any) -> str:
    return f"{at.astimezone(ZoneInfo(operation.time_zone)):%d %b %H:%M %Z}"
