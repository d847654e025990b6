"""How readiness looks in the API and in ``--json``."""

from typing import Any

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
    }
