"""Open, change and close operations."""

from datetime import datetime
from typing import Any

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.ids import slugify
from varangian.kernel.results import Conflict, Refused
from varangian.platform.access.models import Membership
from varangian.platform.access.scope import Actor, may, require, system_read
from varangian.platform.access.services import open_compartment
from varangian.platform.database.slugs import save_under_free_slug
from varangian.platform.news.services import announce
from varangian.platform.thread.services import changed

from ..events import operation_opened, operation_state_asked, operation_state_set
from ..library import kinds
from ..models import Engagement, Operation
from ..rules import checked

STATES: dict[str, set[str]] = {
    "draft": {"planned", "cancelled"},
    "planned": {"active", "cancelled", "draft"},
    "active": {"closed", "cancelled"},
    "closed": set(),
    "cancelled": {"draft"},
}
CHANGEABLE = {
    "title",
    "intent",
    "kind",
    "threat_level",
    "profile_level",
    "time_zone",
    "starts",
    "ends",
    "plan",
}


@transaction.atomic
def open_operation(
    *,
    actor: Actor,
    engagement: Engagement,
    principal: Any,
    title: str,
    slug: str = "",
    kind: str = "visit",
    time_zone: str = "UTC",
    starts: datetime | None = None,
    ends: datetime | None = None,
    threat_level: str = "moderate",
    intent: str = "",
) -> Operation:
    """Its members start as those who lead, analyse and watch the engagement."""
    require(actor, "itinerary.import", engagement.compartment_id)
    if engagement.state == Engagement.State.CLOSED:
        mend = "Open an engagement for the new assignment."
        raise Refused("The engagement is closed", where=engagement.slug, mend=mend)
    given = _checked(
        {"title": title, "kind": kind, "time_zone": time_zone, "starts": starts, "ends": ends}
    )
    compartment = open_compartment(label="", parent=engagement.compartment)
    _bring_along(actor, compartment.pk, engagement)
    operation = Operation(
        key_id=principal.key_id,
        compartment=compartment,
        engagement=engagement,
        principal=principal,
        **given,
        threat_level=threat_level,
        intent=intent,
    )
    save_under_free_slug(operation, slugify(slug or title, "operation"), exact=False)
    slug = compartment.label = operation.slug
    compartment.save(update_fields=["label"])
    operation_opened.send(sender=Operation, operation=operation, actor=actor)
    _tell(operation, "opened", f"Operation {slug} opened as a draft", actor)
    return operation


@system_read("the engagement's members come along whoever opens the operation")
def _bring_along(actor: Actor, compartment_id: Any, engagement: Engagement) -> None:
    members = Membership.objects.filter(compartment=engagement.compartment)
    Membership.objects.bulk_create(
        [
            Membership(
                compartment_id=compartment_id,
                user_id=member.user_id,
                role=member.role,
                until=member.until,
                added_by_id=actor.pk,
            )
            for member in members
        ]
    )
    if not actor.is_system:
        actor.__dict__.pop("_reach", None)


@transaction.atomic
def change_operation(
    *, actor: Actor, operation: Operation, expected_version: int | None = None, **fields: Any
) -> Operation:
    """Whoever assesses threats may set the threat level, and nothing else.

    Refuses when somebody else changed the operation since ``expected_version`` was shown.
    """
    assesses = set(fields) == {"threat_level"} and may(
        actor, "threat.change", operation.compartment_id
    )
    if not assesses:
        require(actor, "operation.change", operation.compartment_id)
    unknown = set(fields) - CHANGEABLE
    if unknown:
        raise Refused("These fields cannot be changed", where=", ".join(sorted(unknown)))
    operation = _as_it_is(actor, operation)
    if expected_version is not None and operation.version != expected_version:
        raise Conflict(
            "Somebody changed this operation while you were looking at it",
            where=operation.slug,
            mend="Load it again; what you typed is kept as a draft.",
        )
    fields = _checked(fields, operation.time_zone)
    differing = [name for name, value in fields.items() if getattr(operation, name) != value]
    if not differing:
        return operation
    for name in differing:
        setattr(operation, name, fields[name])
    if operation.starts and operation.ends and operation.ends < operation.starts:
        raise Refused("It ends before it starts", where=operation.slug)
    operation.version += 1
    operation.updated_at = now()
    operation.save(update_fields=[*differing, "version", "updated_at"])
    words = ", ".join(name.replace("_", " ") for name in differing)
    changed(
        node=("operation", operation.pk),
        reason=f"The operation changed: {words}",
    )
    _tell(operation, "changed", f"Operation {operation.slug} changed: {words}", actor)
    return operation


def _as_it_is(actor: Actor, operation: Operation) -> Operation:
    """The row locked, as others left it while this page was open; the caller's own object."""
    found: Any = Operation.objects.visible_to(actor).select_for_update(of=("self",), no_key=True)
    found.filter(pk=operation.pk).first()
    operation.refresh_from_db(fields=[*CHANGEABLE, "version"])
    return operation


@transaction.atomic
def set_operation_state(*, actor: Actor, operation: Operation, state: str) -> Operation:
    require(actor, "operation.change", operation.compartment_id)
    Operation.objects.visible_to(actor).select_for_update().filter(pk=operation.pk).first()
    operation.refresh_from_db(fields=["state"])
    if state not in STATES[operation.state]:
        raise Refused(
            f"An operation that is {operation.state} cannot become {state}",
            where=operation.slug,
            mend=f"Possible now: {', '.join(sorted(STATES[operation.state])) or 'nothing'}.",
        )
    operation_state_asked.send(sender=Operation, operation=operation, state=state, actor=actor)
    operation.state = state
    operation.updated_at = now()
    operation.save(update_fields=["state", "updated_at"])
    operation_state_set.send(sender=Operation, operation=operation, actor=actor)
    _tell(operation, state, f"Operation {operation.slug} is {operation.get_state_display()}", actor)
    return operation


def _checked(fields: dict[str, Any], zone: str = "UTC") -> dict[str, Any]:
    known = [kind.id for kind in kinds().kinds]
    return checked(fields, zone=zone, zone_field="time_zone", kinds=known)


def _tell(operation: Operation, event: str, text: str, actor: Actor) -> None:
    announce(
        topic="operations",
        event=event,
        text=text,
        compartment_id=operation.compartment_id,
        operation_id=operation.pk,
        record=("operation", operation.pk),
        actor=actor,
    )
