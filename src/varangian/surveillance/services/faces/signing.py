"""What the second person signs: every word of a record, its cameras, and its assessment by hash."""

from datetime import UTC
from typing import Any

from varangian.kernel.chain import digest
from varangian.platform.access.scope import Actor, system_read
from varangian.platform.audit import signing

from ...models import DeploymentCamera, FaceDeployment

WORDS = ("purpose", "legal_basis", "necessity", "dpia", "places", "signage")


@system_read("which cameras a record names is part of what is signed")
def content_digest(record: FaceDeployment) -> str:
    row: Any = record
    named = DeploymentCamera.objects.filter(deployment=row).values_list("camera_id", flat=True)
    return digest(
        {
            "operation": str(row.operation_id),
            "record": row.label,
            **{name: getattr(row, name) for name in WORDS},
            "assessment_sha256": row.assessment_sha256,
            "cameras": sorted(str(pk) for pk in named),
            "begins": row.begins.isoformat() if row.begins else "",
            "ends": row.ends.isoformat() if row.ends else "",
            "valid_from": row.valid_from.astimezone(UTC).isoformat(),
            "valid_until": row.valid_until.astimezone(UTC).isoformat(),
            "deletion_days": row.deletion_days,
            "drawn_by": str(row.drawn_by_id),
        }
    )


def put_signature(row: Any, actor: Actor) -> None:
    """After ``signed_by`` and ``signed_at``; the caller saves the row."""
    row.signed_name, row.content_digest = str(actor), content_digest(row)
    row.signature, row.public_key = signing.sign(_message(row))


def fault(record: FaceDeployment) -> str:
    """Why the signature does not hold; empty when it does, and where there was none to give."""
    row: Any = record
    if row.signed_at is None or row.reference_only:
        return ""
    return signing.fault(
        content=content_digest(row),
        signed=row.content_digest,
        message=_message(row),
        signature=row.signature,
        key=row.public_key,
    )


def _message(row: Any) -> bytes:
    return signing.covers(
        content=row.content_digest,
        name=row.signed_name,
        person=row.signed_by_id,
        at=row.signed_at,
        assessment=row.assessment_sha256,
    )
