"""Hits of a search by looks."""

from typing import Any

from ..services.looks import FoundLooks, Search


def search_shape(found: Search) -> dict[str, Any]:
    return {
        "hits": [hit_shape(one) for one in found.hits],
        "cameras": found.searched,
        "records": found.weighed,
        "more": found.more,
        "capped": found.capped,
    }


def hit_shape(one: FoundLooks) -> dict[str, Any]:
    row = one.row
    return {
        "id": row.pk,
        "camera": row.camera.name,
        "camera_id": row.camera_id,  # pyright: ignore
        "kind": row.kind,
        "begun_at": row.begun_at,
        "ended_at": row.ended_at,
        "looks": row.looks,
        "words": one.words,
        "expires_at": row.expires_at,
    }
