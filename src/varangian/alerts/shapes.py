"""How an alert looks in the API and in ``--json``."""

from typing import Any

from .models import Alert, Delivery, PersonalChannel
from .queries.load import Page


def shape(alert: Alert) -> dict[str, Any]:
    return {
        "id": str(alert.pk),
        "code": alert.code,
        "operation": alert.operation.slug,
        "movement": alert.movement.serial if alert.movement else None,
        "state": alert.state,
        "urgency": alert.urgency,
        "title": alert.title,
        "body": alert.body,
        "action": alert.action,
        "source": alert.source,
        "about": str(alert.about) if alert.about else None,
        "starts": alert.starts,
        "ends": alert.ends,
        "minutes": alert.minutes,
        "distance_km": alert.distance_km,
        "position": alert.position or None,
        "place": alert.place,
        "group": str(alert.group_id) if alert.group_id else None,  # pyright: ignore
        "raised_at": alert.raised_at,
        "notified_at": alert.notified_at,
        "escalations": alert.escalations,
        "acknowledged_at": alert.acknowledged_at,
        "acknowledged_by": alert.acknowledged_by.name if alert.acknowledged_by else None,
        "responding_at": alert.responding_at,
        "shelved_until": alert.shelved_until,
        "assigned_to": alert.assigned_to.name if alert.assigned_to else None,
        "reason": alert.reason,
    }


def delivery_shape(row: Delivery) -> dict[str, Any]:
    return {
        "person": row.person.name,
        "channel": row.channel,
        "service": row.label,
        "round": row.round,
        "state": row.state,
        "attempts": row.attempts,
        "queued_at": row.queued_at,
        "sent_at": row.sent_at,
        "latency_ms": row.latency_ms,
        "error": row.error,
    }


def channel_shape(row: PersonalChannel) -> dict[str, Any]:
    """Never its address: that is shown to nobody again."""
    return {
        "id": str(row.pk),
        "service": row.service,
        "label": row.label,
        "from_urgency": row.from_urgency,
        "last_sent_at": row.last_sent_at,
        "last_error": row.last_error,
    }


def load_shape(page: Page) -> dict[str, Any]:
    load = page.load
    return {
        "since": page.since,
        "until": page.until,
        "asked": load.asked,
        "per_10_min": round(load.per_slot, 3),
        "band": load.band,
        "peak": load.peak,
        "peak_at": load.peak_at,
        "flood_percent": round(load.flood_percent, 2),
        "over_percent": round(load.over_percent, 2),
        "watched": load.watched,
        "shares": {row.urgency: round(row.percent, 1) for row in load.shares},
        "acknowledged": page.answer.count,
        "acknowledge_median_s": page.answer.middle,
        "acknowledge_p90_s": page.answer.nine_of_ten,
        "waiting": page.waiting,
        "standing": page.standing,
        "shelved": page.shelved,
        "grouped": page.grouped,
        "causes": [
            {
                "alert": str(row.alert.pk),
                "title": row.alert.title,
                "asked": row.asked,
                "nuisance": row.reports,
                "dismissed": row.dismissed,
                "chattered": row.shelved,
            }
            for row in page.causes
        ],
        "ways": [
            {
                "channel": way.channel,
                "sent": way.sent,
                "failed": way.failed,
                "held": way.held,
                "median_s": way.times.middle,
                "p90_s": way.times.nine_of_ten,
            }
            for way in page.ways
        ],
    }
