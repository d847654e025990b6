"""Write crowd management plans: drafted from what is known, worded, signed, put in force."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Refused
from varangian.operations.models import Operation
from varangian.platform.access.scope import Actor, require
from varangian.platform.audit.approval import approve
from varangian.platform.live.services import publish
from varangian.platform.news.services import announce

from ..models import CrowdPlan, VenuePlan
from ..plan.content import SECTIONS, plain, read_content
from ..plan.prefill import prefilled, refreshed
from ..queries import plans as queries
from ..queries import venues

State = CrowdPlan.State
OPENS_BEFORE, CLEAR_AFTER = timedelta(hours=2), timedelta(hours=1)


@transaction.atomic
def draft_plan(*, actor: Actor, operation: Operation, venue: VenuePlan) -> CrowdPlan:
    """A new version: the words of the one before with today's figures, else prefilled."""
    require(actor, "crowd.change", operation.compartment_id)
    if venue.operation_id not in (None, operation.pk):  # pyright: ignore[reportAttributeAccessIssue]
        raise Refused("This venue belongs to another operation", where=venue.name)
    VenuePlan.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=venue.pk)
    there = queries.waiting(actor, operation, venue)
    if there is not None:
        raise Conflict(
            f"There is one already, {there.get_state_display().lower()}",
            where=f"{there.serial} version {there.version}",
            mend="Write on that one; sign it, or stand it down.",
        )
    drawn = venues.version(actor, venue)
    known = queries.known(actor, drawn)
    before = queries.plans(actor, operation).filter(venue=venue)
    last = before.order_by("-version").first()
    if last is not None:
        content = refreshed(queries.content_of(last), known)
    else:
        content = prefilled(known, times=_times(operation), name=venue.name)
    number = (before.aggregate(last=Max("version"))["last"] or 0) + 1
    plan = CrowdPlan.objects.create(
        key_id=operation.key_id, compartment_id=operation.compartment_id,  # pyright: ignore
        operation=operation, venue=venue, drawn=drawn, version=number, content=plain(content),
        drafted_by_id=actor.pk,
    )  # fmt: skip
    _tell(plan, "drafted", actor)
    return plan


def _times(operation: Operation) -> dict[str, Any]:
    if operation.starts is None or operation.ends is None:
        return {}
    return {
        "opens": operation.starts - OPENS_BEFORE, "starts": operation.starts,
        "ends": operation.ends, "clear": operation.ends + CLEAR_AFTER,
    }  # fmt: skip


@transaction.atomic
def write_plan(
    *, actor: Actor, plan: CrowdPlan, section: str, value: Any, expected: int | None = None
) -> CrowdPlan:
    """One part of a draft anew. ``expected``: the save that the writer had before them."""
    require(actor, "crowd.change", plan.compartment_id)
    if section not in SECTIONS:
        raise Refused(f"A plan has no part {section}", "section", f"One of {', '.join(SECTIONS)}.")
    held = _locked(actor, plan)
    _draft_only(held)
    if expected is not None and held.saved != expected:
        raise Conflict(
            "Somebody saved this plan while you were writing",
            where=f"{held.serial} version {held.version}",
            mend="Load it again; what you typed is kept as a draft.",
        )
    given = _with_facts(held, value) if section == "matrix" else value
    held.content = plain(read_content({**held.content, section: given}))
    held.saved += 1
    held.save(update_fields=["content", "saved"])
    _saved(held)
    return held


def _with_facts(plan: CrowdPlan, value: Any) -> Any:
    """The figures of a cell come from venue and runs: what is sent with them does not count, and
    cells that are not sent stay."""
    cells = dict(plan.content["matrix"])
    if not isinstance(value, dict):
        return value
    for name, cell in value.items():
        words = cell.get("text", "") if isinstance(cell, dict) else cell
        cells[name] = {"text": words, "facts": cells.get(name, {}).get("facts", [])}
    return cells


@transaction.atomic
def refresh_plan(*, actor: Actor, plan: CrowdPlan) -> CrowdPlan:
    """Today's drawing and figures; what was written stays."""
    require(actor, "crowd.change", plan.compartment_id)
    held = _locked(actor, plan)
    _draft_only(held)
    held.drawn = venues.version(actor, held.venue)
    held.content = plain(refreshed(queries.content_of(held), queries.known(actor, held.drawn)))
    held.saved += 1
    held.figures_at = now()
    held.save(update_fields=["drawn", "content", "saved", "figures_at"])
    _saved(held)
    return held


@transaction.atomic
def approve_plan(*, actor: Actor, plan: CrowdPlan) -> CrowdPlan:
    """The signature of a leader over every word. What must not be missing refuses it."""
    require(actor, "crowd.approve", plan.compartment_id)
    named(actor, "sign a crowd plan")
    held = _locked(actor, plan)
    _expect(held, State.DRAFT, "signed")
    where = f"{held.serial} version {held.version}"
    if changed := queries.newer(actor, held):
        raise Refused(
            f"Since its figures were taken: {changed[0]}", where, "Bring the figures up to date."
        )
    barring = [gap for gap in queries.gaps_of(held) if gap.bars]
    if barring:
        words = "; ".join(gap.words for gap in barring[:5])
        raise Refused(f"A plan is not signed like this: {words}", where, "Write it, then sign.")
    approve(held, actor, queries.signed_digest(held))
    held.state = State.APPROVED
    held.save()
    _tell(held, "signed", actor)
    return held


@transaction.atomic
def put_plan_in_force(*, actor: Actor, plan: CrowdPlan, without: str = "") -> CrowdPlan:
    """Organiser and venue have agreed, or ``without`` says why it counts though they have not."""
    require(actor, "crowd.approve", plan.compartment_id)
    named(actor, "put a crowd plan in force")
    held = _locked(actor, plan)
    _expect(held, State.APPROVED, "put in force")
    where = f"{held.serial} version {held.version}"
    if broken := queries.fault(held):
        raise Refused(broken, where, "Do not use this plan. Tell the auditor.")
    lacking = queries.lacking(actor, held)
    if lacking and not without.strip():
        raise Refused(
            f"Not agreed yet by: {', '.join(lacking).lower()}", where,
            "Record who agreed and when, or say why it counts without.",
        )  # fmt: skip
    older = queries.plans(actor, held.operation).filter(venue=held.venue, state=State.IN_FORCE)
    for old in older:
        old.state = State.SUPERSEDED
        old.save(update_fields=["state"])
    held.state, held.in_force_at, held.in_force_by_id = State.IN_FORCE, now(), actor.pk
    held.without = without.strip()[:400] if lacking else ""
    held.save()
    _tell(held, "in force", actor)
    return held


@transaction.atomic
def stand_down_plan(*, actor: Actor, plan: CrowdPlan) -> CrowdPlan:
    """Nobody acts on it any more. A draft is put away the same way."""
    require(actor, "crowd.change", plan.compartment_id)
    held = _locked(actor, plan)
    if held.state in (State.STOOD_DOWN, State.SUPERSEDED):
        raise Refused(f"It is {held.get_state_display().lower()} already", where=held.serial)
    if held.state != State.DRAFT:
        require(actor, "crowd.approve", held.compartment_id)
    held.state = State.STOOD_DOWN
    held.save(update_fields=["state"])
    _tell(held, "stood down", actor)
    return held


def named(actor: Actor, what: str) -> None:
    if actor.is_system:
        raise Refused(f"Only a named person can {what}", mend="Use --as with a person's e-mail.")


def _locked(actor: Actor, plan: CrowdPlan) -> CrowdPlan:
    return queries.plans(actor).select_for_update(of=("self",)).get(pk=plan.pk)


def _draft_only(plan: CrowdPlan) -> None:
    if plan.state != State.DRAFT:
        raise Refused(
            f"A plan that is {plan.get_state_display().lower()} is not changed",
            where=f"{plan.serial} version {plan.version}",
            mend="Draft the next version.",
        )


def _expect(plan: CrowdPlan, state: str, words: str) -> None:
    if plan.state != state:
        raise Refused(
            f"A plan that is {plan.get_state_display().lower()} cannot be {words}",
            where=f"{plan.serial} version {plan.version}",
            mend="Draft, then sign, then put it in force.",
        )


def _saved(plan: CrowdPlan) -> None:
    """Open screens hear of every save; the log hears of versions."""
    publish(topic="crowds", kind="plan", record=plan.pk, compartment_id=plan.compartment_id)


def _tell(plan: CrowdPlan, event: str, actor: Actor) -> None:
    announce(
        topic="crowds",
        event=event.replace(" ", "_"),
        text=f"Crowd plan version {plan.version} {event}",
        compartment_id=plan.compartment_id,
        operation_id=plan.operation_id,  # pyright: ignore[reportAttributeAccessIssue]
        record=("crowd_plan", plan.pk),
        actor=actor,
    )
