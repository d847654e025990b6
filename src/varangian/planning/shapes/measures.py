"""How a measure looks in the API and in ``--json``."""

from typing import Any

from varangian.platform.access.scope import Actor

from ..models import Measure
from ..queries import effects_seen


def measure_shape(measure: Measure, actor: Actor) -> dict[str, Any]:
    """``lowers`` is empty for those who may not see risks."""
    return {
        "id": str(measure.pk),
        "serial": measure.label,
        "operation": measure.operation.slug,
        "library_id": measure.library_id,
        "responsibility": measure.responsibility,
        "state": measure.state,
        "version": measure.version,
        "title": measure.title,
        "task": measure.task,
        "heading": measure.heading,
        "post": measure.post.title if measure.post else None,
        "owner": measure.owner.name if measure.owner else None,
        "due": measure.due,
        "cost": str(measure.cost) if measure.cost is not None else None,
        "hours": str(measure.hours) if measure.hours is not None else None,
        "people": measure.people,
        "discomfort": measure.discomfort,
        "verified_at": measure.verified_at,
        "lowers": [
            {
                "risk": effect.risk.label,
                "likelihood": effect.likelihood,
                "impact": effect.impact,
            }
            for effect in effects_seen(actor, measure)
        ],
        "updated_at": measure.updated_at,
    }
