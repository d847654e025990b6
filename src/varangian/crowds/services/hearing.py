"""Counters are heard: each word is kept for the watch that is on."""

from datetime import timedelta
from typing import Any

from django.db import transaction

from varangian.kernel.clock import now
from varangian.platform.access.scope import system_read

from ..counted import Word
from ..models import CrowdCounter, CrowdReading, CrowdWatch

AHEAD, BEHIND = timedelta(minutes=2), timedelta(hours=12)


@transaction.atomic
@system_read("a counter is looked up by its token before anybody is known")
def hear_token(*, digest: str, words: list[Word]) -> int | None:
    """How many words are new; None when no counter has this token."""
    counter = _live().filter(digest=digest).first()
    return None if counter is None else hear(counter=counter, words=words)


@system_read("counters over MQTT are found by what they call themselves")
def counter_called(*, operation_id: Any, outside_id: str) -> CrowdCounter | None:
    found = _live().filter(plan__operation_id=operation_id, outside_id=outside_id)
    return found.filter(kind=CrowdCounter.Kind.MQTT).first()


@transaction.atomic
@system_read("what a counter says is kept by the house")
def hear(*, counter: CrowdCounter, words: list[Word], by: Any = None) -> int:
    """Without a watch nothing is kept, only that it lives."""
    CrowdCounter.objects.filter(pk=counter.pk).update(heard_at=now())
    watch = CrowdWatch.objects.filter(version__plan_id=counter.plan_id, ended_at=None).first()  # pyright: ignore
    if watch is None or not words:
        return 0
    rows = [_reading(watch, counter, word, by) for word in words]
    known = set(
        CrowdReading.objects.filter(
            watch=watch, counter=counter, key__in=[row.key for row in rows if row.key]
        ).values_list("key", flat=True)
    )
    fresh = [row for row in rows if row.key not in known]
    CrowdReading.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def _reading(watch: CrowdWatch, counter: CrowdCounter, word: Word, by: Any) -> CrowdReading:
    """A time far from ours is heard as now, except where the evening itself is a record."""
    at, present = word.at or now(), now()
    if not watch.replayed and not present - BEHIND <= at <= present + AHEAD:
        at = present
    return CrowdReading(
        compartment_id=watch.compartment_id, watch=watch, counter=counter, at=at,
        entered=word.entered, left=word.left, people=word.people, within=word.within,
        zone=counter.into if word.people is not None else "", key=word.key, by=by,
    )  # fmt: skip


@system_read("counters that may speak")
def _live():
    return CrowdCounter.objects.select_related("plan").filter(removed_at=None)
