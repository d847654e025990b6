"""Write down what is public, look again whether it still is, or accept that it is."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, require
from varangian.platform.audit.services import note

from ... import exposure_rules, rules
from ...events import exposure_raised
from ...models import Exposure, ExposureLook, Principal
from ...models.exposure import Status
from ..common import held
from .common import keep, locked, named, record, say


def draft(principal: Principal, serial: int, actor: Actor, fields: dict[str, Any]) -> Exposure:
    """Not kept yet; refused when something of it is wrong."""
    given = exposure_rules.checked_fields(fields)
    due: date | None = given.pop("recheck_due", None)
    item = Exposure(
        key_id=principal.key_id,
        compartment_id=principal.compartment_id,
        principal=principal,
        serial=serial,
        added_by_id=actor.pk,
        looked_at=now(),
        **given,
    )
    exposure_rules.check_item(item)
    item.recheck_due = _checked_due(due) or exposure_rules.next_look(item.kind)
    return item


def next_serial(principal: Principal) -> int:
    return (principal.exposures.aggregate(last=Max("serial"))["last"] or 0) + 1  # pyright: ignore


@transaction.atomic
def add_exposure(
    *, actor: Actor, principal: Principal, kind: str, what: str, **fields: Any
) -> Exposure:
    """``fields``: detail, where, link, notes, found_by, seen_on, sensitivity, recheck_due."""
    require(actor, "exposure.change", principal.compartment_id)
    principal = held(actor, principal)
    item = draft(principal, next_serial(principal), actor, {**fields, "kind": kind, "what": what})
    item.save(force_insert=True)
    record(item, "added", "Added", actor)
    say(principal, "added", f"{item.label} added", actor, ("exposure", item.pk))
    return item


@transaction.atomic
def change_exposure(*, actor: Actor, item: Exposure, **fields: Any) -> Exposure:
    require(actor, "exposure.change", item.compartment_id)
    item = locked(actor, item)
    given = exposure_rules.checked_fields(fields)
    if given.get("recheck_due", item.recheck_due) is None:
        given.pop("recheck_due")
    differing = [name for name, value in given.items() if getattr(item, name) != value]
    if not differing:
        return item
    before, hidden = item.get_sensitivity_display(), exposure_rules.masked(item)
    for name in differing:
        setattr(item, name, given[name])
    exposure_rules.check_item(item)
    if hidden and not exposure_rules.masked(item):
        raise Refused(
            "This would show what is masked",
            where="kind, detail",
            mend="Keep it as it is, or write another item.",
        )
    if "recheck_due" in differing:
        _checked_due(item.recheck_due)
    words = ", ".join(exposure_rules.WORDS[name] for name in differing)
    if "sensitivity" in differing:
        words += f" (from {before} to {item.get_sensitivity_display()})"
    return keep(item, "changed", f"Changed: {words}", actor, f"changed: {words}")


@transaction.atomic
def look_again(*, actor: Actor, item: Exposure, there: bool, words: str = "") -> Exposure:
    """Somebody has looked whether it is still public. What was taken down may have come back."""
    require(actor, "exposure.change", item.compartment_id)
    named(actor, "say that they have looked")
    item = locked(actor, item)
    before = item.status
    if there and before == Status.TAKEN_DOWN:
        item.status = Status.CAME_BACK
    elif not there:
        item.status = Status.TAKEN_DOWN
    item.looked_at, item.recheck_due = now(), exposure_rules.next_look(item.kind)
    told = "still there" if there else "no longer there"
    if item.status == Status.CAME_BACK and before != Status.CAME_BACK:
        told = "came back"
    text = f"Looked: {told}. {words.strip()}".strip()
    event = item.status if item.status != before else "looked"
    return keep(item, event, text, actor, told, stale=item.status != before)


@transaction.atomic
def accept_exposure(*, actor: Actor, item: Exposure, reason: str) -> Exposure:
    """It stays public, and a named person says why that can be borne."""
    require(actor, "exposure.accept", item.compartment_id)
    named(actor, "accept that something stays public")
    item = locked(actor, item)
    if not item.open:
        raise Refused("This is not open", where=f"{item.label}, {item.get_status_display()}")
    reason = " ".join(reason.split())
    if len(reason) < rules.SHORTEST_PURPOSE:
        raise Refused(
            f"A reason has at least {rules.SHORTEST_PURPOSE} characters",
            where="reason",
            mend="Say why it can stay.",
        )
    item.status, item.accepted_by, item.accepted_reason = Status.ACCEPTED, actor, reason[:2000]
    return keep(item, "accepted", f"Accepted: {reason}", actor, "accepted")


@transaction.atomic
def raise_threat(*, actor: Actor, item: Exposure) -> list[str]:
    """Say upward that this is more than a fact. The register answers with what it drafted; it
    decides there what comes of it."""
    require(actor, "exposure.change", item.compartment_id)
    named(actor, "raise a threat")
    item = locked(actor, item)
    if not item.open:
        raise Refused("This is not open", where=f"{item.label}, {item.get_status_display()}")
    answers = exposure_raised.send(sender=Exposure, item=item, actor=actor)
    made = [words for _, answer in answers for words in answer or []]
    if not made:
        raise Refused(
            "No operation of this principal has a register that you may write",
            where=item.label,
            mend="Open an operation, or ask its detail leader; or it is in each register already.",
        )
    words = f"Raised as a threat: {', '.join(made)}"
    keep(item, "raised", words, actor, "raised as a threat", stale=False)
    return made


@transaction.atomic
def note_look(*, actor: Actor, principal: Principal) -> ExposureLook:
    """What comes from now on is new to this person."""
    require(actor, "exposure.view", principal.compartment_id)
    named(actor, "have looked")
    return ExposureLook.objects.create(
        compartment_id=principal.compartment_id, principal=principal, by=actor, at=now()
    )


def read_exposure(*, actor: Actor, record: Principal | Exposure) -> None:
    """Reading what is collected about somebody leaves a note."""
    note(kind="read", record=record, actor=actor, purpose="exposure")


@transaction.atomic
def open_exposure(*, actor: Actor, principal: Principal, purpose: str) -> None:
    """Show the masked items in plain words, for one reading; who and why stays in the audit."""
    require(actor, "exposure.view", principal.compartment_id)
    require(actor, "principal.unmask", principal.compartment_id)
    purpose = rules.checked_purpose(purpose)
    held(actor, principal)
    changes = {"section": "exposure"}
    note(kind="unmask", record=principal, actor=actor, purpose=purpose, changes=changes)


def _checked_due(due: date | None) -> date | None:
    if due is not None and due <= now().date():
        raise Refused(
            "The next look lies in the past", where=f"next look {due}", mend="Give a later day."
        )
    return due
