"""Dossiers on paper. Every print is audited."""

from datetime import date, datetime
from typing import Any

from varangian.kernel.clock import age_words
from varangian.platform.access.scope import Actor
from varangian.platform.audit.services import note
from varangian.platform.ui.pdf import render

from .advisories.notice import GOVERNMENTS
from .dossier.facts import Fact, Section
from .dossier.statement import OWNED, PARTS
from .models import Destination
from .queries.dossiers import Comparison, Dossier, comparisons, dossier

TEMPLATE = "travel/dossier.typ"


def dossier_pdf(actor: Actor, destination: Destination) -> bytes:
    found = dossier(actor, destination)
    note(kind="export", record=destination, purpose="dossier as PDF", actor=actor)
    return render(TEMPLATE, _printed(actor, found, comparisons(actor, found)))


def _printed(actor: Actor, found: Dossier, compared: list[Comparison]) -> dict[str, Any]:
    row = found.destination
    return {
        "house": {
            "title": "Destination dossier",
            "subtitle": f"{found.title} · {_span(found)}",
            "classification": "Protect: need to know",
            "serial": f"{row.operation.slug.upper()} {row.label}",
            "version": str(row.version),
            "copy": str(actor),
        },
        "mark": "" if found.standing.holds else "NOT APPROVED",
        "facts": [
            ["Country", f"{found.country_name} ({row.country})"],
            ["Level", f"{found.score.words}{_by(found.score.by)}"],
            ["Worst part", f"{found.score.part_words}{_by(found.score.part_by)}"],
            ["Approval", _approval(found)],
            ["As of", _day(found.at)],
        ],
        "notes": [*found.standing.reasons, *found.score.spread, *found.score.gaps],
        "advisories": [_said(found, source, name) for source, name in GOVERNMENTS.items()],
        "hazards": [
            [h.words, h.row.title, h.why, _age(found, h.row.retrieved_at)] for h in found.hazards
        ],
        "sections": [_section(section) for section in found.sections],
        "statement": [_part(row.frame, part) for part in PARTS],
        "compared": [
            {"since": f"{_trip(row)}{_day(row.snapshot.at)}", "words": row.words}
            for row in compared
        ],
    }


def _trip(row: Comparison) -> str:
    return "" if row.own else f"{row.snapshot.destination.operation.title}, "


def _span(found: Dossier) -> str:
    ends = f"{found.trip.ends:%d %b %Y}" if found.trip.ends else "end unknown"
    return f"{found.trip.starts:%d %b %Y} to {ends}"


def _by(names: tuple[str, ...]) -> str:
    return f" (by {', '.join(names)})" if names else ""


def _approval(found: Dossier) -> str:
    approval = found.standing.approval
    if approval is None:
        return "not approved"
    until = f", until {_day(approval.until)}" if approval.until else ""
    return f"{found.standing.words}: {approval.name} at {_day(approval.at)}{until}"


def _said(found: Dossier, source: str, name: str) -> dict[str, Any]:
    rows = [row for row in found.said if row.source == source]
    return {
        "name": name,
        "rows": [
            {
                "scope": "Whole country" if row.scope == "whole" else "Parts",
                "tone": row.tone(found.at),
                "level": "unknown" if row.level is None else str(row.level),
                "words": row.words,
                "age": f"had {_age(found, row.retrieved_at)} ago"
                + (f", published {row.published:%d %b %Y}" if row.published else ""),
            }
            for row in sorted(rows, key=lambda row: row.scope == "part")
        ],
    }


def _age(found: Dossier, at: datetime) -> str:
    return age_words(at, found.at)


def _section(section: Section) -> dict[str, Any]:
    return {
        "title": section.title,
        "empty": section.nothing,
        "facts": [_fact(fact) for fact in section.facts],
    }


def _fact(fact: Fact) -> dict[str, Any]:
    seen = [fact.source, _day(fact.as_of) if fact.as_of else ""]
    return {
        "label": fact.label,
        "words": fact.words,
        "state": fact.state,
        "tone": fact.tone,
        "seen": ", ".join(part for part in seen if part),
    }


def _part(frame: dict[str, str], part: Any) -> dict[str, str]:
    return {
        "title": part.title,
        "text": frame.get(part.key, "") or "Not written.",
        "owner": frame.get(part.key + OWNED, "") if part.owned else "",
    }


def _day(at: datetime | date) -> str:
    return f"{at:%d %b %Y %H:%M} UTC" if isinstance(at, datetime) else f"{at:%d %b %Y}"
