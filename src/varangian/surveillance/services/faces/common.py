"""What the writers of the face watchlist share."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from django.db.models import Max

from varangian.kernel.results import Refused
from varangian.operations import queries as operations
from varangian.platform.access.scope import Actor
from varangian.platform.news.services import announce
from varangian.platform.storage.parts import keep_parts

TOPIC = "faces"
LONGEST = 2000


def named(actor: Actor, what: str) -> Actor:
    if actor.is_system:
        raise Refused(f"Only a named person can {what}", mend="Use --as with a person's e-mail.")
    return actor


def locked(actor: Actor, operation: Any) -> Any:
    """Hold the operation, so that two writers cannot take the same serial."""
    found = operations.operations(actor).filter(pk=operation.pk)
    return found.select_for_update(of=("self",), no_key=True).get()


def next_serial(rows: Any) -> int:
    return (rows.aggregate(last=Max("serial"))["last"] or 0) + 1


def words(field: str, text: str | None, ask: str, most: int = LONGEST) -> str:
    """Law 6: nothing of this kind exists without these words."""
    said = (text or "").replace("\r\n", "\n").strip()
    if not said:
        raise Refused("This has to be on record", where=field, mend=ask)
    if len(said) > most:
        raise Refused(f"This has up to {most} characters", where=field)
    return said


def keep_bytes(data: bytes, key_id: UUID) -> list[str]:
    """Names of the sealed parts."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "part"
        path.write_bytes(data)
        return keep_parts(path, key_id)


def say(record: Any, event: str, text: str, actor: Actor) -> None:
    """The log has numbers and states, never whom it is about."""
    announce(
        topic=TOPIC,
        event=event,
        text=text,
        compartment_id=record.compartment_id,
        operation_id=record.operation_id,
        record=None,
        actor=actor,
    )
