"""Invented feed files for the tests."""

import json
from datetime import datetime, timedelta
from typing import Any

HERE = [24.95, 60.25]


def item(key: str, start: datetime, *, hours: float = 2.0, at: Any = HERE, **about: Any) -> dict:
    """One GeoJSON hazard that begins at ``start``."""
    geometry = {"type": "Point", "coordinates": at} if at else None
    given = {
        "id": key,
        "kind": "weather",
        "band": "amber",
        "title": f"Storm {key}",
        "updated": (start - timedelta(hours=24)).isoformat(),
        "onset": start.isoformat(),
        "expires": (start + timedelta(hours=hours)).isoformat(),
        "radius_km": 5,
        **about,
    }
    properties = {name: value for name, value in given.items() if value is not None}
    return {"type": "Feature", "id": key, "properties": properties, "geometry": geometry}


def feed(*items: dict) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(items)}).encode()


def cap(
    identifier: str,
    *,
    kind: str = "Alert",
    refers: str = "",
    status: str = "Actual",
    sent: str = "2026-11-24T02:00:00Z",
    onset: str = "2026-11-25T07:00:00Z",
    expires: str = "2026-11-25T12:00:00Z",
    circle: str = "60.25,24.95 10",
) -> str:
    references = f"<references>{refers}</references>" if refers else ""
    return f"""<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
<identifier>{identifier}</identifier><sender>s@example.org</sender><sent>{sent}</sent>
<status>{status}</status><msgType>{kind}</msgType><scope>Public</scope>{references}
<info><language>en-GB</language><category>Met</category><event>Flood</event>
<urgency>Expected</urgency><severity>Severe</severity><certainty>Likely</certainty>
<onset>{onset}</onset><expires>{expires}</expires><headline>Flood {identifier}</headline>
<area><areaDesc>Invented bay</areaDesc><circle>{circle}</circle></area></info></alert>"""


def atom(*alerts: str) -> bytes:
    entries = "".join(
        f'<entry><content type="text/xml">{alert}</content></entry>' for alert in alerts
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'.encode()
