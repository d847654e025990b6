"""The hot wash: opened by the leader, filled by the team, confirmed and signed by the leader."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from varangian.kernel.chain import digest
from varangian.kernel.clock import now
from varangian.kernel.results import NotFound, Refused
from varangian.operations import queries as operations
from varangian.platform.access.scope import Actor, require
from varangian.platform.audit.signing import sign
from varangian.platform.news.services import announce
from varangian.platform.thread import registry
from varangian.platform.thread.services import tie

from ..actual import frozen_row
from ..client_words import refuse_secrets
from ..models import Debrief, Observation
from ..queries import debrief as reads
from ..queries.secrets import secrets_of
from ..signing import debrief_message, washed
from .issuing import named

LONGEST = 2000
BEGUN = ("active", "closed", "cancelled")
SOURCES = ("log", "alert", "order_line", "order", "movement", "post", "card", "measure",
           "crowd_watch")  # fmt: skip
"""Kinds of record that an observation may come from."""
Node = tuple[str, UUID]


@transaction.atomic
def open_debrief(*, actor: Actor, operation: Any) -> Debrief:
    """Once for an operation that has begun; from now on the team may say what they saw."""
    require(actor, "debrief.lead", operation.compartment_id)
    named(actor, "open a hot wash")
    _lock(actor, operation)
    if operation.state not in BEGUN:
        raise Refused("This operation has not begun", where=operation.slug)
    if reads.debrief(actor, operation) is not None:
        raise Refused("The hot wash of this operation is open already", where=operation.slug)
    made = Debrief.objects.create(
        compartment_id=operation.compartment_id,
        key_id=operation.key_id,
        operation=operation,
        opened_by=actor,
    )
    tell(made, "opened", "Hot wash opened", actor)
    return made


@transaction.atomic
def add_observation(
    *,
    actor: Actor,
    debrief: Debrief,
    kind: str,
    text: str,
    about: Node | None = None,
    near_miss: bool = False,
) -> Observation:
    """By anybody of the team. ``about`` is the record it comes from."""
    require(actor, "debrief.add", debrief.compartment_id)
    named(actor, "say what they saw")
    held = locked(actor, debrief)
    refuse_signed(held)
    if kind not in Observation.Kind.values:
        raise Refused("An observation is to sustain or to improve", where=kind)
    words = clean(text, "text")
    if about is not None:
        _check_source(actor, held, about)
    last = reads.observations(actor, held).aggregate(last=Max("number"))["last"]
    made = Observation.objects.create(
        compartment_id=held.compartment_id,
        key_id=held.key_id,
        debrief=held,
        number=(last or 0) + 1,
        kind=kind,
        near_miss=near_miss,
        text=words,
        about_kind=about[0] if about else "",
        about=about[1] if about else None,
        by=actor,
    )
    if about is not None:
        where = held.compartment_id
        node = ("observation", made.pk)
        tie(left=about, right=node, relation="was observed", compartment_id=where)
    tell(held, "observed", f"Hot wash: {made.label} added", actor, made)
    return made


@transaction.atomic
def confirm_observation(
    *, actor: Actor, observation: Observation, near_miss: bool | None = None
) -> Observation:
    """The leader stands by it: only then it counts. ``near_miss`` None leaves the mark."""
    require(actor, "debrief.lead", observation.compartment_id)
    named(actor, "confirm an observation")
    held = locked(actor, observation.debrief)
    refuse_signed(held)
    row = fresh(actor, observation)
    row.near_miss = row.near_miss if near_miss is None else near_miss
    row.confirmed_by, row.confirmed_at = actor, row.confirmed_at or now()
    row.save(update_fields=["near_miss", "confirmed_by", "confirmed_at"])
    tell(held, "confirmed", f"Hot wash: {row.label} confirmed", actor, row)
    return row


@transaction.atomic
def release_words(*, actor: Actor, observation: Observation, words: str) -> Observation:
    """How it stands in the client's report; empty words take it out again.

    Refused when they name a person, a source, a code word or a medical fact.
    """
    require(actor, "debrief.lead", observation.compartment_id)
    row = fresh(actor, observation)
    if row.confirmed_at is None and words.strip():
        raise Refused("Confirm it before the client reads of it", where=row.label)
    text = words.replace("\x00", "").strip()[:LONGEST]
    refuse_secrets(text, secrets_of(row.debrief.operation), where=row.label)
    row.client_words = text
    row.save(update_fields=["client_words"])
    what = "goes into the client's report" if text else "stays out of the client's report"
    tell(row.debrief, "released", f"Hot wash: {row.label} {what}", actor, row)
    return row


@transaction.atomic
def close_debrief(*, actor: Actor, debrief: Debrief, summary: str) -> Debrief:
    """Signed as it stands: what was planned and happened, and every observation.

    What was not confirmed stays as it was told, and does not count.
    """
    require(actor, "debrief.lead", debrief.compartment_id)
    named(actor, "sign a hot wash")
    held = locked(actor, debrief)
    refuse_signed(held)
    rows = list(reads.observations(actor, held))
    if not any(row.confirmed_at for row in rows):
        raise Refused(
            "Nothing in it is confirmed",
            where=held.operation.slug,
            mend="Confirm what stands: at least one thing to sustain or to improve.",
        )
    held.summary = clean(summary, "summary")
    held.participants = _participants(actor, held, rows)
    held.compared = [frozen_row(row) for row in reads.compared(actor, held.operation).rows]
    held.closed_by, held.closed_name, held.closed_at = actor, str(actor), now()
    held.content_digest = digest(washed(held, rows))
    held.signature, held.public_key = sign(debrief_message(held))
    held.save()
    tell(held, "closed", f"Hot wash signed by {held.closed_name}", actor)
    return held


def _participants(actor: Actor, held: Debrief, rows: list[Observation]) -> list[str]:
    posts = operations.posts(actor, held.operation).exclude(holder=None).order_by("serial")
    names = [f"{post.title}: {post.holder}" for post in posts]
    holders = {post.holder_id for post in posts}
    others = {row.by_id: str(row.by) for row in rows if row.by_id not in holders}  # pyright: ignore
    return [*names, *others.values()]


def _check_source(actor: Actor, held: Debrief, about: Node) -> None:
    kind, pk = about
    if kind not in SOURCES:
        raise Refused("An observation does not come from this", where=kind, mend=", ".join(SOURCES))
    record = registry.records(actor, kind, [pk]).get(pk)
    owner = getattr(record, "order", record)
    if record is None or getattr(owner, "operation_id", None) != held.operation_id:  # pyright: ignore
        raise NotFound("There is no such record in this operation", where=f"{kind} {pk}")


def clean(words: str, where: str) -> str:
    text = words.replace("\x00", "").strip()
    if not text or len(text) > LONGEST:
        raise Refused(f"This needs words, at most {LONGEST} letters", where=where)
    return text


def refuse_signed(held: Debrief) -> None:
    if held.closed_at is not None:
        raise Refused(
            f"The hot wash was signed by {held.closed_name}",
            where=held.operation.slug,
            mend="Write what came after into the log.",
        )


def locked(actor: Actor, debrief: Debrief) -> Debrief:
    rows = Debrief.objects.visible_to(actor).filter(pk=debrief.pk).select_related("operation")
    return rows.select_for_update(of=("self",)).get()


def fresh(actor: Actor, observation: Observation) -> Observation:
    rows = reads.observations(actor).filter(pk=observation.pk)
    return rows.select_for_update(of=("self",)).get()


def _lock(actor: Actor, operation: Any) -> None:
    rows = operations.operations(actor).filter(pk=operation.pk)
    rows.select_for_update(of=("self",), no_key=True).get()
    operation.refresh_from_db(fields=["state"])


def tell(
    held: Debrief, event: str, text: str, actor: Actor, row: Observation | None = None
) -> None:
    """No words of an observation stand in the log: they are read in the hot wash."""
    announce(
        topic="debrief",
        event=event,
        text=text,
        compartment_id=held.compartment_id,
        operation_id=held.operation_id,  # pyright: ignore
        record=("observation", row.pk) if row else ("operation", held.operation_id),  # pyright: ignore
        actor=actor,
    )
