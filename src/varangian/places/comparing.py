"""Two versions of a survey side by side, or one beside what is known now."""

from typing import Any

from varangian.platform.access.scope import Actor

from .models import Place
from .queries import surveys
from .snapshots import compared, snapshot


def difference(actor: Actor, place: Place, first: int | None, second: int | None) -> dict[str, Any]:
    """``first`` None: the latest version; ``second`` None: now."""
    before = surveys.version(actor, place, first or surveys.latest(actor, place))
    if second is None:
        content = snapshot(surveys.survey(actor, place), [])
    else:
        content = surveys.version(actor, place, second).content
    return {"first": before.number, "second": second, "rows": compared(before.content, content)}
