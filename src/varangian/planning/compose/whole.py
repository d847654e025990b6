"""All paragraphs in the doctrine's order, numbered, with what is missing said plainly."""

from collections.abc import Callable
from dataclasses import replace

from ..library import Heading, order_structure
from . import actions, command, execution, ground, mission, situation, support, timings
from .line import Line, measure_lines, plan_lines, write
from .material import Material
from .surveyed import surveyed

Builder = Callable[[Material], list[Line]]
FROM_RECORDS: dict[str, Builder] = {
    "places": ground.places,
    "havens": ground.havens,
    "danger_areas": execution.danger_areas,
    "programme": situation.programme,
    "client": situation.client,
    "preferences": situation.preferences,
    "threat": situation.threat,
    "threat_sources": situation.threat_sources,
    "enemy_forces": situation.enemy_forces,
    "friendly_forces": situation.friendly_forces,
    "task": mission.task,
    "limits": mission.limits,
    "concept": execution.concept,
    "tasks": execution.tasks,
    "timings": timings.timings,
    "formations": execution.formations,
    "routes": execution.routes,
    "actions_on": actions.actions_on,
    "vehicles": execution.vehicles,
    "medical_plan": support.medical_plan,
    "medical_alerts": support.medical_alerts,
    "medical_card": support.medical_card,
    "chain": command.chain,
    "call_signs": command.call_signs,
    "channels": command.channels,
    "check_calls": command.check_calls,
    "code_words": actions.code_words,
    "duress_word": command.duress_word,
    "report_lines": execution.report_lines,
    "emergency_contacts": command.emergency_contacts,
}
OF_COMMS = ("channels", "check_calls", "code_words")
"""Headings that the communications plan fills: what was typed there before does not count then."""
WARNING_ORDER = (
    "programme",
    "threat",
    "task",
    "concept",
    "tasks",
    "timings",
    "vehicles",
    "dress",
    "chain",
    "call_signs",
)
"""What people need to start getting ready: situation, mission, first timings, who does what."""


def compose(material: Material, kind: str = "operation_order") -> list[Line]:
    """Lines of a warning or operation order, numbered paragraph.heading.line."""
    wanted = WARNING_ORDER if kind == "warning_order" else None
    found: list[Line] = []
    for number, paragraph in enumerate(order_structure().paragraphs, start=1):
        for place, heading in enumerate(paragraph.headings, start=1):
            if wanted is None or heading.id in wanted:
                lines = _filled(heading, material)
                found += [
                    replace(line, number=f"{number}.{place}.{at}")
                    for at, line in enumerate(lines, start=1)
                ]
    return found


def _filled(heading: Heading, material: Material) -> list[Line]:
    builder = FROM_RECORDS.get(heading.id)
    lines = list(builder(material)) if builder else []
    lines += surveyed(material, heading.id)
    if heading.id != "tasks":
        lines += measure_lines(material, heading.id)
    planned = material.comms is not None and heading.id in OF_COMMS
    if heading.id != "code_words" and not planned:
        lines += plan_lines(material, heading.id)
    readable = [line for line in lines if line.editions]
    return readable or [write(heading.id, "gap", heading.when_empty, gap=True)]
