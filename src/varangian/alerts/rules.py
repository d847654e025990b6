"""Urgency and escalation."""

from datetime import datetime, timedelta
from functools import cache
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from varangian.kernel.library import Keyed, LibraryFile, load_yaml, pick, unique

RANK = {"inform": 0, "attention": 1, "now": 2}


class Step(Keyed):
    """What happens to an alert of this urgency that nobody acknowledges."""

    after_minutes: int = Field(ge=1, le=7 * 24 * 60)
    raise_to: Literal["inform", "attention", "now"]
    repeat: int = Field(ge=0, le=100)


class Escalation(LibraryFile):
    steps: Annotated[tuple[Step, ...], AfterValidator(unique)] = Field(min_length=1)

    def of(self, urgency: str) -> Step:
        return pick(self.steps, urgency, "step of escalation")


@cache
def escalation() -> Escalation:
    return load_yaml("varangian.alerts", "escalation.yaml", Escalation)


def rises(before: str, after: str) -> bool:
    return RANK[after] > RANK[before]


def due(step: Step, *, urgency: str, since: datetime, escalations: int, at: datetime) -> bool:
    """``since`` is when it was raised or last escalated."""
    if step.raise_to == urgency and escalations > step.repeat:
        return False
    return at - since >= timedelta(minutes=step.after_minutes)
