"""Situation: who moves, who may act against them, who helps."""

from collections import Counter
from typing import Any

from varangian.threats.library import grading, levels
from varangian.threats.library import risks as standard_risks

from .line import NEED_CONTACTS, Line, as_lines, write
from .material import Material, as_list, joined, span

HOSTILE = frozenset({"person_or_group", "insider", "crime", "unrest", "press", "digital"})
DESK = ("detail_leader", "analyst")
SUMMARY = ("detail_leader", "ppo", "controller", "analyst")


def programme(material: Material) -> list[Line]:
    """One line a movement, in its own zone. No serial: a new leg would renumber the others."""
    return [
        write(
            "programme",
            f"movement:{move.pk}",
            programme_words(move),
            reason=("movement", move.pk),
            also=_ends(move),
            movement=move.pk,
        )
        for move in material.movements
    ]


def programme_words(move: Any) -> str:
    head = f"{span(move.starts, move.ends, move.zone)}: {move.title}"
    place = "" if route_words(move) in move.title else route_words(move)
    assumed = "Not in the programme, assumed between two stops" if move.implied else ""
    diverted = "Diverted" if move.state == "diverted" else ""
    flight = str(move.details.get("flight_number") or "")
    kind = f"{move.kind} {flight}".strip()
    return joined([f"{head} ({kind})", place, *doors(move), assumed, diverted])


def doors(move: Any) -> list[str]:
    """By which door the principal leaves and enters."""
    named = (("exit", "Exit"), ("entrance", "Entrance"))
    return [f"{words}: {move.details[name]}" for name, words in named if move.details.get(name)]


def route_words(move: Any) -> str:
    goal = move.destination.name if move.destination else "destination unknown"
    if move.is_stay:
        return goal
    return f"{move.origin.name if move.origin else 'origin unknown'} to {goal}"


def client(material: Material) -> list[Line]:
    lines = [
        write(
            "client",
            "principal",
            f"Protected: {material.principal.code_name}. The name is not used on the net.",
            reason=material.about_principal,
            tied=False,
        )
    ]
    contract = material.operation.engagement
    if contract.client:
        words = f"Client: {contract.client}."
        lines.append(write("client", "client", words, reason=material.about_operation))
    parties = [party for move in material.movements for party in as_list(move.details.get("party"))]
    for name in dict.fromkeys(parties):
        words = f"Travels along: {name}"
        lines.append(write("client", f"party:{name}", words, reason=material.about_operation))
    return lines + [_contact(c, material) for c in material.contacts if not c.emergency]


def _contact(contact: Any, material: Material) -> Line:
    return write(
        "client",
        f"contact:{contact.pk}",
        joined([f"{contact.role.capitalize()}: {contact.name}", contact.phone]),
        only=NEED_CONTACTS,
        reason=material.about_principal,
    )


def preferences(material: Material) -> list[Line]:
    about = material.about_principal
    wishes = as_lines(material.principal.preferences)
    lines = [write("preferences", f"wish:{wish}", wish, reason=about) for wish in wishes]
    zone = material.operation.time_zone
    return lines + [
        write(
            "preferences",
            f"window:{window.pk}",
            joined([f"Private {span(window.starts, window.ends, zone)}", window.rule]),
            reason=about,
        )
        for window in material.windows
    ]


def threat(material: Material) -> list[Line]:
    """The level, what it means, and what may happen: no names of sources."""
    if material.assessment is None and not material.risks:
        return []
    level = levels().get(material.operation.threat_level)
    lines = [
        write(
            "threat",
            "level",
            f"Threat level {level.title.lower()}. {level.meaning} {level.posture}",
            reason=material.about_operation,
        )
    ]
    if material.assessment is not None and material.assessment.summary:
        summary, about = material.assessment.summary, ("assessment", material.assessment.pk)
        words = joined([summary, f"Confidence {material.assessment.confidence}"])
        lines.append(write("threat", "summary", words, only=SUMMARY, reason=about, tied=False))
    return lines + [_risk(risk) for risk in material.risks]


def _risk(risk: Any) -> Line:
    known = {standard.id: standard for standard in standard_risks().risks}.get(risk.library_id)
    sign = f"First sign: {known.indicators[0]}" if known else ""
    also = (("movement", risk.movement_id),) if risk.movement_id else ()
    return write(
        "threat",
        f"risk:{risk.pk}",
        joined([risk.title, risk.what_happens, sign]),
        reason=("risk", risk.pk),
        also=also,
        movement=risk.movement_id,
    )


def threat_sources(material: Material) -> list[Line]:
    return [
        write(
            "threat_sources",
            f"threat:{source.pk}",
            joined([source.title, _grade_words(source), source.history, source.evidence]),
            reason=("threat", source.pk),
        )
        for source in material.sources
    ]


def _grade_words(source: Any) -> str:
    scale = grading().scale(source.scale)
    worth = {g.code: g.word for g in scale.source}.get(source.source_grade, "")
    truth = {g.code: g.word for g in scale.information}.get(source.information_grade, "")
    grade = f"{source.source_grade}{source.information_grade}"
    said = f"Graded {grade}: {worth.lower()}, {truth.lower()}" if grade else "Not graded"
    return f"{said}. Confidence {source.confidence}"


def enemy_forces(material: Material) -> list[Line]:
    """Means and intent in words. What is marked red stays with the leader and the analyst."""
    return [
        write(
            "enemy_forces",
            f"threat:{source.pk}",
            f"{source.title} ({source.get_kind_display().lower()}). "
            f"Intent {source.get_intent_display().lower()}, "
            f"capability {source.get_capability_display().lower()}, "
            f"opportunity {source.get_opportunity_display().lower()}.",
            only=DESK if source.handling == "red" else None,
            reason=("threat", source.pk),
        )
        for source in material.sources
        if source.kind in HOSTILE
    ]


def friendly_forces(material: Material) -> list[Line]:
    """Which posts there are. Who holds them stands under the tasks."""
    if not material.posts:
        return []
    counted = Counter(post.title for post in material.posts)
    names = [f"{title} ({count})" if count > 1 else title for title, count in counted.items()]
    words = f"Own detail, {len(material.posts)} posts: {', '.join(names)}."
    about = material.about_operation
    return [write("friendly_forces", "posts", words, reason=about)]


def _ends(move: Any) -> tuple[tuple[str, Any], ...]:
    return tuple(("place", pk) for pk in (move.origin_id, move.destination_id) if pk)
