"""A named person says that something required is there, or that the operation does without it."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, require
from varangian.platform.news.services import announce
from varangian.platform.thread.services import changed

from ..library import Artefact, readiness_policy
from ..models import Confirmation
from ..queries.evidence import Records, evidence_of
from ..readiness import BY_WORD
from .issuing import named

Kind = Confirmation.Kind


@transaction.atomic
def confirm_artefact(
    *,
    actor: Actor,
    operation: Any,
    artefact: str,
    note: str,
    waive: bool = False,
    until: datetime | None = None,
) -> Confirmation:
    """``note`` says what was checked and with whom.

    A waiver says why the operation does without, is the leader's alone, and ends: at ``until``,
    or as late as the policy allows at this threat level.
    """
    require(actor, "order.sign" if waive else "order.change", operation.compartment_id)
    named(actor, "confirm readiness")
    rule = readiness_policy().get(artefact)
    if not note.strip():
        raise Refused("Say what was checked, and with whom", where="note")
    if waive and not rule.waivable:
        raise Refused("The operation cannot do without this", where=rule.title)
    if not waive and artefact not in BY_WORD:
        raise Refused(
            "This is read from the records, not from somebody's word",
            where=rule.title,
            mend=rule.ready_when,
        )
    if not waive and (at := evidence_of(artefact, Records(actor, operation))).known:
        raise Refused(
            "Travel has assigned vehicles: this is read from their checks", rule.title,
            "; ".join([*at.missing, *at.due][:3]) or "Nothing is wanting.",
        )  # fmt: skip
    kind = Kind.WAIVED if waive else Kind.DONE
    ends = _ends(operation, until) if waive else None
    return _write(actor, operation, rule, kind, note, ends)


@transaction.atomic
def withdraw_waiver(*, actor: Actor, operation: Any, artefact: str, note: str) -> Confirmation:
    """The operation does not do without it any more; the light is what the records say."""
    require(actor, "order.sign", operation.compartment_id)
    named(actor, "withdraw a waiver")
    rule = readiness_policy().get(artefact)
    rows = Confirmation.objects.visible_to(actor).filter(operation=operation, artefact=artefact)
    last = rows.order_by("-at").first()
    if last is None or last.kind != Kind.WAIVED:
        raise Refused("No waiver stands here", where=rule.title)
    found = _write(actor, operation, rule, Kind.WITHDRAWN, note or "Withdrawn")
    changed(node=("waiver", last.pk), reason=f"Waiver withdrawn: {rule.title}")
    return found


def _ends(operation: Any, until: datetime | None) -> datetime:
    """A time without a zone is on the clock of the operation."""
    hours = readiness_policy().waiver_at_most(operation.threat_level or "substantial")
    latest = now() + timedelta(hours=hours)
    if until is None:
        return latest
    if until.tzinfo is None:
        until = until.replace(tzinfo=ZoneInfo(operation.time_zone))
    if until <= now():
        raise Refused("A waiver ends in the future", where="until")
    if until > latest:
        raise Refused(
            f"At this threat level no waiver holds longer than {hours} h",
            where="until",
            mend="Waive for a shorter time, and look again then.",
        )
    return until


def _write(
    actor: Actor,
    operation: Any,
    rule: Artefact,
    kind: str,
    note: str,
    until: datetime | None = None,
) -> Confirmation:
    found = Confirmation.objects.create(
        key_id=operation.key_id,
        compartment_id=operation.compartment_id,
        operation=operation,
        artefact=rule.id,
        kind=kind,
        note=note.strip(),
        by=actor,
        until=until,
    )
    ends = f" until {_clock(until, operation)}" if until else ""
    announce(
        topic="readiness",
        event=found.kind,
        text=f"{rule.title}: {found.get_kind_display().lower()}{ends}",
        compartment_id=operation.compartment_id,
        operation_id=operation.pk,
        record=("operation", operation.pk),
        actor=actor,
    )
    return found


def _clock(at: datetime, operation: Any) -> str:
    return f"{at.astimezone(ZoneInfo(operation.time_zone)):%d %b %H:%M %Z}"
