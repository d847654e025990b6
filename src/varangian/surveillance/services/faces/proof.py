"""What the evidence of a face says, step by step, for a machine and for a reader. No writes."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from varangian.engines.vision.catalogue import models

from ...models import FaceDeployment, FaceEntry, FaceMatch, FacePicture

NETWORKS = ("centerface", "dlib-points-5")
"""Those that found and aligned the face before the one of the candidate described it."""


@dataclass(frozen=True)
class Steps:
    """``files``: the pictures by their names in the zip; ``looks``: when whoever decided looked."""

    match: FaceMatch
    files: Mapping[str, bytes]
    pictures: Sequence[FacePicture]
    looks: Sequence[datetime]
    at: datetime

    def told(self) -> list[dict[str, Any]]:
        return [
            {"step": "deployment record", **record_of(self.match.deployment)},
            {"step": "entry", **entry_of(self.match.entry), "pictures": self._pictures()},
            {"step": "networks", "used": self._networks()},
            {"step": "candidate", **self._candidate()},
            {"step": "decision", **self._decision()},
        ]

    def taken(self, actor: Any, purpose: str, before: int) -> dict[str, Any]:
        return {
            "step": "export",
            "by": str(actor),
            "person": str(actor.pk),
            "at": self.at.isoformat(),
            "purpose": purpose,
            "exports_before": before,
        }

    def digest(self, name: str) -> str:
        return hashlib.sha256(self.files[name]).hexdigest()

    def _pictures(self) -> list[dict[str, Any]]:
        return [
            {
                "file": f"entry/{one.number}.jpg",
                "sha256": self.digest(f"entry/{one.number}.jpg"),
                "added_by": str(one.by),
                "added_at": one.added_at.isoformat(),
                "added_after_the_candidate": one.added_at > self.match.last_at,
                "quality": one.quality,
                "model_sha256": one.model_sha256,
            }
            for one in self.pictures
        ]

    def _networks(self) -> list[dict[str, Any]]:
        """As they stand in the catalogue of this house; that of the candidate by its own hash."""
        known = models()
        rows = [_network(known[name]) for name in NETWORKS if name in known]
        row: Any = self.match
        own = known.get(row.model)
        told = _network(own) if own is not None and own.sha256 == row.model_sha256 else {}
        return [*rows, {**told, "name": row.model, "sha256": row.model_sha256}]

    def _candidate(self) -> dict[str, Any]:
        row: Any = self.match
        names = [f"shots/{n}.jpg" for n in range(1, len(row.shots) + 1)]
        return {
            "id": str(row.pk),
            "camera": row.camera.name,
            "camera_purpose": row.camera.purpose,
            "camera_legal_basis": row.camera.legal_basis,
            "first_at": row.first_at.isoformat(),
            "last_at": row.last_at.isoformat(),
            "similarity_of_the_pictures": row.similarity,
            "threshold": row.threshold,
            "shots": row.shot_count,
            "shots_that_agree": row.agreeing,
            "quality_of_the_best_shot": row.quality,
            "files": [{"file": name, "sha256": self.digest(name)} for name in names],
        }

    def _decision(self) -> dict[str, Any]:
        row: Any = self.match
        before = [at.isoformat() for at in self.looks if at <= row.decided_at]
        return {
            "verdict": row.state,
            "by": str(row.decided_by),
            "person": str(row.decided_by_id),
            "at": row.decided_at.isoformat(),
            "words": row.words,
            "looked_before": before,
        }


def record_of(record: FaceDeployment) -> dict[str, Any]:
    row: Any = record
    return {
        "record": row.label,
        "state_now": row.shown_state,
        "purpose": row.purpose,
        "legal_basis": row.legal_basis,
        "impact_assessment": row.dpia,
        "impact_assessment_sha256": row.assessment_sha256 or None,
        "valid_from": row.valid_from.isoformat(),
        "valid_until": row.valid_until.isoformat(),
        "drawn_by": str(row.drawn_by),
        "drawn_at": row.drawn_at.isoformat(),
        "signed_by": str(row.signed_by),
        "signed_at": row.signed_at.isoformat(),
        "signed_content": row.content_digest or None,
        "signature": row.signature or None,
    }


def entry_of(entry: FaceEntry) -> dict[str, Any]:
    row: Any = entry
    return {
        "entry": row.label,
        "title": row.title,
        "purpose": row.purpose,
        "legal_basis": row.legal_basis,
        "proportionality": row.proportionality,
        "proposed_by": str(row.drawn_by),
        "reviewed_by": str(row.reviewer),
        "reviewed_at": row.reviewed_at.isoformat() if row.reviewed_at else None,
        "ends": row.expires_at.isoformat(),
    }


def _network(known: Any) -> dict[str, Any]:
    told = asdict(known)
    told["study"] = (told.pop("face") or {}).get("study", "")
    return {name: value for name, value in told.items() if value and name not in ("file", "family")}


def statement(row: Any, steps: Steps, who: str, purpose: str) -> str:
    """For a reader who opens nothing but this."""
    shots, pictures = len(row.shots), len(steps.pictures)
    return f"""Evidence of one face before one camera

Camera: {row.camera.name}, {row.first_at:%d %B %Y %H:%M:%S} to {row.last_at:%H:%M:%S} UTC.
Held for: {row.entry.label} {row.entry.title}, on deployment record {row.deployment.label}.
Confirmed by: {row.decided_by}, {row.decided_at:%d %B %Y %H:%M:%S} UTC.{_said(row.words)}
Taken out by: {who}, {steps.at:%d %B %Y %H:%M:%S} UTC. For: {purpose}

shots/ holds {shots} picture(s) from the camera, the best first; entry/ holds {pictures} of the
watchlist. The likeness of two of them was {row.similarity:.2f}; from {row.threshold:.2f} a person
is asked. That is no chance of being right and says nothing about anybody: a machine held two
pictures for alike, and the person named above looked at both and decided.

entries.jsonl tells record, entry, networks, candidate, decision and export, each bound to the one
before it by its hash. manifest.json names every file with its SHA-256 and is signed with the key
of the house. To verify offline: varangian audit verify FILE.zip --key KEY-OF-THE-HOUSE
"""


def _said(words: str) -> str:
    return f" {words}" if words else ""
