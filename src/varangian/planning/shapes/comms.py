"""How the communications plan looks in the API and in ``--json``."""

from typing import Any

from varangian.platform.access.scope import Actor

from ..models import CommsTest, CommsVersion
from ..queries import comms

MASK = "••••••"


def plan_shape(actor: Actor, operation: Any, version: CommsVersion | None) -> dict[str, Any] | None:
    """Words are masked; they are asked for with a purpose."""
    if version is None:
        return None
    return {
        "operation": operation.slug,
        "version": version.number,
        "bearers": [_bearer(row) for row in comms.bearers(actor, operation)],
        "call_signs": [
            {"call_sign": post.call_sign, "post": post.title}
            for post in comms.call_signs(actor, operation)
        ],
        "check_minutes": version.check_minutes,
        "missed": version.missed,
        "check_words": version.check_words,
        "code_words": [
            {"slot": row["slot"], "meaning": row["meaning"], "word": MASK}
            for row in comms.words_shown(version)
        ],
        "duress_word": MASK if version.duress_word else None,
        "why": version.why,
        "by": str(version.by) if version.by else None,
        "at": version.at,
    }


def _bearer(row: comms.Bearer) -> dict[str, Any]:
    return {
        "rank": row.rank,
        "means": row.means,
        "state": row.state,
        "tested_at": row.test.tested_at if row.test else None,
    }


def tried_shape(row: CommsTest) -> dict[str, Any]:
    return {
        "rank": row.rank,
        "result": row.result,
        "post": row.post,
        "note": row.note,
        "version": row.version,
        "tested_at": row.tested_at,
        "by": str(row.by),
    }
