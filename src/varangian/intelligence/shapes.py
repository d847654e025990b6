"""How feeds and signals look in the API and in ``--json``."""

from typing import Any

from .models import Connector, FeedImport, Signal


def signal_shape(signal: Signal) -> dict[str, Any]:
    return {
        "id": str(signal.pk),
        "source": signal.source,
        "native_id": signal.native_id,
        "state": signal.state,
        "kind": signal.kind,
        "title": signal.title,
        "band": signal.band,
        "severity": signal.severity,
        "status": signal.status,
        "starts": signal.starts,
        "expires": signal.expires,
        "assumed": signal.assumed,
        "geometry": signal.geometry,
        "countries": signal.countries,
        "link": signal.link,
        "updated_at": signal.updated_at,
        "received_at": signal.received_at,
    }


def import_shape(record: FeedImport) -> dict[str, Any]:
    return {
        "id": str(record.pk),
        "at": record.at,
        "name": record.name,
        "kind": record.kind,
        "counts": record.counts,
        "problems": record.problems,
        "matching_job": record.matching_job,
    }


def connector_shape(connector: Connector) -> dict[str, Any]:
    return {
        "name": connector.name,
        "kind": connector.kind,
        "url": connector.url,
        "enabled": connector.enabled,
        "every_minutes": connector.every_minutes,
        "last_good_at": connector.last_good_at,
        "last_changed_at": connector.last_changed_at,
        "next_at": connector.next_at if connector.enabled else None,
        "failures": connector.failures,
        "last_error": connector.last_error,
    }
