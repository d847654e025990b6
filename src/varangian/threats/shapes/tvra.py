"""How TVRAs look in the API and in ``--json``."""

from typing import Any

from varangian.platform.access.scope import Actor

from ..library.tvra import checks
from ..models import Tvra, TvraAnswer
from ..queries import tvra as queries
from ..tvra_content import content, fault, signed_digest
from ..tvra_rules import Change, counted


def told(actor: Actor, tvra: Tvra) -> dict[str, Any]:
    """The whole version in words, as it is read, compared and printed."""
    return content(
        tvra,
        queries.lines(actor, tvra),
        queries.latest(actor, tvra),
        queries.treatments(actor, tvra),
    )


def broken(actor: Actor, tvra: Tvra) -> str:
    """Why the signature under it does not hold; empty when it does, or when there is none."""
    if not tvra.signature:
        return ""
    return fault(
        tvra,
        signed_digest(
            tvra,
            queries.lines(actor, tvra),
            queries.latest(actor, tvra),
            queries.treatments(actor, tvra),
        ),
    )


def tvra_row(tvra: Tvra) -> dict[str, Any]:
    return {
        "id": str(tvra.pk),
        "serial": tvra.label,
        "version": tvra.version,
        "operation": tvra.operation.slug,
        "kind": tvra.kind,
        "subject": tvra.subject,
        "place": str(tvra.place_id) if tvra.place_id else None,
        "movement": str(tvra.movement_id) if tvra.movement_id else None,
        "state": tvra.shown_state,
        "title": tvra.title,
        "drafted_by": _name(tvra.drafted_by),
        "drafted_at": tvra.drafted_at,
        "pulled_at": tvra.pulled_at,
        "submitted_by": _name(tvra.submitted_by),
        "approved_by": tvra.approved_name or None,
        "approved_at": tvra.approved_at,
        "review_due": tvra.review_due,
        "valid_until": tvra.valid_until,
        "handling": tvra.handling,
        "template": tvra.template,
    }


def tvra_shape(actor: Actor, tvra: Tvra) -> dict[str, Any]:
    words = told(actor, tvra)
    return tvra_row(tvra) | {
        "scope": tvra.scope,
        "summary": tvra.summary,
        "conclusion": tvra.conclusion,
        "client_title": tvra.client_title,
        "returned_why": tvra.returned_why,
        "digest": tvra.content_digest or None,
        "threats": words["threats"],
        "risks": words["risks"],
        "treatments": words["treatments"],
        "checks": counted(row["answer"] for row in words["checks"]),
        "since": [change_shape(one) for one in queries.since(actor, tvra)],
    }


def change_shape(change: Change) -> dict[str, str]:
    return {"label": change.label, "words": change.words}


def check_shapes(actor: Actor, tvra: Tvra) -> list[dict[str, Any]]:
    """Every check with the answer that counts; nobody has looked: unknown, without a name."""
    latest = queries.latest(actor, tvra)
    library = checks(tvra.kind)
    return [
        {
            "item": item.id,
            "section": section.title,
            "ask": item.ask,
            "why": item.why,
            "good": item.good,
            "source": library.source_of(item),
            **answer_shape(latest.get(item.id)),
        }
        for section in library.sections
        for item in section.items
    ]


def answer_shape(row: TvraAnswer | None) -> dict[str, Any]:
    if row is None:
        return {"answer": "unknown", "looked": False, "note": "", "by": None, "seen_at": None}
    return {
        "answer": row.answer,
        "looked": True,
        "note": row.note,
        "by": str(row.by),
        "seen_at": row.seen_at,
        "photo": row.preview_id is not None,
    }


def _name(user: Any) -> str | None:
    return str(user) if user else None
