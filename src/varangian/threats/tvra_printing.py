"""A TVRA on paper, under the client's title. A draft says so across each page; each is audited."""

from collections.abc import Iterable
from typing import Any

from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, require
from varangian.platform.audit.services import note
from varangian.platform.audit.signing import short
from varangian.platform.storage.images import smaller
from varangian.platform.storage.services import read
from varangian.platform.ui.pdf import render

from .library import grading
from .library.tvra import tvra as library
from .models import Tvra
from .queries import tvra as queries
from .shapes.tvra import broken, told
from .standing import TONES
from .tvra_heat import heat
from .tvra_rules import TONES as ANSWER_TONES
from .tvra_rules import WORDS, counted

TEMPLATE = "threats/tvra.typ"
SIDE, MOST_PICTURES = 520, 24


def report_pdf(actor: Actor, tvra: Tvra, template: str = "") -> bytes:
    """In the form that the version names, or in another one."""
    require(actor, "tvra.view", tvra.compartment_id)
    chosen = library().template(template or tvra.template)
    words = told(actor, tvra)
    fault = broken(actor, tvra)
    if fault:
        raise Refused(fault, where=tvra.named, mend="Do not use it. Tell the auditor.")
    note(kind="export", record=tvra, purpose=f"TVRA as PDF, {chosen.id}", actor=actor)
    data = _printed(actor, tvra, words, set(chosen.parts))
    if "threats" not in chosen.parts:
        _keep_threats_out(data)
    return render(TEMPLATE, data)


def _printed(actor: Actor, tvra: Tvra, words: Any, parts: set[str]) -> dict[str, Any]:
    facts, mark = words["facts"], _handling(tvra)
    return {
        "house": {
            "title": tvra.client_title or "Threat, vulnerability and risk assessment",
            "subtitle": f"{facts['Subject']} · {tvra.title}",
            "classification": mark.title,
            "serial": f"TVRA {tvra.label}",
            "version": str(tvra.version),
            "destroy_after": facts["Valid until"],
            "copy": str(actor),
        },
        "mark": _across(tvra),
        "handling": f"{mark.title}: {mark.meaning}",
        "facts": _head(tvra, words),
        "scope": tvra.scope,
        "summary": tvra.summary,
        "conclusion": tvra.conclusion,
        "heat": _heat(words["risks"]) if "heat" in parts else None,
        "threats": _threats(words["threats"]) if "threats" in parts else [],
        "risks": _risks(words["risks"]) if "risks" in parts else [],
        "left_out": _left_out(words) if "risks" in parts else [],
        "counted": [[WORDS[name], str(n)] for name, n in _count(words).items()],
        "checks": _checks(words["checks"]) if "checks" in parts else [],
        "pictures": _pictures(actor, tvra) if "checks" in parts else [],
        "treatments": words["treatments"] if "treatments" in parts else [],
        "signature": _signature(tvra),
    }


def _keep_threats_out(data: dict[str, Any]) -> None:
    """For readers who mend doors: no word of who might come through them."""
    if not data["risks"]:
        data["summary"] = data["conclusion"] = ""


def _handling(tvra: Tvra) -> Any:
    return next(one for one in grading().tlp if one.id == tvra.handling)


def _across(tvra: Tvra) -> str:
    if tvra.state == Tvra.State.APPROVED:
        return "EXPIRED" if tvra.expired else ""
    return tvra.get_state_display().upper()


def _head(tvra: Tvra, words: Any) -> list[list[str]]:
    facts = words["facts"]
    return [
        ["Subject", facts["Subject"]],
        ["State", f"{tvra.get_state_display()}, version {tvra.version}"],
        ["Drafted by", str(tvra.drafted_by or "")],
        ["Approved by", tvra.approved_name or "nobody yet"],
        ["Register read", f"{tvra.pulled_at:%d %b %Y %H:%M} UTC"],
        ["Review due", facts["Review due"]],
        ["Valid until", facts["Valid until"]],
    ]


def _count(words: Any) -> dict[str, int]:
    return counted(row["answer"] for row in words["checks"])


def _heat(risks: list[Any]) -> dict[str, Any]:
    """The same rows as on the screen."""
    drawn = heat(risks)
    return {
        "columns": drawn.columns,
        "rows": [
            {
                "head": head,
                "cells": [
                    {"band": spot.band, "tone": spot.tone, "labels": spot.words} for spot in spots
                ],
            }
            for head, spots in drawn.rows
        ],
    }


def _threats(rows: list[Any]) -> list[list[str]]:
    found = []
    for row in rows:
        taken = row["taken"]
        if not row["left_out"]:
            grade = taken.get("grade") or "not graded"
            found.append([row["title"], row["line"], f"{grade}, {taken.get('confidence', '')}"])
    return found


def _risks(rows: list[Any]) -> list[dict[str, Any]]:
    return [
        {
            "title": row["title"],
            "line": row["line"],
            "tone": TONES.get(row["band"], "grey"),
            "band": row["band"] or "not judged",
            "words": f"{row['likelihood_word']}, {row['impact_word']}; {row['direction']}",
            "reason": row["reason"],
            "what": row["taken"].get("what_happens", ""),
            "by": row["judged_by"],
        }
        for row in rows
        if not row["left_out"]
    ]


def _left_out(words: Any) -> list[list[str]]:
    rows = [*words["threats"], *words["risks"]]
    return [[row["title"], row["reason"]] for row in rows if row["left_out"]]


def _checks(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """By section, in the order of the library."""
    sections: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        seen = f"{row['by']}, {row['seen']}" if row["by"] else "nobody has looked"
        sections.setdefault(row["section"], []).append(
            {
                "ask": row["title"],
                "good": row["good"],
                "source": row["source"],
                "answer": WORDS[row["answer"]],
                "tone": ANSWER_TONES.get(row["answer"], "grey"),
                "note": row["note"],
                "seen": seen,
            }
        )
    return [{"title": title, "rows": found} for title, found in sections.items()]


def _pictures(actor: Actor, tvra: Tvra) -> list[dict[str, Any]]:
    """Typst takes bytes as a list of numbers."""
    rows = [row for row in queries.latest(actor, tvra).values() if row.preview_id]
    pictures = []
    for row in rows[:MOST_PICTURES]:
        found = queries.answered_with_photo(actor, row.pk)
        pictures.append(
            {
                "title": f"{row.item.replace('-', ' ').capitalize()}: {WORDS[row.answer]}",
                "bytes": list(smaller(read(found.preview), SIDE)),
            }
        )
    return pictures


def _signature(tvra: Tvra) -> dict[str, str]:
    if not tvra.signature:
        return {}
    return {
        "name": tvra.approved_name,
        "at": f"{tvra.approved_at:%d %b %Y %H:%M} UTC",
        "digest": short(tvra.content_digest),
    }
