"""A document that a named person signs: the fields, the signing, and whether it still holds.

Orders and crowd plans are approved this way. What the signature covers is for each to say, as a
digest of everything that its reader relies on.
"""

from typing import Any

from django.db import models

from varangian.kernel.clock import now

from . import signing


class Approved(models.Model):
    approved_by = models.ForeignKey(
        "access.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    approved_name = models.CharField(max_length=120, blank=True)
    """The name as it was signed; a person may later be called otherwise."""
    content_digest = models.CharField(max_length=64, blank=True)
    signature = models.CharField(max_length=128, blank=True)
    public_key = models.CharField(max_length=64, blank=True)

    class Meta:
        abstract = True


def approve(row: Any, actor: Any, content_digest: str) -> None:
    """Puts the signature of a named person under the row; the caller saves it."""
    row.approved_by, row.approved_at, row.approved_name = actor, now(), str(actor)
    row.content_digest = content_digest
    row.signature, row.public_key = signing.sign(message(row))


def message(row: Any) -> bytes:
    return signing.covers(
        content=row.content_digest,
        name=row.approved_name,
        person=row.approved_by_id,
        at=row.approved_at,
    )


def fault(row: Any, content_digest: str) -> str:
    """Why the signature does not hold; empty when it does."""
    if not row.signature:
        return "It is not signed"
    return signing.fault(
        content=content_digest,
        signed=row.content_digest,
        message=message(row),
        signature=row.signature,
        key=row.public_key,
    )
