"""What a node sends, done here: each act once, in its order, in the name of whoever did it.

Every act has a transaction of its own, together with the row that remembers its key. What the
hub cannot take for a reason of its own is kept at the node; what it refuses, and what came too
late to count, is a conflict that a person looks at.
"""

from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import structlog
from django.db import DataError, OperationalError

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.log.services import write_entry
from varangian.operations import queries as operations
from varangian.operations.models import Duty
from varangian.platform.access.context import acting, as_house
from varangian.platform.access.models import User
from varangian.platform.access.scope import role_in, system_read

from ..models import DuressKey, Node, NodeAct, Outcome, Via
from . import duress, outbox
from .nodes import tell

log = structlog.get_logger()
PRESS, ENTRY = "press", "entry"
OF_A_DUTY = {"status", "duty_end", "handover", "check"}
KINDS = OF_A_DUTY | {"duty_start", "log", "sighting"}
"""Kinds of the outbox that a node may bring."""


@dataclass(frozen=True)
class Sent:
    """One act as a node sent it, on our clock."""

    key: UUID
    number: int
    kind: str
    at: datetime
    person: UUID | None
    body: dict[str, Any] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)


class Kept(Exception):
    """Not done for a reason of ours: the node keeps it and sends it again."""


def take(*, node: Node, sent: Sent) -> dict[str, Any]:
    """Returns when it is committed. The same key again gets the same answer."""
    try:
        outcome, words, again = _press(node, sent) if sent.kind == PRESS else _act(node, sent)
    except Exception as error:
        log.warning(
            "an act of a node is kept there",
            kind=sent.kind,
            error=type(error).__name__,
            exc_info=not isinstance(error, OperationalError | Kept),
        )
        return {"key": str(sent.key), "state": "kept", "words": "The hub could not take this yet"}
    return {"key": str(sent.key), "state": outcome, "words": words, "again": again}


Told = tuple[str, str, bool]


def _act(node: Node, sent: Sent) -> Told:
    person = _person(sent.person)
    if person is None or not _belongs(node, person):
        return _refuse_stranger(node, sent, person)
    with acting(person, purpose=f"node {node.label}"):
        known = _known(node, sent)
        if known is not None:
            return known.outcome, known.words, True
        outcome, words = _done(node, sent, person)
        _remember(node, sent, person, outcome, words)
        return outcome, words, False


def _done(node: Node, sent: Sent, person: User) -> tuple[str, str]:
    if sent.kind == ENTRY:
        return _entry(node, sent, person)
    if sent.kind not in KINDS:
        return Outcome.REFUSED, "A node does not bring this kind of act"
    duty = operations.own_duty(person)
    if sent.kind in OF_A_DUTY and duty is not None and duty.operation_id != node.operation_id:
        return Outcome.REFUSED, f"{person} is on duty in another operation"
    before = _state(duty)
    [answer] = outbox.receive(
        actor=person, device=f"node {node.label}"[:40], acts=[_of(node, sent)]
    )
    if answer["state"] == "kept":
        raise Kept
    if answer["state"] == "refused":
        return Outcome.REFUSED, answer["words"]
    newer = "" if answer["again"] else overtaken(sent, before)
    return (Outcome.OVERTAKEN, newer) if newer else (Outcome.DONE, answer["words"])


def _of(node: Node, sent: Sent) -> outbox.Act:
    """As if the phone had sent it here; it speaks of the operation of its node and no other."""
    body = sent.body | {"operation": node.operation.slug}
    files = {name: _file(data) for name, data in sent.files.items()}
    return outbox.Act(
        sent.key, sent.kind, sent.at, sent.number, f"node {node.label}"[:40], body, files
    )


def _file(data: str) -> Any:
    raw = b64decode(data)
    found: Any = BytesIO(raw)
    found.size = len(raw)
    return found


@dataclass(frozen=True)
class Before:
    status: str
    status_at: datetime
    post: str


def _state(duty: Duty | None) -> Before | None:
    if duty is None:
        return None
    post = str(duty.post_id) if duty.post_id else ""
    return Before(duty.status, duty.status_at, post)


def overtaken(sent: Sent, before: Before | None) -> str:
    """What the hub knew already that is newer or else than what the node says; pure."""
    if before is None:
        return ""
    if sent.kind == "status" and sent.at < before.status_at:
        if before.status == sent.body.get("status"):
            return ""
        label = Duty.Status(before.status).label.lower()
        return f"Here it has been {label} since {before.status_at:%H:%M:%S} UTC"
    if sent.kind == "duty_start" and (sent.body.get("post") or "") != before.post:
        return "Here the person was on duty already, on another post"
    return ""


def _entry(node: Node, sent: Sent, person: User) -> tuple[str, str]:
    """An entry that was typed into the log of the node, with the words as they stand there."""
    body = {name: str(sent.body.get(name, "")) for name in ("from_", "to", "event", "action")}
    try:
        row = write_entry(actor=person, operation=node.operation, at=sent.at, **body)
    except (Refused, DataError) as error:
        return Outcome.REFUSED, str(error)[:300]
    return Outcome.DONE, f"Log entry {row.serial}"


@system_read("what came from a node is remembered whoever did it")
def _known(node: Node, sent: Sent) -> NodeAct | None:
    return NodeAct.objects.filter(node=node, key=sent.key).first()


@system_read("what came from a node is remembered whoever did it")
def _remember(node: Node, sent: Sent, person: User | None, outcome: str, words: str) -> None:
    NodeAct.objects.create(
        compartment_id=node.compartment_id,
        node=node,
        key=sent.key,
        number=sent.number,
        kind=sent.kind[:30],
        person=person,
        at=sent.at,
        outcome=outcome,
        words=words[:300],
    )
    if outcome != Outcome.DONE:
        text = f"Conflict with node {node.label}, {sent.kind.replace('_', ' ')}: {words}"
        tell(node, "conflict", text[:500], person)


def _belongs(node: Node, person: User) -> bool:
    with as_house(purpose=f"node {node.label}"):
        return role_in(person, node.compartment_id) is not None


def _refuse_stranger(node: Node, sent: Sent, person: User | None) -> Told:
    words = f"{person or 'This person'} does not belong to this operation"
    with as_house(purpose=f"node {node.label}"):
        known = _known(node, sent)
        if known is None:
            _remember(node, sent, person, Outcome.REFUSED, words)
    return Outcome.REFUSED, words, known is not None


@system_read("a node says who acted; their rights are asked with every act")
def _person(pk: UUID | None) -> User | None:
    return User.objects.filter(pk=pk, is_active=True).first() if pk else None


def _press(node: Node, sent: Sent) -> Told:
    """Kept first and remembered after: its key makes a press that comes twice one press."""
    via = str(sent.body.get("via"))
    heard = duress.Heard(
        key=str(sent.body.get("key") or sent.key),
        via=via if via in Via.values else Via.SLIDE,
        at=sent.at,
        lat=duress.number(sent.body.get("lat")),
        lon=duress.number(sent.body.get("lon")),
        accuracy=duress.number(sent.body.get("accuracy")),
        words=str(sent.body.get("words", "")),
    )
    row = _pressed(node, sent, heard)
    with as_house(purpose=f"node {node.label}"):
        if _known(node, sent) is None:
            _remember(node, sent, _person(sent.person), Outcome.DONE, "Heard")
    return Outcome.DONE, "Heard", row is None


def _pressed(node: Node, sent: Sent, heard: duress.Heard) -> Any:
    """By whoever called, or what; somebody who is unknown here still calls, for the node."""
    caption = f"{sent.body.get('caption', '')} ({node.label})"[:160]
    subject = str(sent.body.get("subject") or f"node:{node.pk}")[:60]
    ways: list[Callable[[], Any]] = []
    if person := _person(sent.person):
        ways.append(lambda: duress.press(person=person, heard=heard))
    elif key := _key(node, subject):
        ways.append(lambda: duress.press_of_place(key=key, heard=heard))
    ways.append(lambda: duress.press_at(node.operation, subject, caption, heard))
    for way in ways:
        try:
            return way()
        except Refused as why:
            log.warning("a press of a node takes another way", why=why.what)
    raise Kept


@system_read("a button of this operation, pressed at its node")
def _key(node: Node, subject: str) -> DuressKey | None:
    kind, _, pk = subject.partition(":")
    if kind != "key":
        return None
    found = DuressKey.objects.filter(operation_id=node.operation_id, revoked_at=None)
    return next((row for row in found if str(row.pk) == pk), None)


def on_our_clock(at: datetime, ahead: timedelta) -> datetime:
    return min(at - ahead, now())
