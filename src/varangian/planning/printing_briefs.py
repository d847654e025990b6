"""A brief on paper, as far as one person may see it. Every print is audited."""

from typing import Any
from zoneinfo import ZoneInfo

from varangian.platform.access.scope import Actor
from varangian.platform.audit.services import note
from varangian.platform.audit.signing import short
from varangian.platform.ui.pdf import render
from varangian.threats.library import grading

from .library import brief_library
from .models import Brief
from .printing import destroyed
from .queries import briefs
from .services.brief_issuing import own_rows
from .shapes.briefs import whole_shape
from .signing_briefs import brief_fault

TEMPLATE = "planning/brief.typ"
HOURS = 24
"""A copy that is carried is destroyed a day after stand-down."""
MARKS = {"draft": "DRAFT", "superseded": "SUPERSEDED", "withdrawn": "WITHDRAWN"}
STALE = "Something this brief rests on has changed since it was issued."


def brief_pdf(actor: Actor, brief: Brief) -> bytes:
    note(kind="export", record=brief, purpose=f"{brief.label} on paper", actor=actor)
    return render(TEMPLATE, _printed(actor, brief))


def _printed(actor: Actor, brief: Brief) -> dict[str, Any]:
    shown = briefs.shown(actor, brief)
    whole, zone = whole_shape(shown), ZoneInfo(brief.operation.time_zone)
    light = next(row for row in grading().tlp if row.id == brief.tlp)
    return {
        "house": {
            "title": brief.get_kind_display(),  # pyright: ignore
            "subtitle": f"{brief.operation.title} · {brief.day:%A %d %B %Y}",
            "classification": light.title,
            "serial": brief.serial,
            "version": str(brief.version),
            "destroy_after": destroyed(brief.operation, HOURS, zone),
            "copy": str(actor),
        },
        "mark": MARKS.get(brief.state, ""),
        "facts": _facts(shown, light, zone),
        "bottom_line": whole["bottom_line"],
        "stale": [STALE, *shown.stale] if shown.stale else [],
        "sections": [_section(row) for row in whole["sections"]],
        "judgements": [
            {k: row[k] for k in ("text", "probability", "confidence", "basis")}
            for row in whole["judgements"]
        ],
        "left_out": [[row["title"], row["reason"]] for row in whole["left_out"]],
        "words": [
            [row.word, f"{row.from_} to {row.to} in a hundred"] for row in grading().probability
        ],
        "confidence": [[row.id, row.meaning] for row in grading().confidence],
        "published": [row.title for row in brief_library().published],
        "seal": _seal(actor, brief, zone),
    }


def _facts(shown: briefs.Shown, light: Any, zone: ZoneInfo) -> list[list[str]]:
    brief = shown.brief
    since = f"{brief.since.astimezone(zone):%d %b %H:%M %Z}" if brief.since else "none before it"
    return [
        ["State", brief.get_state_display()],  # pyright: ignore
        ["For", brief.get_readers_display()],  # pyright: ignore
        ["Passing on", light.meaning],
        ["Records read", f"{brief.drafted_at.astimezone(zone):%d %b %Y %H:%M %Z}"],
        ["Last brief", since],
        ["Not known", f"{shown.unknown} of the items below"],
    ]


def _section(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": row["title"],
        "items": [
            {k: item[k] or "" for k in ("title", "text", "source", "grade", "age")}
            | {"unknown": item["unknown"]}
            for item in row["items"]
        ],
    }


def _seal(actor: Actor, brief: Brief, zone: ZoneInfo) -> dict[str, str]:
    """The digest covers all of it, also what this reader may not see."""
    if not brief.approved_at:
        return {}
    return {
        "name": brief.approved_name,
        "at": f"{brief.approved_at.astimezone(zone):%d %b %Y %H:%M %Z}",
        "digest": short(brief.content_digest),
        "fault": brief_fault(brief, *own_rows(actor, brief)),
    }
