"""Titles of the zones and lines of a camera, from the rules that drew them."""

import yaml

from varangian.engines.vision.counts.drawn import WHOLE

from .models import Camera


def titles_of(camera: Camera) -> dict[str, str]:
    """By id. A rule that has gone leaves its numbers with its id for a name."""
    told = {WHOLE: "The whole picture"}
    said = yaml.safe_load(camera.behaviours) if camera.behaviours else {}
    for rule in said.get("rules", []):
        told[str(rule["id"])] = str(rule.get("title") or rule["id"])
    return told


def drawn_of(camera: Camera) -> list[tuple[str, str, bool]]:
    """What its rules draw and therefore count: id, title, whether it is a line."""
    if not camera.behaviours:
        return []
    said = yaml.safe_load(camera.behaviours)
    rules = [rule for rule in said.get("rules", []) if "area" in rule or "line" in rule]
    named = titles_of(camera)
    found = [(str(rule["id"]), named[str(rule["id"])], "line" in rule) for rule in rules]
    return [(WHOLE, named[WHOLE], False), *found]
