"""Every address of the house, from the urlconf and the schema, and what stands in its gaps."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

NOT_OURS = ("account/", "static/", "^api")
PUBLIC = {
    "healthz",
    "api/v1/openapi.json",
    "api/v1/",
    "enter/<secret>",
    "calendar/<secret>/duty.ics",
    "pack/<secret>",
    "m/sw.js",
    "m/map-worker.mjs",
    "m/manifest.webmanifest",
    "m/wipe/<secret>",
    "muster/<secret>",
    "duress/<secret>",
    "node/acts",
    "node/positions",
    "node/copy",
}
"""Opens without an account: it tells nothing of any team."""

GAPS = {
    ("secret", "duress/"): "=no-such-secret",
    ("pk", "duress/"): "call",
    ("key", "duress/keys/"): "own_key",
    ("pk", "protection/duress/"): "call",
    ("pk", "m/duress/keys/"): "own_key",
    ("slug", "protection/checks/"): "operation",
    ("pk", "protection/checks/<slug>/record/"): "turn",
    ("pk", "protection/checks/<slug>/button/"): "place_key",
    ("duty", "operations/<slug>/checks/"): "turn",
    ("compartment", "members/"): "compartment",
    ("user", "members/"): "member",
    ("email", "members/"): "email",
    ("compartment", "principals/new/"): "engagement_compartment",
    ("slug", "principals/"): "principal",
    ("pk", "principals/<slug>/contacts/"): "contact",
    ("pk", "principals/<slug>/windows/"): "window",
    ("pk", "principals/<slug>/exposure/"): "exposure",
    ("pk", "principals/<slug>/exposure/tasks/"): "takedown",
    ("pk", "principals/<slug>/exposure/files/"): "exposure_file",
    ("pk", "exposures/"): "exposure",
    ("pk", "takedowns/"): "takedown",
    ("pk", "exposure-imports/"): "exposure_file",
    ("pk", "people/"): "member",
    ("deed", "people/"): "=deactivate",
    ("secret", "enter/"): "=no-such-secret",
    ("secret", "pack/"): "=no-such-secret",
    ("secret", "calendar/"): "=no-such-secret",
    ("pk", "planning/<slug>/officers/"): "member",
    ("pk", "planning/shifts/"): "shift",
    ("what", "planning/shifts/"): "=change",
    ("pk", "planning/duties/"): "duty",
    ("pk", "m/duties/"): "duty",
    ("pk", "planning/runs/"): "run",
    ("what", "planning/runs/"): "=drop",
    ("email", "operations/<slug>/officers/"): "email",
    ("pk", "shifts/"): "shift",
    ("pk", "assignments/"): "duty",
    ("pk", "roster-runs/"): "run",
    ("pk", "nodes/"): "node",
    ("pk", "nodes/conflicts/"): "conflict",
    ("pk", "node-conflicts/"): "conflict",
    ("pk", "tokens/"): "token",
    ("pk", "places/"): "place",
    ("item", "places/<pk>/survey/facts/"): "=main_entrance",
    ("section", "places/<pk>/survey/sections/"): "=arrival",
    ("photo", "places/<pk>/survey/photos/"): "photo",
    ("number", "places/<pk>/survey/versions/"): "=1",
    ("slug", "engagements/"): "engagement",
    ("slug", "operations/engagements/"): "engagement",
    ("slug", "operations/"): "operation",
    ("pk", "movements/"): "movement",
    ("pk", "operations/movements/"): "movement",
    ("pk", "posts/"): "post",
    ("pk", "operations/posts/"): "post",
    ("slug", "log/of/"): "operation",
    ("serial", "log/of/"): "entry",
    ("artefact", "operations/<slug>/readiness/"): "=threat_assessment",
    ("pk", "alerts/"): "alert",
    ("pk", "alerts/reach/"): "channel",
    ("pk", "alerts/push/"): "browser",
    ("pk", "me/channels/"): "channel",
    ("code", "alerts/code/"): "alert_code",
    ("service", "alerts/channels/"): "=webhook",
    ("pk", "signals/"): "signal",
    ("pk", "intelligence/signals/"): "signal",
    ("pk", "intelligence/imports/"): "feed",
    ("name", "connectors/"): "connector",
    ("pk", "threats/"): "threat",
    ("pk", "threats/sources/"): "threat",
    ("pk", "threats/risks/"): "risk",
    ("slug", "threats/"): "operation",
    ("pk", "threats/bolo/"): "bolo",
    ("slug", "threats/bolo/of/"): "operation",
    ("pk", "threats/bolo/pictures/"): "bolo_picture",
    ("pk", "threats/bolo/sightings/"): "bolo_sighting",
    ("slug", "threats/persons/of/"): "engagement",
    ("pk", "threats/persons/"): "person_of_interest",
    ("number", "threats/persons/"): "=1",
    ("kind", "threats/persons/"): "=fact",
    ("pk", "persons/"): "person_of_interest",
    ("pk", "threats/judgements/"): "judgement",
    ("pk", "threats/strategy-tasks/"): "strategy_task",
    ("pk", "threats/instruments/"): "instrument",
    ("pk", "judgements/"): "judgement",
    ("pk", "strategy-tasks/"): "strategy_task",
    ("number", "persons/"): "=1",
    ("pk", "threats/tvra/"): "tvra",
    ("slug", "threats/tvra/of/"): "operation",
    ("pk", "threats/tvra/photos/"): "tvra_photo",
    ("label", "threats/tvra/"): "=R1",
    ("number", "threats/tvra/"): "=1",
    ("pk", "tvras/"): "tvra",
    ("number", "tvras/"): "=1",
    ("pk", "bolos/"): "bolo",
    ("pk", "bolo-sightings/"): "bolo_sighting",
    ("pk", "m/api/bolo/"): "bolo_picture",
    ("slug", "threats/letters/of/"): "principal",
    ("pk", "threats/letters/"): "letter",
    ("pk", "threats/letters/imports/"): "letter_import",
    ("pk", "threats/letters/writers/"): "letter_writer",
    ("pk", "threats/letters/ties/"): "letter_tie",
    ("pk", "communications/"): "letter",
    ("pk", "communication-imports/"): "letter_import",
    ("pk", "letter-writers/"): "letter_writer",
    ("pk", "letter-ties/"): "letter_tie",
    ("pk", "risks/"): "risk",
    ("slug", "travel/"): "operation",
    ("slug", "travel/import/"): "operation",
    ("pk", "travel/drafts/"): "draft",
    ("pk", "itineraries/"): "draft",
    ("pk", "travel/refused/"): "refused",
    ("pk", "refused-files/"): "refused",
    ("pk", "travel/maps/"): "road_map",
    ("pk", "maps/"): "road_map",
    ("slug", "travel/destinations/of/"): "operation",
    ("pk", "travel/destinations/"): "destination",
    ("pk", "destinations/"): "destination",
    ("pk", "travel/advisories/imports/"): "advisory_file",
    ("code", "travel/advisories/countries/"): "advised",
    ("code", "advisories/countries/"): "advised",
    ("source", "advisories/sources/"): "advisory_source",
    ("pk", "travel/travellers/"): "traveller",
    ("pk", "travellers/"): "traveller",
    ("slug", "travel/presence/"): "operation",
    ("pk", "travel/vehicles/"): "vehicle",
    ("what", "travel/vehicles/"): "=mileage",
    ("pk", "travel/checks/"): "check",
    ("photo", "travel/checks/"): "check_photo",
    ("pk", "travel/finds/"): "find",
    ("pk", "travel/legs/"): "movement",
    ("pk", "travel/assignments/"): "allotment",
    ("pk", "travel/drivers/"): "member",
    ("pk", "vehicles/"): "vehicle",
    ("pk", "defects/"): "defect",
    ("pk", "inspections/"): "check",
    ("pk", "finds/"): "find",
    ("pk", "drivers/"): "member",
    ("pk", "allotments/"): "allotment",
    ("pk", "travel/routes/"): "route_plan",
    ("slug", "travel/board/"): "operation",
    ("pk", "travel/board/leg/"): "movement",
    ("pk", "route-plans/"): "route_plan",
    ("slug", "travel/choices/of/"): "operation",
    ("pk", "travel/choices/flights/"): "flight_news",
    ("source", "travel/choices/sources/"): "flight_source",
    ("pk", "travel/ways/"): "way",
    ("pk", "travel/houses/"): "house",
    ("pk", "mode-comparisons/"): "way",
    ("pk", "stay-choices/"): "house",
    ("pk", "flight-news/"): "flight_news",
    ("source", "flight-sources/"): "flight_source",
    ("pk", "travel/routes/days/"): "route_day",
    ("pk", "travel/routes/works/"): "route_work",
    ("pk", "route-days/"): "route_day",
    ("pk", "route-work/"): "route_work",
    ("pk", "place-doors/"): "place_door",
    ("pk", "travel/doors/"): "place_door",
    ("pk", "travel/places/"): "place",
    ("pk", "crowds/"): "venue",
    ("slug", "crowds/of/"): "operation",
    ("number", "crowds/<pk>/versions/"): "=1",
    ("pk", "crowds/runs/"): "crowd_run",
    ("pk", "crowds/covers/"): "crowd_cover",
    ("pk", "crowds/watches/"): "crowd_watch",
    ("pk", "crowds/counters/"): "crowd_counter",
    ("pk", "crowds/triggers/"): "crowd_trigger",
    ("side", "crowds/runs/<pk>/film/"): "=after",
    ("pk", "venues/"): "venue",
    ("pk", "crowd-runs/"): "crowd_run",
    ("pk", "crowd-covers/"): "crowd_cover",
    ("slug", "crowds/plans/of/"): "operation",
    ("pk", "crowds/plans/"): "crowd_plan",
    ("section", "crowds/plans/"): "=zones",
    ("what", "crowds/plans/"): "=sign",
    ("agreement", "crowds/plans/"): "crowd_agreement",
    ("pk", "crowd-plans/"): "crowd_plan",
    ("part", "crowd-plans/"): "=kit",
    ("name", "crowd-plans/"): "=p1",
    ("pk", "m/steward/"): "crowd_plan",
    ("name", "m/steward/"): "=p1",
    ("pk", "crowd-watches/"): "crowd_watch",
    ("pk", "crowd-counters/"): "crowd_counter",
    ("pk", "crowd-triggers/"): "crowd_trigger",
    ("slug", "planning/"): "operation",
    ("slug", "planning/routine/"): "principal",
    ("pk", "planning/ways/"): "movement",
    ("slug", "m/cards/"): "operation",
    ("pk", "m/card/"): "card",
    ("slug", "planning/programme/"): "engagement",
    ("slug", "m/debrief/"): "operation",
    ("pk", "planning/observations/"): "observation",
    ("what", "planning/observations/"): "=confirm",
    ("pk", "observations/"): "observation",
    ("pk", "planning/lessons/"): "lesson",
    ("pk", "lessons/"): "lesson",
    ("pk", "planning/cards/"): "card",
    ("what", "planning/cards/"): "=in-force",
    ("pk", "cards/"): "card",
    ("pk", "planning/packs/"): "pack",
    ("what", "planning/packs/"): "=revoke",
    ("pk", "packs/"): "pack",
    ("pk", "planning/briefs/"): "brief",
    ("what", "planning/briefs/"): "=read",
    ("pk", "planning/briefs/items/"): "brief_item",
    ("what", "planning/briefs/items/"): "=in",
    ("pk", "planning/briefs/judgements/"): "brief_judgement",
    ("what", "planning/briefs/judgements/"): "=remove",
    ("pk", "m/briefs/"): "brief",
    ("pk", "briefs/"): "brief",
    ("pk", "brief-items/"): "brief_item",
    ("pk", "brief-judgements/"): "brief_judgement",
    ("pk", "planning/legs/"): "movement",
    ("pk", "planning/measures/"): "measure",
    ("pk", "measures/"): "measure",
    ("pk", "planning/advance/"): "advance_task",
    ("pk", "advance-tasks/"): "advance_task",
    ("pk", "planning/orders/"): "order",
    ("slug", "planning/exercise/"): "exercise",
    ("slug", "exercises/"): "exercise",
    ("pk", "planning/exercise/inject/"): "inject",
    ("pk", "planning/exercise/answer/"): "delivery",
    ("pk", "injects/"): "inject",
    ("pk", "deliveries/"): "delivery",
    ("pk", "planning/changes/"): "change",
    ("pk", "changes/"): "change",
    ("pk", "orders/"): "order",
    ("slug", "tracking/of/"): "operation",
    ("pk", "surveillance/cameras/"): "camera",
    ("slug", "surveillance/of/"): "operation",
    ("pk", "surveillance/rules/"): "event_rule",
    ("pk", "surveillance/sensors/"): "sensor",
    ("pk", "surveillance/seen/"): "seen_event",
    ("pk", "seen/"): "seen_event",
    ("pk", "surveillance/kept/"): "kept_event",
    ("pk", "surveillance/kept-looks/"): "kept_look",
    ("number", "surveillance/kept-looks/"): "=1",
    ("pk", "kept-events/"): "kept_event",
    ("number", "kept-events/"): "=1",
    ("pk", "surveillance/walks/"): "walk_behind",
    ("pk", "walks-behind/"): "walk_behind",
    ("pk", "surveillance/views/"): "camera_view",
    ("pk", "surveillance/trials/"): "rule_trial",
    ("pk", "camera-trials/"): "rule_trial",
    ("run", "surveillance/views/"): "=1-0-1c",
    ("number", "surveillance/views/"): "=1",
    ("pk", "surveillance/faces/records/"): "face_record",
    ("pk", "surveillance/faces/entries/"): "face_entry",
    ("pk", "surveillance/faces/pictures/"): "face_picture",
    ("pk", "surveillance/faces/matches/"): "face_match",
    ("pk", "surveillance/faces/views/"): "face_view",
    ("number", "surveillance/faces/views/"): "=1",
    ("pk", "face-records/"): "face_record",
    ("pk", "face-entries/"): "face_entry",
    ("pk", "face-pictures/"): "face_picture",
    ("pk", "face-matches/"): "face_match",
    ("pk", "face-views/"): "face_view",
    ("number", "face-views/"): "=1",
    ("pk", "cameras/"): "camera",
    ("pk", "clips/"): "clip",
    ("pk", "event-rules/"): "event_rule",
    ("pk", "sensors/"): "sensor",
    ("pk", "tracking/devices/"): "device",
    ("pk", "tracking/fences/"): "fence",
    ("pk", "devices/"): "device",
    ("pk", "fences/"): "fence",
    ("slug", "tak/"): "operation",
    ("digest", "tak/"): "tak_package",
    ("pk", "tak/clients/"): "tak_client",
    ("what", "tak/clients/"): "=invite",
    ("pk", "tak-clients/"): "tak_client",
    ("pk", "on-duty/"): "turn",
    ("what", "on-duty/"): "=end",
    ("pk", "duties/"): "turn",
    ("pk", "field/"): "report",
    ("what", "field/"): "=photo",
    ("pk", "phones/"): "phone",
    ("secret", "m/wipe/"): "=no-such-secret",
    ("mark", "m/api/map/"): "=no-such-part",
    ("slug", "incidents/of/"): "operation",
    ("pk", "incidents/"): "incident",
    ("what", "incidents/<pk>/command/"): "=take",
    ("pk", "incidents/tasks/"): "incident_task",
    ("what", "incidents/tasks/"): "=done",
    ("pk", "incident-tasks/"): "incident_task",
    ("pk", "incidents/calls/"): "incident_call",
    ("pk", "incident-notifications/"): "incident_call",
    ("pk", "incidents/exhibits/"): "exhibit",
    ("pk", "casualties/"): "casualty",
    ("what", "casualties/"): "=triage",
    ("slug", "musters/of/"): "operation",
    ("slug", "musters/party/"): "operation",
    ("pk", "musters/party/leave/"): "party_member",
    ("pk", "party/"): "party_member",
    ("pk", "musters/"): "muster",
    ("pk", "musters/lines/"): "muster_line",
    ("pk", "muster-people/"): "muster_line",
    ("secret", "muster/"): "=no-such-secret",
    ("pk", "centre/queue/"): "alert",
    ("what", "centre/queue/"): "=take",
    ("pk", "centre/handover/"): "watch_change",
    ("pk", "centre/handovers/"): "watch_change",
}
"""(parameter, how the route begins) to the record of team A; the longest beginning wins."""

OPEN = {
    "signal",
    "feed",
    "connector",
    "road_map",
    "advisory_file",
    "advised",
    "advisory_source",
    "flight_source",
}
"""Public feeds and maps belong to no team: whoever has a seat may look."""

VALUES: dict[str, Any] = {
    "act": "01a00000-0000-7000-8000-000000000001",
    "address": "127.0.0.1:9",
    "at": "2027-01-10T10:00:00Z",
    "starts": "2027-01-10T10:00:00Z",
    "ends": "2027-01-10T12:00:00Z",
    "until": "2027-02-10T10:00:00Z",
    "valid_until": "2027-02-10T10:00:00Z",
    "expires_at": "2027-02-10T10:00:00Z",
    "due": "2027-02-10T10:00:00Z",
    "held_at": "2026-01-10T10:00:00Z",
    "section": "medical",
    "purpose": "the matrix asks",
    "reason": "the matrix asks",
    "code_name": "OTTER",
    "on": False,
    "level": "high",
    "responsibility": "personal_protection",
}
"""Values for fields of a body that the schema only calls text."""

NOBODY = "00000000-0000-7000-8000-000000000000"
"""For fields that name a record by its number: one that is not there."""

WANTED = {"title", "task", "likelihood", "impact", "responsibility"}
"""Optional in the schema, since a line of the library needs none of them; an own line does."""

REFERENCES = {
    "engagement": "engagement",
    "principal": "principal",
    "operation": "operation",
    "email": "email",
    "risk": "risk",
    "movement": "movement",
    "post": "post",
    "shift": "shift",
    "assignment": "duty",
    "person": "member",
    "threat_source": "threat",
    "compartment": "compartment",
    "vehicle_id": "vehicle",
    "venue": "venue",
}
"""Fields of a body or query that name a record."""


@dataclass(frozen=True)
class Endpoint:
    route: str
    method: str
    gaps: tuple[tuple[str, str], ...]
    schema: str = ""
    """Path in the OpenAPI schema, for the API."""

    @property
    def name(self) -> str:
        return f"{self.method} /{self.route}"

    @property
    def api(self) -> bool:
        return bool(self.schema)

    @property
    def about(self) -> set[str]:
        """Which records its address names."""
        return {key for _, key in self.gaps}

    def address(self, ids: dict[str, Any]) -> str:
        path = self.route
        for name, key in self.gaps:
            value = key[1:] if key.startswith("=") else str(ids[key])
            path = path.replace(f"<{name}>", value)
        return f"/{path}"


class Untaught(AssertionError):
    pass


def routes() -> list[str]:
    """Of ours, in the order of the urlconf, each once."""
    return list(dict.fromkeys(_walk(get_resolver().url_patterns, "")))


def _walk(patterns: list[Any], before: str) -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if route.startswith(NOT_OURS):
            continue
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield re.sub(r"<\w+:(\w+)>", r"<\1>", route)


def gaps(route: str) -> tuple[tuple[str, str], ...]:
    bare = route.removeprefix("api/v1/")
    found = []
    for name in re.findall(r"<(\w+)>", bare):
        ways = [begin for known, begin in GAPS if known == name and bare.startswith(begin)]
        if not ways:
            raise Untaught(
                f"teach the matrix what <{name}> is in /{route} (tests/matrix/routes.py)"
            )
        found.append((name, GAPS[name, max(ways, key=len)]))
    return tuple(found)


def untaught() -> list[str]:
    missing = []
    for route in routes():
        try:
            gaps(route)
        except Untaught as error:
            missing.append(str(error))
    return missing


def pages() -> list[Endpoint]:
    """GET and POST on every page, whether or not the page knows the method."""
    return [
        Endpoint(route, method, _gaps_or_none(route))
        for route in routes()
        if not route.startswith("api/v1/") and route not in PUBLIC
        for method in ("GET", "POST")
    ]


def operations() -> list[Endpoint]:
    """Every operation of the API."""
    return [
        Endpoint(route, method.upper(), _gaps_or_none(route), path)
        for path, methods in schema()["paths"].items()
        for method in methods
        for route in [re.sub(r"{(\w+)}", r"<\1>", path.lstrip("/"))]
    ]


def _gaps_or_none(route: str) -> tuple[tuple[str, str], ...]:
    """An unknown gap fails its own test (``untaught``), not the collection of all of them."""
    try:
        return gaps(route)
    except Untaught:
        return ()


@cache
def schema() -> dict[str, Any]:
    from varangian.config.api import api

    return api.get_openapi_schema()


def body(endpoint: Endpoint, ids: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """A minimally valid body for an operation of the API: its content type and its fields."""
    document = schema()
    operation = document["paths"][endpoint.schema][endpoint.method.lower()]
    content = operation.get("requestBody", {}).get("content", {})
    for kind, described in content.items():
        return kind, _fields(_resolved(document, described["schema"]), document, ids)
    return "", {}


def _fields(described: Any, document: Any, ids: dict[str, Any]) -> dict[str, Any]:
    needed = set(described.get("required", []))
    return {
        name: _value(name, _resolved(document, field), document, ids)
        for name, field in described.get("properties", {}).items()
        if name in {*needed, *WANTED, *REFERENCES}
    }


def _value(name: str, field: Any, document: Any, ids: dict[str, Any]) -> Any:
    if name in REFERENCES:
        return str(ids[REFERENCES[name]])
    if field.get("format") == "date" and not isinstance(VALUES.get(name), str):
        return "2026-05-04"
    if name in VALUES:
        return VALUES[name]
    if field.get("format") == "uuid":
        return NOBODY
    if "enum" in field:
        return field["enum"][0]
    if "anyOf" in field:
        return _value(name, _resolved(document, field["anyOf"][0]), document, ids)
    plain = {"integer": 1, "number": 1, "boolean": True, "array": [], "object": {}}
    return plain.get(field.get("type"), "matrix")


def _resolved(document: Any, described: Any) -> Any:
    if "$ref" in described:
        return document["components"]["schemas"][described["$ref"].rsplit("/", 1)[1]]
    if len(described.get("allOf", [])) == 1:
        return _resolved(document, described["allOf"][0])
    return described
