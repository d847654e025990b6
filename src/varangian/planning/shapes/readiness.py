"""How readiness looks in the API and in ``--json``."""

from typing import Any

from ..models import Decision
from ..queries.decisions import Standing
from ..readiness import Light


def light_shape(row: Light) -> dict[str, Any]:
    return {
        "artefact": row.artefact.id,
        "title": row.artefact.title,
        "state": row.state,
        "why": row.why,
        "missing": list(row.missing),
        "at": row.at,
        "owner": row.artefact.owner,
        "waivable": row.artefact.waivable,
        "do": row.do,
        "url": row.url,
        "until": row.until,
    }


def decision_shape(row: Decision) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "operation": row.operation.slug,
        "serial": row.serial,
        "kind": row.kind,
        "threat_level": row.threat_level,
        "reason": row.reason,
        "by": row.name,
        "at": row.at,
        "until": row.until,
        "counted": row.counted,
        "not_ready": [kept for kept in row.lights if kept["state"] not in ("fresh", "waived")],
        "waived": [kept for kept in row.lights if kept["state"] == "waived"],
        "digest": row.content_digest,
        "signature": row.signature,
        "public_key": row.public_key,
    }


def standing_shape(row: Standing) -> dict[str, Any]:
    return {
        "state": row.state,
        "holds": row.holds,
        "words": row.words,
        "decision": decision_shape(row.decision) if row.decision else None,
        "stale": list(row.stale),
        "turned": list(row.turned),
    }
