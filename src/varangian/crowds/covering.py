"""Posts for cover and time in view of one plan, as a wish and as a result. No database."""

from collections.abc import Callable
from dataclasses import asdict, fields
from typing import Any

from varangian.engines.crowdflow.cover import (
    Ask,
    Cover,
    Exposure,
    Weights,
    cover,
    exposure,
    known_weights,
    weights_from,
)
from varangian.engines.crowdflow.principal import WayMaps
from varangian.engines.crowdflow.venue import Venue
from varangian.kernel.results import Refused

from .shapes.plain import json_plain

DEFENSIVE = (
    "For the protection of the principal: it names stretches of the way and what shortens them. It "
    "looks for no places, ranks none and tells no distances."
)


class Stopped(Exception):
    """Somebody pressed stop."""


def asked_from(wish: dict[str, Any]) -> Ask:
    """Of what was kept, or of what a form sent: names that are not known are refused."""
    known = {one.name for one in fields(Ask)}
    if strange := set(wish) - known:
        raise Refused(f"A wish has no {min(strange)}", min(strange), ", ".join(sorted(known)))
    given = dict(wish)
    weights = given.pop("weights", None)
    if not isinstance(weights, Weights):
        weights = weights_from(weights)
    at = tuple((int(row[0]), float(row[1]), float(row[2])) for row in given.pop("at", ()))
    return Ask(**given, at=at, weights=weights)


def wish_of(ask: Ask) -> dict[str, Any]:
    return json_plain(asdict(ask))


def weighed(wish: dict[str, Any]) -> list[dict[str, Any]]:
    """What each kind of place counted in a kept wish, beside what it counts unless said."""
    kept = wish.get("weights") or {}
    rows = []
    for name, weight in known_weights().items():
        value = kept.get(name, weight.value)
        rows.append({
            "id": name, "label": weight.label, "unit": weight.unit, "value": value,
            "usual": weight.value, "changed": value != weight.value, "sure": weight.sure,
            "changes": weight.changes,
        })  # fmt: skip
    return rows


def look(
    venue: Venue, ask: Ask, maps: WayMaps | None, tell: Callable[[str, float], None]
) -> dict[str, Any]:
    """Both answers; where one cannot be given, why. Refused where neither can."""
    found: dict[str, Any] = {"cover": None, "cover_words": "", "view": None, "view_words": ""}
    trouble = None
    try:
        found["cover"] = cover_shape(cover(venue, ask, maps=maps, tell=tell))
    except Refused as refused:
        found["cover_words"], trouble = str(refused), refused
    tell("Time in view", 0.95)
    try:
        found["view"] = view_shape(exposure(venue, ask.weights, maps))
    except Refused as refused:
        found["view_words"] = str(Refused(refused.what, mend=refused.mend))
        if trouble:
            raise trouble from refused
    return found


def cover_shape(found: Cover) -> dict[str, Any]:
    shape = json_plain(asdict(found))
    shape["shade"] = {str(level): rings for level, rings in shape["shade"].items()}
    return shape


def view_shape(found: Exposure) -> dict[str, Any]:
    return json_plain({**asdict(found), "use": DEFENSIVE})
