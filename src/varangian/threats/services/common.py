"""What the writers of this feature share."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.operations import queries as operations
from varangian.platform.access.scope import Actor, may
from varangian.platform.news.services import announce
from varangian.threats.library import levels


def locked(actor: Actor, operation: Any) -> Any:
    """Hold the operation, so that two writers cannot take the same serial."""
    return (
        operations.operations(actor)
        .filter(pk=operation.pk)
        .select_for_update(of=("self",), no_key=True)
        .get()
    )


def named(actor: Actor, what: str) -> Actor:
    """The actor, if it is a person."""
    if actor.is_system:
        raise Refused(f"Only a named person can {what}", mend="Use --as with a person's e-mail.")
    return actor


def default_validity(threat_level: str) -> datetime:
    """As long as the library lets a judgement at this threat level stand."""
    known = {level.id: level for level in levels().levels}
    level = known.get(threat_level) or levels().get(None)  # pyright: ignore
    return now() + timedelta(hours=level.review_after_hours)


def checked_validity(valid_until: datetime | None, threat_level: str) -> datetime:
    if valid_until is None:
        return default_validity(threat_level)
    if valid_until <= now():
        raise Refused("This is already over", where="valid until", mend="Give a later time.")
    return valid_until


def checked_owner(owner: Any, action: str, compartment_id: UUID) -> Any:
    """Nobody owns what they may not see."""
    if owner is not None and not may(owner, action, compartment_id):
        raise Refused(
            f"{owner} may not see this, so cannot own it",
            where="owner",
            mend="Choose a member of the operation whose role allows it.",
        )
    return owner


def differences(record: Any, fields: dict[str, Any]) -> list[str]:
    """Names of the fields whose value is new."""
    return [name for name, value in fields.items() if getattr(record, name) != value]


def tell(record: Any, topic: str, event: str, text: str, actor: Actor) -> None:
    """Officers read the log: it names the record by its number, never by its content."""
    kind = {"ThreatSource": "threat", "RiskLine": "risk"}.get(type(record).__name__, "assessment")
    announce(
        topic=topic,
        event=event,
        text=text,
        compartment_id=record.compartment_id,
        operation_id=record.operation_id,
        record=(kind, record.pk),
        actor=actor,
    )
