"""Records, entries and candidates as the API and the command line give them: never a template."""

from typing import Any

from ..models import FaceDeployment, FaceEntry, FaceMatch, FacePicture, FaceView

RECORD_WORDS = ("purpose", "legal_basis", "necessity", "dpia", "places", "signage")
ENTRY_WORDS = ("title", "purpose", "legal_basis", "proportionality", "drill", "reference")


def record_shape(record: FaceDeployment) -> dict[str, Any]:
    named = record.named.select_related("camera")  # pyright: ignore
    return {
        "id": record.pk,
        "label": record.label,
        "state": record.shown_state,
        **{name: getattr(record, name) for name in RECORD_WORDS},
        "cameras": [{"id": one.camera_id, "name": one.camera.name} for one in named],
        "begins": record.begins,
        "ends": record.ends,
        "valid_from": record.valid_from,
        "valid_until": record.valid_until,
        "deletion_days": record.deletion_days,
        "drawn_by": str(record.drawn_by),
        "signed_by": str(record.signed_by) if record.signed_by else None,
        "signed_at": record.signed_at,
        "revoked_by": str(record.revoked_by) if record.revoked_by else None,
        "revoked_at": record.revoked_at,
        "revoke_reason": record.revoke_reason,
    }


def entry_shape(entry: FaceEntry) -> dict[str, Any]:
    return {
        "id": entry.pk,
        "label": entry.label,
        "state": entry.shown_state,
        **{name: getattr(entry, name) for name in ENTRY_WORDS},
        "case_kind": entry.case_kind,
        "case_id": entry.case_id,
        "reviewer": str(entry.reviewer),
        "reviewed_at": entry.reviewed_at,
        "drawn_by": str(entry.drawn_by),
        "expires_at": entry.expires_at,
        "ended_at": entry.ended_at,
        "pictures": [picture_shape(one) for one in entry.pictures.all()],  # pyright: ignore
    }


def picture_shape(picture: FacePicture) -> dict[str, Any]:
    return {"id": picture.pk, "number": picture.number, "quality": picture.quality}


def match_shape(match: FaceMatch) -> dict[str, Any]:
    """Without pictures: those are asked for with a purpose."""
    return {
        "id": match.pk,
        "state": match.state,
        "camera": match.camera.name,
        "entry": match.entry.label,
        "title": match.entry.title,
        "record": match.deployment.label,
        "first_at": match.first_at,
        "last_at": match.last_at,
        "similarity": match.similarity,
        "threshold": match.threshold,
        "agreeing_shots": match.agreeing,
        "shots": match.shot_count,
        "quality": match.quality,
        "model": match.model,
        "model_sha256": match.model_sha256,
        "decided_by": str(match.decided_by) if match.decided_by else None,
        "decided_at": match.decided_at,
        "words": match.words,
        "expires_at": match.expires_at,
    }


def look_shape(view: FaceView, match: FaceMatch, pictures: int) -> dict[str, Any]:
    """Where the pictures of this look are."""
    where = f"/api/v1/face-views/{view.pk}"
    return {
        **match_shape(match),
        "view": view.pk,
        "shot_files": [f"{where}/shots/{n + 1}" for n in range(len(match.shots))],
        "entry_files": [f"{where}/entry/{n + 1}" for n in range(pictures)],
    }


def looked_shape(view: FaceView) -> dict[str, Any]:
    return {
        "match": view.match,
        "camera": view.camera_name,
        "person": str(view.person),
        "purpose": view.purpose,
        "at": view.at,
    }
