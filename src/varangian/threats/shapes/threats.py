"""How threats and risks look in the API, in ``--json`` and in the exported register."""

from typing import Any

from ..models import Assessment, RiskAcceptance, RiskLine, ThreatSource
from ..queries import threats as queries
from ..standing import Cell


def source_shape(source: ThreatSource) -> dict[str, Any]:
    return {
        "id": str(source.pk),
        "serial": source.label,
        "operation": source.operation.slug,
        "state": source.shown_state,
        "kind": source.kind,
        "title": source.title,
        "intent": source.intent,
        "capability": source.capability,
        "opportunity": source.opportunity,
        "history": source.history,
        "evidence": source.evidence,
        "scale": source.scale,
        "source_grade": source.source_grade,
        "information_grade": source.information_grade,
        "confidence": source.confidence,
        "handling": source.handling,
        "assessed_by": _name(source.assessed_by),
        "assessed_at": source.assessed_at,
        "valid_until": source.valid_until,
    }


def assessment_shape(assessment: Assessment) -> dict[str, Any]:
    return {
        "id": str(assessment.pk),
        "version": assessment.version,
        "level": assessment.level,
        "summary": assessment.summary,
        "confidence": assessment.confidence,
        "assessed_by": _name(assessment.assessed_by),
        "assessed_at": assessment.assessed_at,
        "valid_until": assessment.valid_until,
        "expired": assessment.expired,
    }


def risk_shape(risk: RiskLine) -> dict[str, Any]:
    row = queries.risk_row(risk)
    return {
        "id": str(risk.pk),
        "serial": risk.label,
        "operation": risk.operation.slug,
        "library_id": risk.library_id,
        "responsibility": risk.responsibility,
        "state": risk.state,
        "title": risk.title,
        "cause": risk.cause,
        "what_happens": risk.what_happens,
        "vulnerability": risk.vulnerability,
        "controls": risk.controls,
        "inherent": _cell(row.standing.inherent),
        "current": _cell(row.standing.current),
        "target": _cell(row.standing.target),
        "threat_source": risk.threat_source.label if risk.threat_source else None,
        "movement": risk.movement.serial if risk.movement else None,
        "measures": [measure.label for measure in row.measures],
        "owner": _name(risk.owner),
        "due": risk.due,
        "accepted": row.accepted,
        "signatures_missing": row.missing,
        "signatures": [acceptance_shape(signed) for signed in row.signatures],
        "updated_at": risk.updated_at,
    }


def acceptance_shape(signed: RiskAcceptance) -> dict[str, Any]:
    return {
        "seat": signed.seat,
        "band": signed.band,
        "signed_by": _name(signed.signed_by),
        "given_by": signed.given_by,
        "note": signed.note,
        "signed_at": signed.signed_at,
        "valid_until": signed.valid_until,
    }


def overview_shape(operation: Any) -> dict[str, Any]:
    return {
        "operation": operation.slug,
        "state": operation.state,
        "threat_level": operation.threat_level,
        "sources": operation.sources,
        "expired_sources": operation.expired_sources,
        "open_risks": operation.open_risks,
    }


def csv_row(row: queries.RiskRow) -> dict[str, str]:
    """Plain text cells. A leading sign is quoted, so that no program takes it for a formula."""
    risk, stand = row.risk, row.standing
    cells = {
        "serial": risk.label,
        "state": "acceptance lapsed" if row.lapsed else risk.state,
        "responsibility": risk.responsibility,
        "title": risk.title,
        "cause": risk.cause,
        "what happens": risk.what_happens,
        "vulnerability": risk.vulnerability,
        "controls": risk.controls,
        "threat source": risk.threat_source.label if risk.threat_source else "",
        "leg": str(risk.movement.serial) if risk.movement else "",
        "inherent": _words(stand.inherent),
        "current": _words(stand.current),
        "target": _words(stand.target),
        "measures": "; ".join(f"{m.label} {m.title} ({m.state})" for m in row.measures),
        "owner": _name(risk.owner) or "",
        "due": risk.due.isoformat() if risk.due else "",
        "signatures missing": ", ".join(row.missing),
        "stale": "; ".join(row.stale),
        "updated": risk.updated_at.isoformat(),
    }
    return {
        name: f"'{cell}" if cell[:1] in "=+-@\t\r" and cell else cell
        for name, cell in cells.items()
    }


def _cell(cell: Cell) -> dict[str, Any]:
    return {"likelihood": cell.likelihood, "impact": cell.impact, "band": cell.band}


def _words(cell: Cell) -> str:
    return f"{cell.band} (likelihood {cell.likelihood}, impact {cell.impact})"


def _name(user: Any) -> str | None:
    return user.name if user else None
