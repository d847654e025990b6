"""The deployment record: drawn by one person, signed by another, revoked by either at once."""

from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Refused
from varangian.platform.access.scope import SYSTEM, Actor, require, system_read

from ...models import Camera, DeploymentCamera, FaceDeployment
from .assessing import lay
from .common import locked, named, next_serial, say, words
from .naming import cameras_of, forget_named, name_cameras
from .signing import content_digest, put_signature

NEEDED = {
    "purpose": "What are faces compared for here, and for nothing else?",
    "legal_basis": "On what ground of the law of this place? Ask counsel.",
    "necessity": "Why does nothing milder do, and what was weighed against it?",
    "dpia": "Where is the impact assessment, of what day, by whom?",
    "places": "Which doors, roads or rooms do the cameras see?",
    "signage": "Where do signs tell people before they are in the picture?",
}
LONGEST_DAYS, DELETION = 366, (1, 30)
State = FaceDeployment.State


@transaction.atomic
def draw_record(
    *,
    actor: Actor,
    operation: Any,
    cameras: list[Camera],
    assessment: bytes = b"",
    assessment_name: str = "",
    **given: Any,
) -> FaceDeployment:
    """A draft: nothing is compared on it. Its ``assessment`` may be laid later, before it is
    signed."""
    require(actor, "face_record.draft", operation.compartment_id)
    named(actor, "draw a deployment record")
    whole = locked(actor, operation)
    record = FaceDeployment(
        compartment_id=whole.compartment_id,
        key_id=whole.key_id,
        operation=whole,
        serial=next_serial(FaceDeployment.objects.visible_to(SYSTEM).filter(operation=whole)),
        drawn_by=actor,
    )
    if assessment:
        lay(record, assessment, assessment_name)
    _take(record, given)
    record.save(force_insert=True)
    name_cameras(actor, record, cameras)
    say(record, "drawn", f"Face deployment {record.label} drawn as a draft", actor)
    return record


@transaction.atomic
def change_record(
    *,
    actor: Actor,
    record: FaceDeployment,
    cameras: list[Camera] | None = None,
    assessment: bytes = b"",
    assessment_name: str = "",
    **given: Any,
) -> FaceDeployment:
    """Only a draft. Whoever changes it has drawn it, and another person signs."""
    require(actor, "face_record.draft", record.compartment_id)
    named(actor, "change a deployment record")
    row = held_draft(actor, record)
    if assessment:
        lay(row, assessment, assessment_name)
    kept = {name: getattr(row, name) for name in (*NEEDED, *TIMES, "deletion_days")}
    row.drawn_by = actor
    _take(row, kept | given)
    row.save()
    if cameras is not None:
        forget_named(actor, row)
        name_cameras(actor, row, cameras)
    say(row, "changed", f"Face deployment {row.label} changed as a draft", actor)
    return row


@transaction.atomic
def sign_record(*, actor: Actor, record: FaceDeployment, seen: str = "") -> FaceDeployment:
    """From its first moment on the cameras that it names compare faces, in its hours. ``seen``:
    digest of the content that the signer read; another one is refused."""
    require(actor, "face_record.sign", record.compartment_id)
    named(actor, "sign a deployment record")
    row = _held(actor, record)
    if row.state != State.DRAFT:
        raise Refused(f"{row.label} is no draft", where="state")
    if row.drawn_by_id == actor.pk:
        raise Refused(
            "Nobody signs what they wrote", where="signed_by", mend="Ask another detail leader."
        )
    if row.valid_until <= now():
        raise Refused("Its time is over already", where="valid_until", mend="Change the draft.")
    if not _cameras_of(row).exists():
        raise Refused("It names no camera", where="cameras", mend="Change the draft.")
    if cameras_of(actor, row)[1]:
        raise Refused(
            "It names a camera that is not yours to see",
            where="cameras",
            mend="A leader of the engagement signs.",
        )
    if not row.assessment_sha256:
        raise Refused(
            "Its impact assessment is a reference only",
            where="assessment",
            mend="Lay the PDF to the draft; a record is not signed without it.",
        )
    if seen and seen != content_digest(row):
        raise Conflict(
            "The draft was changed while you read it", where=row.label, mend="Read it once more."
        )
    row.state, row.signed_by, row.signed_at = State.SIGNED, actor, now()
    put_signature(row, actor)
    row.save()
    say(row, "signed", f"Face deployment {row.label} signed", actor)
    return row


@transaction.atomic
def revoke_record(*, actor: Actor, record: FaceDeployment, reason: str) -> FaceDeployment:
    """With the next beat of a camera, within two seconds, its worker forgets the templates."""
    require(actor, "face_record.revoke", record.compartment_id)
    named(actor, "revoke a deployment record")
    row = _held(actor, record)
    if row.state not in (State.DRAFT, State.SIGNED):
        raise Refused(f"{row.label} is over already", where="state")
    row.revoke_reason = words("reason", reason, "Whoever asks later reads it.")
    row.state, row.revoked_by, row.revoked_at = State.REVOKED, actor, now()
    row.save()
    say(row, "revoked", f"Face deployment {row.label} revoked", actor)
    return row


TIMES = ("begins", "ends", "valid_from", "valid_until")


def _take(record: FaceDeployment, given: dict[str, Any]) -> None:
    if unknown := set(given) - {*NEEDED, *TIMES, "deletion_days"}:
        raise Refused("A deployment record has no such field", where=", ".join(sorted(unknown)))
    for name, ask in NEEDED.items():
        setattr(record, name, words(name, given.get(name), ask))
    begins, ends = given.get("begins"), given.get("ends")
    if (begins is None) != (ends is None) or (begins is not None and begins == ends):
        raise Refused("Hours have a beginning and an end", where="begins")
    record.begins, record.ends = _clock(begins), _clock(ends)
    record.valid_from = given.get("valid_from") or now()
    record.valid_until = _end(record.valid_from, given.get("valid_until"))
    days = given.get("deletion_days")
    if days is None or not DELETION[0] <= days <= DELETION[1]:
        raise Refused(
            "Undecided candidates are erased after 1 to 30 days",
            where="deletion_days",
            mend="As few as the law of the place asks for.",
        )
    record.deletion_days = days


def _clock(given: time | None) -> time | None:
    return None if given is None else given.replace(tzinfo=None, microsecond=0)


def _end(begins: datetime, ends: datetime | None) -> datetime:
    if ends is None:
        raise Refused("A record says until when", where="valid_until", mend="At most a year.")
    if begins.tzinfo is None or ends.tzinfo is None:
        raise Refused("Times have a time zone", where="valid_from, valid_until")
    if not begins < ends <= begins + timedelta(days=LONGEST_DAYS) or ends <= now():
        raise Refused(
            "It ends in the future, after it begins and within a year",
            where="valid_until",
            mend="Draw a new record for longer; the assessment is looked at again then.",
        )
    return ends


@system_read("which cameras a record names is part of it")
def _cameras_of(record: FaceDeployment) -> Any:
    return DeploymentCamera.objects.filter(deployment=record, camera__retired_at=None)


def held_draft(actor: Actor, record: FaceDeployment) -> FaceDeployment:
    """As it stands now, locked; refused when it is a draft no more."""
    row = _held(actor, record)
    if row.state != State.DRAFT:
        raise Refused(
            f"{row.label} is {row.get_state_display().lower()}",  # pyright: ignore
            mend="Draw a new record; this one stays as it was.",
        )
    return row


def _held(actor: Actor, record: FaceDeployment) -> FaceDeployment:
    rows = FaceDeployment.objects.visible_to(actor).select_related("operation", "drawn_by")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=record.pk)
