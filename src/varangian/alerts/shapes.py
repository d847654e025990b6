"""How an alert looks in the API and in ``--json``."""

from typing import Any

from .models import Alert


def shape(alert: Alert) -> dict[str, Any]:
    return {
        "id": str(alert.pk),
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
        "raised_at": alert.raised_at,
        "acknowledged_at": alert.acknowledged_at,
        "acknowledged_by": alert.acknowledged_by.name if alert.acknowledged_by else None,
        "assigned_to": alert.assigned_to.name if alert.assigned_to else None,
        "reason": alert.reason,
    }
