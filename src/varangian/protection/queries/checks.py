"""Check calls of an operation, what is overdue first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from varangian.kernel.clock import now
from varangian.operations import queries as operations
from varangian.operations.models import Duty, Operation
from varangian.planning.queries import comms
from varangian.platform.access.scope import SYSTEM, Actor

from ..models import Check, CheckRule

RECENT = 40
TONES = {
    Check.Step.WAITING: "green",
    Check.Step.REMINDED: "blue",
    Check.Step.NUDGED: "amber",
    Check.Step.CALLED: "red",
    Check.Step.FIRED: "red",
}


@dataclass(frozen=True)
class Line:
    """One person on duty and the check call that is open, if any is due of them."""

    duty: Duty
    check: Check | None
    last: Check | None

    @property
    def tone(self) -> str:
        if self.check is None:
            gone = self.last is not None and self.last.outcome in ("missed", "lost")
            return "red" if gone else "grey"
        return TONES[Check.Step(self.check.step)]

    @property
    def words(self) -> str:
        if self.check is not None:
            return Check.Step(self.check.step).label.lower()
        gone = self.last is not None and self.last.outcome in ("missed", "lost")
        return self.last.get_outcome_display().lower() if gone and self.last else "none due"


def lines(actor: Actor, operation: Operation) -> list[Line]:
    """Everybody on duty; who is overdue stands on top."""
    duties = list(operations.on_duty(actor, operation))
    ids = [duty.pk for duty in duties]
    seen = Check.objects.visible_to(actor).filter(duty_id__in=ids)
    current = {row.duty_id: row for row in seen.filter(outcome="")}
    closed = seen.exclude(outcome="").order_by("duty_id", "-closed_at").distinct("duty_id")
    last = {row.duty_id: row for row in closed}
    rows = [Line(duty, current.get(duty.pk), last.get(duty.pk)) for duty in duties]
    far = datetime.max.replace(tzinfo=now().tzinfo)
    return sorted(rows, key=lambda row: row.check.due_at if row.check else far)


def recent(actor: Actor, operation: Operation) -> list[Check]:
    rows = Check.objects.visible_to(actor).filter(operation=operation).exclude(outcome="")
    found = rows.select_related("duty__person", "duty__post", "made_by").order_by("-closed_at")
    return list(found[:RECENT])


def rules(actor: Actor, operation: Operation) -> QuerySet[CheckRule]:
    found = CheckRule.objects.visible_to(actor).filter(operation=operation)
    return found.select_related("post").order_by("post__serial", "phase")


def planned_minutes(operation: Operation) -> int:
    """The interval of the communications plan; 0 when there is none."""
    plan = comms.current(SYSTEM, operation)
    return plan.check_minutes if plan else 0


def own(actor: Actor) -> Check | None:
    """For the countdown on the phone. One that was given up stays there as overdue: nothing on
    the screen tells that people are coming.
    """
    duty: Any = operations.own_duty(actor)
    if duty is None:
        return None
    found = Check.objects.visible_to(actor, "duty.take").filter(duty=duty).order_by("-due_at")
    last = found.select_related("operation").first()
    return last if last and last.outcome in ("", "missed", "lost") else None


def overdue(actor: Actor) -> list[Check]:
    """For the Board: in every operation, the longest first."""
    found = Check.objects.visible_to(actor).filter(outcome="", due_at__lt=now())
    found = found.exclude(operation__state__in=("closed", "cancelled"))
    if actor.is_system:
        found = found.filter(compartment__exercise=False)
    return list(found.select_related("duty__person", "duty__post", "operation").order_by("due_at"))
