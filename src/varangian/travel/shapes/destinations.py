"""How advisories and dossiers look in the API and in ``--json``."""

from typing import Any

from varangian.kernel.clock import now
from varangian.places.countries import COUNTRIES

from ..advisories.notice import AUTHORITIES
from ..models import (
    Advisory,
    AdvisoryImport,
    AdvisorySource,
    AdvisoryVersion,
    Destination,
    DossierApproval,
    DossierFact,
)
from ..queries.destinations import Standing
from ..queries.dossiers import Comparison, Dossier, score_shape


def destination_shape(row: Destination, standing: Standing) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "operation": row.operation.slug,
        "number": row.serial,
        "label": row.label,
        "country": row.country,
        "country_name": COUNTRIES.get(row.country, row.country),
        "place": row.place.name if row.place else None,
        "movement": str(row.movement_id) if row.movement_id else None,  # pyright: ignore
        "starts": row.starts,
        "ends": row.ends,
        "version": row.version,
        "state": standing.state,
        "stale": list(standing.reasons),
        "approval": approval_shape(standing.approval) if standing.approval else None,
    }


def approval_shape(row: DossierApproval) -> dict[str, Any]:
    return {
        "act": row.act,
        "by": row.name,
        "at": row.at,
        "until": row.until,
        "level": row.level,
        "version": row.version,
        "note": row.note or None,
    }


def dossier_shape(found: Dossier, compared: list[Comparison]) -> dict[str, Any]:
    """The destination, everything known of it, and what is different since earlier snapshots."""
    return {
        **destination_shape(found.destination, found.standing),
        **found.shape(),
        "compared": [
            {
                "since": row.snapshot.at,
                "operation": row.snapshot.destination.operation.slug,
                "other_trip": not row.own,
                "differences": row.words,
            }
            for row in compared
        ],
    }


def advisory_shape(row: Advisory) -> dict[str, Any]:
    return {
        "source": row.source,
        "authority": AUTHORITIES.get(row.source, row.source),
        "country": row.country,
        "scope": row.scope,
        "level": row.level,
        "words": row.words,
        "summary": row.summary or None,
        "link": row.link or None,
        "published": row.published,
        "valid_from": row.valid_from,
        "retrieved_at": row.retrieved_at,
        "changed_at": row.changed_at,
        "digest": row.digest,
        "age_days": (now() - row.retrieved_at).days,
    }


def advisory_version_shape(row: AdvisoryVersion) -> dict[str, Any]:
    return {
        "source": row.advisory.source,
        "scope": row.advisory.scope,
        "level": row.level,
        "words": row.words,
        "published": row.published,
        "seen_at": row.seen_at,
    }


def country_shape(code: str, score: Any, rows: Any, versions: Any) -> dict[str, Any]:
    return {
        "country": code,
        "country_name": COUNTRIES[code],
        "score": score_shape(score),
        "advisories": [advisory_shape(row) for row in rows],
        "history": [advisory_version_shape(row) for row in versions],
    }


def advisory_import_shape(row: AdvisoryImport) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "source": row.source,
        "name": row.name or None,
        "digest": row.digest,
        "first_at": row.first_at,
        "at": row.at,
        "counts": row.counts,
        "problems": row.problems,
    }


def advisory_source_shape(
    name: str, row: AdvisorySource | None, countries: int = 0
) -> dict[str, Any]:
    return {
        "source": name,
        "authority": AUTHORITIES[name],
        "on": bool(row and row.on),
        "countries": countries,
        "last_good_at": row.last_good_at if row else None,
        "next_at": row.next_at if row and row.on else None,
        "failures": row.failures if row else 0,
        "last_error": (row.last_error if row else "") or None,
    }


def fact_shape(row: DossierFact) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "section": row.section,
        "title": row.title,
        "text": row.text,
        "source": row.source or None,
        "verified_on": row.verified_on,
        "made_at": row.made_at,
    }
