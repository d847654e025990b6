"""Who is looked for: proposed by one person, accepted by the reviewer, ended by itself."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from varangian.kernel.clock import now
from varangian.kernel.results import NotFound, Refused
from varangian.platform.access.scope import SYSTEM, Actor, may, require, system_read
from varangian.platform.audit.services import note
from varangian.platform.crypto import keys
from varangian.platform.storage.images import read_picture
from varangian.platform.storage.parts import drop_parts, read_parts
from varangian.platform.thread import registry

from ...models import FaceDenial, FaceEntry, FaceMatch, FacePicture
from . import describing
from .common import keep_bytes, locked, named, next_serial, say, words

NEEDED = {
    "title": "Whom does the team look for, as it is said on the radio?",
    "purpose": "What is it for, and for nothing else?",
    "legal_basis": "On what ground may this face be kept?",
    "proportionality": "Why nothing milder does, and what was weighed against it.",
    "drill": "What is to be done when a person has confirmed a match?",
}
CASES = ("threat", "bolo")
LONGEST = timedelta(days=90)
MOST_PICTURES = 12
State = FaceEntry.State


@transaction.atomic
def propose_entry(
    *,
    actor: Actor,
    operation: Any,
    reviewer: Any,
    expires_at: datetime | None,
    case_kind: str = "",
    case_id: UUID | None = None,
    reference: str = "",
    **given: Any,
) -> FaceEntry:
    """Nothing is compared with it until the reviewer has accepted it."""
    require(actor, "face_entry.change", operation.compartment_id)
    named(actor, "propose somebody for the watchlist")
    whole = locked(actor, operation)
    if unknown := set(given) - set(NEEDED):
        raise Refused("An entry has no such field", where=", ".join(sorted(unknown)))
    texts = {name: words(name, given.get(name), ask) for name, ask in NEEDED.items()}
    case = _case(actor, whole, case_kind, case_id, reference)
    entry = FaceEntry(
        compartment_id=whole.compartment_id,
        key=keys.create(),
        operation=whole,
        serial=next_serial(FaceEntry.objects.visible_to(SYSTEM).filter(operation=whole)),
        reviewer=_reviewer(actor, whole, reviewer),
        expires_at=_end(expires_at),
        drawn_by=actor,
        **case,
        **texts,
    )
    entry.save(force_insert=True)
    say(entry, "proposed", f"Face watchlist {entry.label} proposed", actor)
    return entry


@transaction.atomic
def accept_entry(*, actor: Actor, entry: FaceEntry) -> FaceEntry:
    """Only its reviewer, and only with a picture: from now on cameras in force look for it."""
    require(actor, "face_entry.review", entry.compartment_id)
    row = held_entry(actor, entry)
    if row.reviewer_id != actor.pk:
        raise Refused(f"{row.reviewer} reviews {row.label}", where="reviewer")
    if row.state != State.PROPOSED:
        raise Refused(f"{row.label} was accepted already", where="state")
    if not FacePicture.objects.visible_to(actor).filter(entry=row).exists():
        raise Refused("There is no picture to look for", where="pictures", mend="Add one first.")
    row.state, row.reviewed_at, row.changed_at = State.LISTED, now(), now()
    row.save(update_fields=["state", "reviewed_at", "changed_at"])
    say(row, "listed", f"Face watchlist {row.label} accepted by its reviewer", actor)
    return row


@transaction.atomic
def add_picture(*, actor: Actor, entry: FaceEntry, data: bytes, name: str = "") -> FacePicture:
    """The photo itself is not kept: what is, is sealed, upright and without what a camera adds."""
    require(actor, "face_entry.change", entry.compartment_id)
    named(actor, "add a picture")
    row = held_entry(actor, entry)
    mine = FacePicture.objects.visible_to(actor).filter(entry=row)
    if mine.count() >= MOST_PICTURES:
        raise Refused(f"An entry has up to {MOST_PICTURES} pictures", mend="Remove one first.")
    shown = read_picture(data, name or "picture")
    told = describing.describe(data, name)
    made = FacePicture.objects.create(
        compartment_id=row.compartment_id,
        key_id=row.key_id,
        entry=row,
        number=(mine.aggregate(last=Max("number"))["last"] or 0) + 1,
        parts=keep_bytes(shown.preview, row.key_id),
        template=told.template,
        model=told.model,
        model_sha256=told.model_sha256,
        quality=told.quality,
        by=actor,
    )
    _again(row, actor)
    say(row, "changed", f"Face watchlist {row.label} has a further picture", actor)
    return made


@transaction.atomic
def remove_picture(*, actor: Actor, picture: FacePicture) -> None:
    require(actor, "face_entry.change", picture.compartment_id)
    row = held_entry(actor, picture.entry)
    left = FacePicture.objects.visible_to(actor).filter(entry=row).exclude(pk=picture.pk)
    if row.state == State.LISTED and not left.exists():
        raise Refused("This is the last picture", mend="Remove the entry instead.")
    drop_parts(picture.parts)
    picture.delete()
    FaceEntry.objects.visible_to(actor).filter(pk=row.pk).update(changed_at=now())
    say(row, "changed", f"Face watchlist {row.label} has a picture less", actor)


def _again(row: FaceEntry, actor: Actor) -> None:
    """A further picture changes whom the machine takes for it: the reviewer looks again, unless
    it is the reviewer who added it."""
    row.changed_at = now()
    if row.state == State.LISTED and row.reviewer_id != actor.pk:
        row.state, row.reviewed_at = State.PROPOSED, None
    row.save(update_fields=["state", "reviewed_at", "changed_at"])


@transaction.atomic
def remove_entry(*, actor: Actor, entry: FaceEntry) -> FaceEntry:
    """Erased for good: name, pictures, templates, denials and what waited to be decided."""
    require(actor, "face_entry.change", entry.compartment_id)
    named(actor, "remove an entry")
    row = held_entry(actor, entry)
    end_entry(row, State.REMOVED, actor)
    return row


@system_read("what is erased is erased whole, whoever may see it")
def end_entry(row: FaceEntry, state: str, actor: Actor) -> None:
    from .ending import erase_match

    for match in FaceMatch.objects.filter(entry=row):
        erase_match(match)
    for picture in FacePicture.objects.filter(entry=row):
        drop_parts(picture.parts)
        picture.delete()
    FaceDenial.objects.filter(entry=row).delete()
    FaceEntry.objects.filter(pk=row.pk).update(
        state=state,
        ended_at=now(),
        changed_at=now(),
        ended_by=None if actor.is_system else actor,
        case_id=None,
    )
    keys.destroy(row.key_id)
    row.refresh_from_db()
    words = "removed" if state == State.REMOVED else "has expired"
    say(row, state, f"Face watchlist {row.label} {words}; its templates are erased", actor)


def open_picture(*, actor: Actor, picture: FacePicture) -> bytes:
    """Looking is on record."""
    require(actor, "face_entry.view", picture.compartment_id)
    note(kind="face", record=picture, actor=actor, purpose="picture of a watchlist entry opened")
    return b"".join(read_parts(picture.parts, picture.key_id))


def held_entry(actor: Actor, entry: FaceEntry) -> FaceEntry:
    """As it stands now, locked; refused when it is over."""
    rows = FaceEntry.objects.visible_to(actor).select_related("operation", "reviewer")
    row = rows.select_for_update(of=("self",), no_key=True).get(pk=entry.pk)
    if row.shown_state in FaceEntry.GONE:
        raise Refused(f"{row.label} is over", mend="Propose a new entry.")
    return row


def _case(
    actor: Actor, operation: Any, kind: str, pk: UUID | None, reference: str
) -> dict[str, Any]:
    if not kind and not pk:
        ask = "Link a threat or a BOLO card, or write where the case is kept."
        return {"reference": words("reference", reference, ask, 400)}
    if kind not in CASES or pk is None:
        raise Refused("There is no such case", where="case_kind", mend=", ".join(CASES))
    found: Any = registry.records(actor, kind, [pk]).get(pk)
    if found is None or found.operation_id != operation.pk:
        raise NotFound("There is no such case, or it is not yours to see", where="case_id")
    return {"case_kind": kind, "case_id": pk, "reference": reference.strip()[:400]}


def _reviewer(actor: Actor, operation: Any, reviewer: Any) -> Any:
    if reviewer is None or reviewer.pk == actor.pk:
        raise Refused(
            "Nobody reviews their own entry", where="reviewer", mend="Name another person."
        )
    if not may(reviewer, "face_entry.review", operation.compartment_id):
        raise Refused(
            f"{reviewer} may not review entries here",
            where="reviewer",
            mend="Name a detail leader or an analyst of the operation.",
        )
    return reviewer


def _end(given: datetime | None) -> datetime:
    if given is None or given.tzinfo is None:
        raise Refused("Every entry says when it ends", where="expires_at", mend="At most 90 days.")
    if not now() < given <= now() + LONGEST:
        raise Refused("It ends in the future, within 90 days", where="expires_at")
    return given
