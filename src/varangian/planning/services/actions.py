"""What is to be done about an observation, by whom, until when; and what is overdue."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from varangian.alerts.services import raise_alert, supersede
from varangian.kernel.clock import now
from varangian.kernel.results import Denied, Refused
from varangian.platform.access.roles import roles_for
from varangian.platform.access.scope import SYSTEM, Actor, may, require, role_in, system_read

from ..models import Observation
from ..queries import debrief as reads
from .debrief import clean, fresh, tell
from .issuing import named

Action = Observation.Action
OVER = (Action.DONE, Action.DROPPED)
MOST_TITLE = 80


@transaction.atomic
def plan_action(
    *,
    actor: Actor,
    observation: Observation,
    action: str = "",
    owner: Any = None,
    due: datetime | None = None,
) -> Observation:
    """What, who, until when. Once the hot wash is signed only who and when may still change."""
    require(actor, "debrief.act", observation.compartment_id)
    row = fresh(actor, observation)
    if row.action_state in OVER:
        raise Refused("This action has ended", where=row.label)
    words = clean(action or row.action, "action")
    if row.debrief.closed_at is not None and words != row.action:
        raise Refused(
            "The action stands under the signature of the hot wash",
            where=row.label,
            mend="Drop it with a reason; who does it and until when may change.",
        )
    owner, due = owner or row.owner, due or row.due
    _check(row, owner, due)
    row.action, row.owner, row.due, row.action_state = words, owner, due, Action.OPEN
    row.save(update_fields=["action", "owner", "due", "action_state"])
    supersede(source="observation", about=row.pk, reason="Planned anew", actor=actor)
    tell(row.debrief, "planned", f"Hot wash: {row.label} has an action", actor, row)
    return row


def _check(row: Observation, owner: Any, due: datetime | None) -> None:
    if owner is None:
        raise Refused("Say who does it", where=row.label)
    if role_in(owner, row.compartment_id) not in roles_for("debrief.view"):
        raise Refused(
            "This person does not see the hot wash", where=str(owner), mend="Choose a member."
        )
    if due is None:
        raise Refused("Say until when", where=row.label)
    if due <= now() and due != row.due:
        raise Refused("This time has passed", where=row.label, mend="Give a date to come.")


@transaction.atomic
def end_action(
    *, actor: Actor, observation: Observation, outcome: str, dropped: bool = False
) -> Observation:
    """By its owner, the leader or the operator: done, or dropped for a reason."""
    require(actor, "debrief.view", observation.compartment_id)
    named(actor, "end an action")
    row = fresh(actor, observation)
    if row.owner_id != actor.pk and not may(actor, "debrief.act", row.compartment_id):  # pyright: ignore
        raise Denied("Its owner ends an action", where=row.label, mend="Or the detail leader.")
    if row.action_state != Action.OPEN:
        raise Refused("There is no open action here", where=row.label)
    row.outcome = clean(outcome, "outcome")
    row.action_state = Action.DROPPED if dropped else Action.DONE
    row.ended_by, row.ended_at = actor, now()
    row.save(update_fields=["outcome", "action_state", "ended_by", "ended_at"])
    supersede(source="observation", about=row.pk, reason="The action has ended", actor=actor)
    words = "dropped" if dropped else "done"
    tell(row.debrief, words, f"Hot wash: action of {row.label} {words}", actor, row)
    return row


@transaction.atomic
@system_read("what is overdue is overdue for everybody; the job acts for nobody")
def remind_overdue() -> int:
    """Ask a person about each overdue action, once; returns how many there are."""
    at = now()
    rows = reads.overdue(SYSTEM, at).filter(~Q(debrief__operation__principal__state="erased"))
    for row in rows:
        raise_alert(
            operation=row.debrief.operation,
            title=f"Action overdue: {row.action[:MOST_TITLE]}",
            source="observation",
            about=row.pk,
            dedupe=f"action {row.pk} {row.due:%Y%m%d%H%M}",
            body=f"{row.label} of the hot wash: {row.action}",
            action=f"{row.owner}: do it and say so, or say why not.",
        )
    return len(rows)
