"""One version as plain words to compare and print, and as the values that its signature covers."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from varangian.kernel.chain import digest
from varangian.platform.audit import approval

from .library.tvra import checks
from .models import Tvra, TvraAnswer, TvraLine, TvraTreatment
from .tvra_rules import WORDS, band, direction, step_words


def content(
    tvra: Tvra,
    lines: Iterable[TvraLine],
    latest: dict[str, TvraAnswer],
    treatments: Iterable[TvraTreatment],
) -> dict[str, Any]:
    """Everything a reader sees; people and places by their words of today."""
    rows = list(lines)
    return {
        "operation": str(tvra.operation_id),
        "serial": tvra.serial,
        "version": tvra.version,
        "pulled_at": tvra.pulled_at.isoformat(),
        "drafted_by": str(tvra.drafted_by_id or ""),
        "facts": _facts(tvra),
        "threats": [_threat(one) for one in rows if not one.is_risk],
        "risks": [_risk(one) for one in rows if one.is_risk],
        "checks": _checks(tvra, latest),
        "treatments": [_treatment(one, tvra) for one in treatments],
    }


WRITTEN = ("kind", "title", "subject", "scope", "summary", "conclusion", "client_title")


def signed_digest(
    tvra: Tvra,
    lines: Iterable[TvraLine],
    latest: dict[str, TvraAnswer],
    treatments: Iterable[TvraTreatment],
) -> str:
    """Over values alone: a library that is worded anew, a clock or a person's new name change
    nothing of what was signed."""
    return digest(
        {
            "operation": str(tvra.operation_id),
            "serial": tvra.serial,
            "version": tvra.version,
            "drafted_by": str(tvra.drafted_by_id or ""),
            "words": [str(getattr(tvra, name)) for name in (*WRITTEN, "template", "handling")],
            "place": str(tvra.place_id or ""),
            "times": [_utc(at) for at in (tvra.pulled_at, tvra.review_due, tvra.valid_until)],
            "lines": [_signed_line(one) for one in lines],
            "answers": [_signed_answer(row) for _, row in sorted(latest.items())],
            "treatments": [_signed_treatment(row) for row in treatments],
        }
    )


def fault(tvra: Tvra, content_digest: str) -> str:
    """Why the signature does not hold; empty when it does."""
    return approval.fault(tvra, content_digest)


def _signed_line(one: TvraLine) -> list[Any]:
    judged = [one.likelihood, one.impact, one.confidence, one.reason, list(one.weighs)]
    return [one.label, one.taken, *judged, one.left_out, str(one.judged_by_id or "")]


def _signed_answer(row: TvraAnswer) -> list[Any]:
    seen = [str(row.by_id), _utc(row.seen_at), str(row.preview_id or "")]
    return [row.item, row.answer, row.note, *seen]


def _signed_treatment(row: TvraTreatment) -> list[Any]:
    left = [row.residual_likelihood, row.residual_impact]
    words = [row.number, row.line.label, row.title, row.task]
    return [*words, str(row.owner_id), _utc(row.due), *left]


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _facts(tvra: Tvra) -> dict[str, str]:
    return {
        "Title": tvra.title,
        "Subject": f"{tvra.get_kind_display()}: {tvra.subject}",
        "Scope": tvra.scope,
        "Summary": tvra.summary,
        "Conclusion": tvra.conclusion,
        "Report title": tvra.client_title,
        "Template": tvra.template,
        "Handling": tvra.handling,
        "Review due": _time(tvra.review_due, tvra),
        "Valid until": _time(tvra.valid_until, tvra),
    }


def _threat(line: TvraLine) -> dict[str, Any]:
    taken = line.taken or {}
    levels = ", ".join(f"{n} {taken.get(n, '')}" for n in ("intent", "capability", "opportunity"))
    words = f"left out: {line.reason}" if line.left_out else levels
    return {"key": line.label, "title": f"{line.label} {taken.get('title', '')}", "line": words} | {
        "taken": taken,
        "left_out": line.left_out,
        "reason": line.reason,
    }


def _risk(line: TvraLine) -> dict[str, Any]:
    taken = line.taken or {}
    if line.left_out:
        words = f"left out: {line.reason}"
    elif not line.judged:
        words = "not judged"
    else:
        words = (
            f"{band(line.likelihood, line.impact)} "  # pyright: ignore
            f"({line.likelihood} x {line.impact}), {line.confidence} confidence"
        )
    return {
        "key": line.label,
        "title": f"{line.label} {taken.get('title', '')}",
        "line": words,
        "taken": taken,
        "likelihood": line.likelihood,
        "impact": line.impact,
        "likelihood_word": step_words("likelihood", line.likelihood),
        "impact_word": step_words("impact", line.impact),
        "band": band(line.likelihood, line.impact) if line.judged else "",  # pyright: ignore
        "direction": direction(taken, line.likelihood, line.impact) if taken else "",
        "confidence": line.confidence,
        "reason": line.reason,
        "weighs": list(line.weighs),
        "left_out": line.left_out,
        "judged_by": str(line.judged_by or ""),
    }


def _checks(tvra: Tvra, latest: dict[str, TvraAnswer]) -> list[dict[str, Any]]:
    """Every check of the library; what nobody looked at is unknown."""
    library, rows = checks(tvra.kind), []
    for section in library.sections:
        for item in section.items:
            row = latest.get(item.id)
            answer = row.answer if row else "unknown"
            seen = f" ({row.by}, {_day(row.seen_at, tvra)})" if row else " (nobody has looked)"
            note = f": {row.note}" if row and row.note else ""
            rows.append(
                {
                    "key": item.id,
                    "section": section.title,
                    "title": item.ask,
                    "good": item.good,
                    "source": library.source_of(item),
                    "answer": answer,
                    "line": f"{WORDS[answer]}{note}{seen}",
                    "note": row.note if row else "",
                    "by": str(row.by) if row else "",
                    "seen": _day(row.seen_at, tvra) if row else "",
                    "photo": str(row.preview_id) if row and row.preview_id else "",
                }
            )
    return rows


def _treatment(row: TvraTreatment, tvra: Tvra) -> dict[str, Any]:
    left = band(row.residual_likelihood, row.residual_impact)
    due = _day(row.due, tvra)
    return {
        "key": str(row.number),
        "title": row.title,
        "task": row.task,
        "risk": row.line.label,
        "owner": str(row.owner),
        "due": due,
        "residual": f"{left} ({row.residual_likelihood} x {row.residual_impact})",
        "line": f"{row.line.label}: {row.owner} by {due}, leaves {left} "
        f"({row.residual_likelihood} x {row.residual_impact})",
    }


def _time(at: datetime, tvra: Tvra) -> str:
    return f"{at.astimezone(ZoneInfo(tvra.operation.time_zone)):%d %b %Y %H:%M %Z}"


def _day(at: datetime, tvra: Tvra) -> str:
    return f"{at.astimezone(ZoneInfo(tvra.operation.time_zone)):%d %b %Y}"
