"""How contractor packs look in the API and in ``--json``."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from ..queries.packs import Shown


def pack_shape(row: Shown) -> dict[str, Any]:
    """Without the link: only its hash is kept."""
    pack = row.pack
    return {
        "id": str(pack.pk),
        "serial": pack.serial,
        "kind": pack.kind,
        "recipient": pack.recipient,
        "state": row.state,
        "made_by": str(pack.made_by) if pack.made_by else None,
        "made_at": pack.made_at,
        "expires_at": pack.expires_at,
        "revoked_at": pack.revoked_at,
        "revoked_by": str(pack.revoked_by) if pack.revoked_by else None,
        "first_opened_at": row.opened[0].at if row.opened else None,
        "last_opened_at": row.opened[-1].at if row.opened else None,
        "receipts": [{"name": visit.name, "at": visit.at} for visit in row.receipts],
        "lines": pack.content,
        "stale": row.stale,
    }


def pack_address(secret: str) -> str:
    """The link as seen from outside, where the console has no request to ask."""
    host = settings.CSRF_TRUSTED_ORIGINS[0] if settings.CSRF_TRUSTED_ORIGINS else ""
    base = host or f"http://127.0.0.1:{settings.PORT}"
    return base + reverse("planning:pack_open", args=[secret])
