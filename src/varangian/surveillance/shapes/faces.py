"""Records, entries and candidates as the API and the command line give them: never a template."""

from typing import Any

from varangian.platform.access.scope import Actor

from ..models import FaceDeployment, FaceEntry, FaceExport, FaceMatch, FacePicture, FaceView
from ..services.faces.naming import cameras_of
from ..services.faces.signing import content_digest, fault

RECORD_WORDS = ("purpose", "legal_basis", "necessity", "dpia", "places", "signage")
ENTRY_WORDS = ("title", "purpose", "legal_basis", "proportionality", "drill", "reference")


def record_shape(record: FaceDeployment, actor: Actor) -> dict[str, Any]:
    named, besides = cameras_of(actor, record)
    draft = record.state == FaceDeployment.State.DRAFT
    return {
        "id": record.pk,
        "label": record.label,
        "state": record.shown_state,
        **{name: getattr(record, name) for name in RECORD_WORDS},
        "cameras": [{"id": one.pk, "name": one.name} for one in named],
        "cameras_besides": besides,
        "begins": record.begins,
        "ends": record.ends,
        "valid_from": record.valid_from,
        "valid_until": record.valid_until,
        "deletion_days": record.deletion_days,
        "assessment": _assessment(record),
        "reference_only": record.reference_only,
        "content_digest": content_digest(record) if draft else record.content_digest,
        "signature_fault": fault(record),
        "drawn_by": str(record.drawn_by),
        "signed_by": str(record.signed_by) if record.signed_by else None,
        "signed_at": record.signed_at,
        "revoked_by": str(record.revoked_by) if record.revoked_by else None,
        "revoked_at": record.revoked_at,
        "revoke_reason": record.revoke_reason,
    }


def _assessment(record: FaceDeployment) -> dict[str, Any] | None:
    kept = record.assessment
    if kept is None:
        return None
    told = {"name": kept.name, "size": kept.size, "laid_at": kept.created_at}
    return {**told, "sha256": record.assessment_sha256}


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


def exported_shape(row: FaceExport) -> dict[str, Any]:
    return {
        "match": row.match,
        "camera": row.camera_name,
        "person": str(row.person),
        "purpose": row.purpose,
        "sha256": row.sha256,
        "size": row.size,
        "at": row.at,
    }
