"""Go, no go, or a start without a go: signed by a named person, with what was missing then."""

from datetime import timedelta
from typing import Any

from django.db import transaction

from varangian.kernel.chain import digest
from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.operations import queries as operations
from varangian.platform.access.scope import Actor, require
from varangian.platform.audit.signing import sign
from varangian.platform.news.services import announce
from varangian.platform.thread.services import forget, tie

from ..library import readiness_policy
from ..models import Decision
from ..queries import decisions, orders
from ..queries.readiness import counted, readiness, standing_waivers
from ..readiness import Light, snapshot
from ..signing import decided, decision_message
from .issuing import named

Kind = Decision.Kind
RIGHTS = {str(Kind.OVERRIDE): "readiness.override"}


@transaction.atomic
def decide(*, actor: Actor, operation: Any, kind: str, reason: str = "") -> Decision:
    """A go with everything ready needs no reason; every other word does."""
    require(actor, RIGHTS.get(kind, "readiness.decide"), operation.compartment_id)
    chosen = _kind(kind)
    named(actor, "decide on go or no go")
    _lock(actor, operation)
    lights = readiness(actor, operation)
    if chosen == Kind.GO:
        _refuse_blocked(operation, lights)
    _ask_reason(chosen, lights, reason)
    before = decisions.latest(actor, operation)
    found = _signed(actor, operation, chosen, reason.strip(), lights, before)
    if before is not None:
        forget(kind="go", records=[before.pk], note=f"Replaced by {found.label}")
    if chosen == Kind.GO:
        _tie(actor, operation, found)
    _tell(actor, operation, found)
    return found


def _kind(kind: str) -> Kind:
    if kind not in Kind.values:
        raise Refused("This is no decision", where=kind, mend=f"One of {', '.join(Kind.values)}.")
    return Kind(kind)


def _refuse_blocked(operation: Any, lights: list[Light]) -> None:
    holes = [f"{row.artefact.title} ({row.why})" for row in lights if row.blocking]
    if holes:
        raise Refused(
            f"There is no go without this: {'; '.join(holes)}",
            where=operation.slug,
            mend="Make it ready, or start without a go and say why.",
        )


def _ask_reason(kind: Kind, lights: list[Light], reason: str) -> None:
    if reason.strip():
        return
    wanting = [row.artefact.title for row in lights if row.wanting]
    if kind == Kind.GO and not wanting:
        return
    if kind == Kind.GO:
        what = f"Say why it is a go although this is not ready: {', '.join(wanting)}"
        raise Refused(what, where="reason")
    raise Refused("Say why", where="reason", mend="One sentence that can be read a year later.")


def _signed(
    actor: Actor,
    operation: Any,
    kind: Kind,
    reason: str,
    lights: list[Light],
    before: Decision | None,
) -> Decision:
    level = operation.threat_level or "substantial"
    at = now()
    found = Decision(
        key_id=operation.key_id,
        compartment_id=operation.compartment_id,
        operation=operation,
        serial=before.serial + 1 if before else 1,
        kind=kind,
        threat_level=level,
        reason=reason,
        lights=snapshot(lights),
        counted=counted(lights),
        by=actor,
        name=str(actor),
        at=at,
        until=at + timedelta(hours=readiness_policy().go_holds(level)) if kind == "go" else None,
    )
    found.content_digest = digest(decided(found))
    found.signature, found.public_key = sign(decision_message(found))
    found.save(force_insert=True)
    return found


def _tie(actor: Actor, operation: Any, go: Decision) -> None:
    """What the leader leaned on: the order, the operation's own facts and every waiver."""
    order = orders.issued(actor, operation)
    leaned = [("operation", operation.pk)]
    leaned += [("order", order.pk)] if order else []
    leaned += [("waiver", row.pk) for row in standing_waivers(actor, operation)]
    for left in leaned:
        where = go.compartment_id
        tie(left=left, right=("go", go.pk), relation="was leaned on", compartment_id=where)


def _lock(actor: Actor, operation: Any) -> None:
    rows = operations.operations(actor).filter(pk=operation.pk)
    rows.select_for_update(of=("self",), no_key=True).get()


def _tell(actor: Actor, operation: Any, found: Decision) -> None:
    wanting = sum(n for state, n in found.counted.items() if state not in ("fresh", "waived"))
    rest = f", with {wanting} not ready" if wanting else ""
    announce(
        topic="readiness",
        event=found.kind,
        text=f"{found.get_kind_display()} signed by {found.name}{rest}",
        compartment_id=operation.compartment_id,
        operation_id=operation.pk,
        record=("go", found.pk),
        actor=actor,
    )
