"""How briefs look in the API and in ``--json``."""

from typing import Any

from varangian.threats.library import grading

from ..brief_words import age_words, grade_words
from ..models import Brief, BriefItem, BriefJudgement, BriefReading
from ..queries.briefs import Judged, Section, Shown


def brief_shape(row: Brief) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "operation": row.operation.slug,
        "kind": row.kind,
        "serial": row.serial,
        "version": row.version,
        "state": row.state,
        "day": row.day,
        "legs": [str(pk) for pk in row.legs],
        "readers": row.readers,
        "tlp": row.tlp,
        "bottom_line": row.bottom_line or "",
        "since": row.since,
        "drafted_at": row.drafted_at,
        "drafted_by": str(row.drafted_by) if row.drafted_by else None,
        "issued_at": row.issued_at,
        "issued_by": row.approved_name,
        "digest": row.content_digest,
    }


def whole_shape(shown: Shown) -> dict[str, Any]:
    brief = shown.brief
    return brief_shape(brief) | {
        "sections": [_section(row, brief) for row in shown.sections],
        "left_out": [item_shape(row, brief) for row in shown.left_out],
        "judgements": [judged_shape(row) for row in shown.judgements],
        "unknown": shown.unknown,
        "stale": shown.stale,
        "read_at": shown.mine.at if shown.mine else None,
        "superseded_by": shown.newer.label if shown.newer else None,
    }


def _section(row: Section, brief: Brief) -> dict[str, Any]:
    return {
        "id": row.rule.id,
        "title": row.rule.title,
        "items": [item_shape(item, brief, graded=row.rule.graded) for item in row.items],
    }


def item_shape(row: BriefItem, brief: Brief, *, graded: bool = False) -> dict[str, Any]:
    """``grade`` is said where whoever told it is graded, and then also that nobody did."""
    return {
        "id": str(row.pk),
        "section": row.section,
        "title": row.title,
        "text": row.text or "",
        "source": row.source or "",
        "grade": grade_words(row.grade, row.scale) if graded and row.source else None,
        "at": row.at,
        "age": age_words(row.at, brief.drafted_at) if row.source else None,
        "unknown": row.unknown,
        "left_out": row.left_out,
        "reason": row.reason or "",
    }


def judged_shape(row: Judged) -> dict[str, Any]:
    return judgement_shape(row.judgement) | {
        "vague": [
            {"word": one.word, "why": one.why, "offer": list(one.offer)} for one in row.findings
        ]
    }


def judgement_shape(row: BriefJudgement) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "text": row.text,
        "probability": row.probability,
        "confidence": row.confidence,
        "basis": row.basis,
        "readers": row.readers,
        "by": str(row.by) if row.by else None,
        "at": row.at,
    }


def reading_shape(row: BriefReading) -> dict[str, Any]:
    return {
        "person": str(row.user),
        "posts": row.posts,
        "asked_at": row.asked_at,
        "read_at": row.at,
    }


def words_shape() -> dict[str, Any]:
    """The lists that the author chooses from, each word with what it means."""
    known = grading()
    return {
        "probability": [
            {"word": row.word, "from": row.from_, "to": row.to} for row in known.probability
        ],
        "confidence": [{"word": row.id, "meaning": row.meaning} for row in known.confidence],
        "tlp": [{"id": r.id, "title": r.title, "meaning": r.meaning} for r in known.tlp],
    }
