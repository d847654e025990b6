"""Lines of the risk register."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, get_args

from django.db import transaction
from django.db.models import Max

from varangian.kernel.clock import now
from varangian.kernel.library import Responsibility
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, require
from varangian.platform.thread.services import changed, tie, untie
from varangian.threats.library import StandardRisk
from varangian.threats.library import risks as library

from ..events import risk_added
from ..models import RiskLine
from ..queries import threats as queries
from ..rules import inherent
from .common import checked_owner, differences, locked, tell

RATING = ("likelihood", "impact")
TEXTS = ("title", "cause", "what_happens", "vulnerability", "controls")
TIES = ("threat_source", "movement")
CHANGEABLE = {*RATING, *TEXTS, *TIES, "responsibility", "owner", "due"}
STATES: dict[str, set[str]] = {
    "open": {"treated", "closed"},
    "treated": {"open", "closed"},
    "accepted": {"open", "closed"},
    "closed": {"open"},
}


@dataclass
class Batch:
    """What came of a list from the library; one bad item does not stop the others."""

    added: list[RiskLine] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


@transaction.atomic
def add_risk(
    *, actor: Actor, operation: Any, title: str, likelihood: int, impact: int, **fields: Any
) -> RiskLine:
    """An own line. ``responsibility`` is one of the seven of the house."""
    fields |= {"title": title.strip(), "likelihood": likelihood, "impact": impact}
    return _add(actor, operation, fields, None)


@transaction.atomic
def add_from_library(
    *, actor: Actor, operation: Any, library_ids: Iterable[str], **fields: Any
) -> Batch:
    """Standard risks with their suggested rating; their measures follow as proposed."""
    require(actor, "risk.change", operation.compartment_id)
    known, batch = queries.taken(actor, operation), Batch()
    for library_id in dict.fromkeys(library_ids):
        try:
            standard = library().get(library_id)
            if library_id in known:
                where = known[library_id].label
                raise Refused("It is in the register already", where=where)
            given = {**_as_fields(standard), **fields}
            with transaction.atomic():
                batch.added.append(_add(actor, operation, given, standard))
        except Refused as refused:
            batch.refused.append((library_id, str(refused)))
    return batch


@transaction.atomic
def change_risk(*, actor: Actor, risk: RiskLine, **fields: Any) -> RiskLine:
    """What the rating rests on withdraws the signatures under it and makes the right side stale."""
    require(actor, "risk.change", risk.compartment_id)
    _check_names(fields)
    differing = differences(risk, fields)
    if not differing:
        return risk
    rated = [name for name in differing if name not in ("owner", "due")]
    words = [_difference(risk, name, fields[name]) for name in rated]
    for name in differing:
        setattr(risk, name, fields[name])
    _check(risk)
    risk.updated_at = now()
    if rated:
        _reopen(risk)
        reason = f"Risk {risk.label} changed: {'; '.join(words)}"
        changed(node=("risk", risk.pk), reason=reason)
    risk.save()
    if set(differing) & set(TIES):
        _tie(risk)
    tell(risk, "risks", "changed", f"Risk {risk.label} changed", actor)
    return risk


@transaction.atomic
def set_risk_state(*, actor: Actor, risk: RiskLine, state: str) -> RiskLine:
    require(actor, "risk.change", risk.compartment_id)
    if state not in STATES[risk.state]:
        mend = f"Possible now: {', '.join(sorted(STATES[risk.state]))}."
        if state == "accepted":
            mend = "Accepting needs the signatures that its band asks for: accept the risk."
        raise Refused(f"A risk that is {risk.state} cannot become {state}", risk.label, mend)
    before, risk.state = risk.state, state
    if before == "accepted":
        _withdraw(risk)
    risk.updated_at = now()
    risk.save(update_fields=["state", "updated_at"])
    reason = f"Risk {risk.label} changed: {before} to {state}"
    changed(node=("risk", risk.pk), reason=reason)
    tell(risk, "risks", state, f"Risk {risk.label} is {state}", actor)
    return risk


def _add(
    actor: Actor, operation: Any, fields: dict[str, Any], standard: StandardRisk | None
) -> RiskLine:
    require(actor, "risk.change", operation.compartment_id)
    _check_names(fields)
    held = locked(actor, operation)
    risk = RiskLine(
        key_id=held.key_id,
        compartment_id=held.compartment_id,
        operation=held,
        serial=(held.risks.aggregate(last=Max("serial"))["last"] or 0) + 1,
        library_id=standard.id if standard else "",
        **fields,
    )
    _check(risk)
    risk.save(force_insert=True)
    _tie(risk)
    risk_added.send(sender=RiskLine, risk=risk, standard=standard, actor=actor)
    tell(risk, "risks", "added", f"Risk {risk.label} added", actor)
    return risk


def _as_fields(standard: StandardRisk) -> dict[str, Any]:
    return {
        "title": standard.title,
        "responsibility": standard.responsibility,
        "cause": standard.cause,
        "what_happens": standard.what_happens,
        "vulnerability": standard.vulnerability,
        "likelihood": standard.suggested.likelihood,
        "impact": standard.suggested.impact,
    }


def _check_names(fields: dict[str, Any]) -> None:
    unknown = set(fields) - CHANGEABLE
    if unknown:
        raise Refused("These fields cannot be set", where=", ".join(sorted(unknown)))


def _check(risk: RiskLine) -> None:
    if not risk.title.strip():
        raise Refused("A risk needs a title", where="title")
    known = get_args(Responsibility)
    if risk.responsibility not in known:
        raise Refused("Unknown responsibility", risk.responsibility, f"One of {', '.join(known)}.")
    inherent(risk.likelihood, risk.impact)
    for name in TIES:
        other = getattr(risk, name)
        if other is not None and other.operation_id != risk.operation_id:
            raise Refused("This belongs to another operation", where=name.replace("_", " "))
    checked_owner(risk.owner, "risk.view", risk.compartment_id)


def _reopen(risk: RiskLine) -> None:
    if risk.state == RiskLine.State.ACCEPTED:
        risk.state = RiskLine.State.OPEN
    _withdraw(risk)


def _withdraw(risk: RiskLine) -> None:
    risk.acceptances.filter(withdrawn_at=None).update(withdrawn_at=now())  # pyright: ignore


def _tie(risk: RiskLine) -> None:
    node = ("risk", risk.pk)
    untie(right=node, left_kinds=("threat", "movement"))
    for kind, left in (("threat", risk.threat_source_id), ("movement", risk.movement_id)):
        if left is not None:
            tie(
                left=(kind, left),
                right=node,
                relation="reason",
                compartment_id=risk.compartment_id,
            )


def _difference(risk: RiskLine, name: str, value: Any) -> str:
    words = name.replace("_", " ")
    if name in RATING:
        return f"{words} {getattr(risk, name)} to {value}"
    if name in TIES:
        return f"{words} {_called(getattr(risk, name))} to {_called(value)}"
    return f"{words} changed"


def _called(record: Any) -> str:
    """Numbers only: the reason is read by people who may not read the record."""
    if record is None:
        return "none"
    return getattr(record, "label", f"leg {record.serial}")
