"""A person looks at both pictures, with a purpose, and says yes or no."""

from typing import Any
from uuid import UUID

from django.db import transaction

from varangian.alerts.services import settle
from varangian.kernel.clock import now
from varangian.kernel.results import NotFound, Refused
from varangian.platform.access.scope import Actor, require, system_read
from varangian.platform.audit.services import note
from varangian.platform.live.services import publish
from varangian.platform.storage.parts import drop_parts, read_parts
from varangian.platform.thread.services import tie

from ...events import face_confirmed
from ...models import FaceDenial, FaceMatch, FacePicture, FaceView
from ..watching import LEAST_WORDS
from .common import TOPIC, named, say
from .ending import KIND, SOURCE

State = FaceMatch.State


def purpose_of(text: str) -> str:
    words = " ".join(text.split())
    if not LEAST_WORDS <= len(words) <= 200:
        raise Refused(
            "Say in a few words why you look",
            where="purpose",
            mend="Such as: watch at the entrance. The leader sees it.",
        )
    return words


@transaction.atomic
def look(*, actor: Actor, match: FaceMatch, purpose: str) -> FaceView:
    """On record before a picture is shown; the pictures are asked for with the view."""
    require(actor, "face_match.view", match.compartment_id)
    named(actor, "look at a candidate")
    words = purpose_of(purpose)
    note(kind="face", record=match, actor=actor, purpose=words)
    return FaceView.objects.create(
        compartment_id=match.compartment_id,
        key_id=match.operation.key_id,
        operation_id=match.operation_id,
        match=match.pk,
        camera_name=match.camera.name,
        person=actor,
        purpose=words,
    )


def shot(match: FaceMatch, number: int) -> bytes:
    """``number`` from 1, the best first."""
    if not 1 <= number <= len(match.shots):
        raise NotFound("There is no such shot")
    return b"".join(read_parts([match.shots[number - 1]], match.key_id))


@system_read("whoever decides a candidate sees the pictures that it was compared with")
def entry_picture(match: FaceMatch, number: int) -> bytes:
    found = FacePicture.objects.filter(entry_id=match.entry_id).order_by("number")
    row = found[number - 1 : number].first() if number >= 1 else None
    if row is None:
        raise NotFound("There is no such picture")
    return b"".join(read_parts(row.parts, row.key_id))


@transaction.atomic
def decide(*, actor: Actor, match: FaceMatch, confirmed: bool, words: str = "") -> FaceMatch:
    """Yes: a sighting of the case, kept as long as the entry. No: the crops are erased, and this
    face is remembered as not this person."""
    require(actor, "face_match.decide", match.compartment_id)
    named(actor, "confirm or deny a candidate")
    row = held_match(actor, match)
    if row.state != State.CANDIDATE:
        raise Refused(
            f"This was decided by {row.decided_by}: {row.get_state_display().lower()}"  # pyright: ignore
        )
    if not _looked(actor, row.pk):
        raise Refused(
            "Nobody decides what they have not looked at",
            where="view",
            mend="Open the candidate with a purpose first.",
        )
    if confirmed:
        row.expires_at = row.entry.expires_at
    else:
        _remember(row, actor)
        drop_parts(row.shots)
        row.shots = []
    row.state = State.CONFIRMED if confirmed else State.DENIED
    row.decided_by, row.decided_at = actor, now()
    row.words, row.vectors = words.strip()[:1000], []
    row.save()
    if confirmed:
        _sighted(row, actor)
    done = "confirmed" if confirmed else "denied"
    settle(source=SOURCE, about=row.pk, state="resolved", reason=done.capitalize(), actor=actor)
    publish(topic=TOPIC, record=row.pk, compartment_id=row.compartment_id)
    return row


def held_match(actor: Actor, match: FaceMatch) -> FaceMatch:
    """As it stands now, locked."""
    rows = FaceMatch.objects.visible_to(actor).select_related(
        "operation", "entry", "camera", "decided_by", "deployment"
    )
    row = rows.select_for_update(of=("self",), no_key=True).filter(pk=match.pk).first()
    if row is None:
        raise NotFound("This candidate was erased")
    return row


@system_read("only whoever looked may decide")
def _looked(actor: Actor, match: UUID) -> bool:
    return FaceView.objects.filter(match=match, person_id=actor.pk).exists()


def _remember(row: FaceMatch, actor: Actor) -> None:
    for vector in row.vectors:
        FaceDenial.objects.create(
            compartment_id=row.compartment_id,
            key_id=row.entry.key_id,
            entry=row.entry,
            vector=vector,
            model_sha256=row.model_sha256,
            by=actor,
        )


def _sighted(row: FaceMatch, actor: Actor) -> None:
    """From here on it is a fact that the team may know: in the log, and on the thread."""
    entry: Any = row.entry
    here = row.compartment_id
    tie(left=("camera", row.camera_id), right=(KIND, row.pk), relation="saw", compartment_id=here)
    if entry.case_id is not None:
        case = (entry.case_kind, entry.case_id)
        tie(left=case, right=(KIND, row.pk), relation="seen", compartment_id=here)
    say(row, "confirmed", f"Face of {entry.label} confirmed at {row.seen_at}", actor)
    face_confirmed.send(sender=FaceMatch, match=row, entry=entry, actor=actor)
