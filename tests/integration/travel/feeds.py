"""Files of four governments in their own shapes, invented."""

import json


def us(level: int, name: str = "Finland", updated: str = "2026-11-01T00:00:00Z") -> bytes:
    row = {"Title": f"{name} - Level {level}: Words", "Category": ["FI"], "Updated": updated}
    return json.dumps([{**row, "Link": "", "Summary": "<p>Text</p>", "id": "x"}]).encode()


def uk(*status: str, name: str = "Finland") -> bytes:
    page = {
        "base_path": f"/foreign-travel-advice/{name.lower()}",
        "public_updated_at": "2026-11-02T10:00:00Z",
        "details": {"country": {"name": name}, "alert_status": list(status), "parts": []},
    }
    return json.dumps(page).encode()


def canada(state: int) -> bytes:
    entry = {
        "advisory-state": state,
        "date-published": {"asp": "2026-11-03T09:30:00Z"},
        "eng": {"name": "Finland", "url-slug": "finland", "advisory-text": "Take care"},
    }
    return json.dumps({"data": {"FI": entry}}).encode()


def germany(**flags: object) -> bytes:
    entry = {
        "countryCode": "FI",
        "countryName": "Finnland",
        "title": "Finnland",
        "warning": False,
        "partialWarning": False,
        "situationWarning": False,
        "situationPartWarning": False,
        "lastModified": 1764547200,
        "effective": 1764547200,
        **flags,
    }
    return json.dumps({"response": {"lastModified": 1764547200, "1": entry}}).encode()


def quake(lon: float, lat: float, at: float) -> bytes:
    feature = {
        "type": "Feature",
        "id": "us7000",
        "geometry": {"type": "Point", "coordinates": [lon, lat, 9]},
        "properties": {
            "mag": 5.1,
            "title": "M 5.1 invented quake",
            "time": at * 1000,
            "updated": at * 1000,
            "alert": "orange",
        },
    }
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
