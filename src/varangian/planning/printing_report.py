"""The client's report on paper. Every print is audited with its period and what went in."""

from datetime import date
from typing import Any

from varangian.platform.access.scope import Actor
from varangian.platform.audit.services import note
from varangian.platform.ui.pdf import render

from .indicators import Indicator, spark
from .reporting import PARTS, Report, report, row_of

TEMPLATE = "planning/report.typ"
CLASSIFICATION = "Confidential: for the client"


def report_pdf(actor: Actor, engagement: Any, **chosen: Any) -> bytes:
    """``chosen``: start, end, principal, parts, summary, as ``reporting.report`` takes them."""
    made = report(actor, engagement, **chosen)
    words = f"client report {_period(made)}: {', '.join(made.parts)}"
    note(kind="export", record=engagement, purpose=words, actor=actor)
    return render(TEMPLATE, printed(made))


def printed(made: Report) -> dict[str, Any]:
    found = made.programme
    return {
        "house": {
            "title": "Protection report",
            "subtitle": f"{_whose(found)} · {_day(found.start)} to {_day(found.end)}",
            "classification": CLASSIFICATION,
            "serial": f"{found.engagement.slug.upper()} REPORT",
            "version": f"{found.end:%Y-%m-%d}",
        },
        "parts": {part: part in made.parts for part in PARTS},
        "summary": made.summary,
        "facts": [
            ["Period", f"{_day(found.start)} to {_day(found.end)}"],
            ["Operations", str(len(found.operations))],
            ["Debriefed", f"{made.washed} of {len(found.operations)}"],
        ],
        "operations": list(made.operations),
        "indicators": [row_of(one) | {"spark": _spark(one)} for one in made.indicators],
        "sustained": [vars(one) for one in made.sustained],
        "improved": [vars(one) for one in made.improved],
        "actions": [vars(one) for one in made.actions],
        "notes": list(made.notes),
    }


def _whose(found: Any) -> str:
    """The principal stands there by code name."""
    return found.principal.code_name if found.principal else found.engagement.title


def _period(made: Report) -> str:
    return f"{made.programme.start} to {made.programme.end}"


def _day(at: date) -> str:
    return f"{at:%d %b %Y}"


def _spark(one: Indicator) -> dict[str, Any]:
    """Points of the line in points of the page; a week that is not known is dotted."""
    drawn = spark(one, width=96, height=20, pad=3)
    return {
        "lines": [_points(row) for row in drawn.lines],
        "gaps": [_points(row) for row in drawn.gaps],
        "dots": [list(dot) for dot in drawn.dots],
    }


def _points(words: str) -> list[list[float]]:
    return [[float(number) for number in point.split(",")] for point in words.split()]
