"""Why is this here, what hangs on it, and is it still good?"""

from collections import defaultdict
from uuid import UUID

from django.db.models import QuerySet

from varangian.platform.access.scope import Actor

from . import registry
from .models import Edge, StaleMark


def stale_marks(actor: Actor, compartment_ids: list[UUID] | None = None) -> QuerySet[StaleMark]:
    found = StaleMark.objects.visible_to(actor).filter(cleared_at=None).order_by("since")
    return found.filter(compartment_id__in=compartment_ids) if compartment_ids else found


def stale_count(actor: Actor) -> int:
    """Records that wait to be looked at again."""
    return stale_marks(actor).order_by().values("kind", "record").distinct().count()


def stale_by_record(actor: Actor, kind: str, ids: list[UUID]) -> dict[UUID, list[str]]:
    """Open reasons by record, for a list of one kind."""
    found: dict[UUID, list[str]] = defaultdict(list)
    for mark in StaleMark.objects.visible_to(actor).filter(
        kind=kind, record__in=ids, cleared_at=None
    ):
        found[mark.record].append(mark.reason)
    return dict(found)


def neighbours(actor: Actor, kind: str, record: UUID) -> dict[str, list[dict[str, str]]]:
    """The records left and right of one on the thread, as captions and links."""
    left = Edge.objects.visible_to(actor).filter(right_kind=kind, right_id=record)
    right = Edge.objects.visible_to(actor).filter(left_kind=kind, left_id=record)
    return {
        "left": _captions(actor, [(e.left_kind, e.left_id, e.relation) for e in left]),
        "right": _captions(actor, [(e.right_kind, e.right_id, e.relation) for e in right]),
    }


def _captions(actor: Actor, ties: list[tuple[str, UUID, str]]) -> list[dict[str, str]]:
    by_kind: dict[str, list[UUID]] = defaultdict(list)
    for kind, record, _ in ties:
        by_kind[kind].append(record)
    known = registry.kinds()
    rows = {k: registry.records(actor, k, ids) for k, ids in by_kind.items() if k in known}
    shown = []
    for kind, record, relation in ties:
        row = rows.get(kind, {}).get(record)
        if row is not None:
            shown.append(
                {
                    "kind": known[kind].words,
                    "relation": relation,
                    "caption": known[kind].caption(row),
                    "url": known[kind].url(row),
                }
            )
    return shown
