"""What comes to an end by itself: views, silence, and the days that events are kept."""

from datetime import timedelta

from django.db.models import DurationField, F, Q, Value

from varangian.kernel.clock import age_words, now
from varangian.platform.access.scope import SYSTEM, system_read
from varangian.platform.news.services import announce
from varangian.platform.storage.parts import drop_parts

from ..models import CameraView, Clip, LivePart, RuleTrial, SeenEvent, SeenLooks, Sensor, ZoneCount
from .watching import IDLE, LONGEST, close

LEFT = timedelta(minutes=2)
UNFINISHED = timedelta(days=2)
SECOND = Value(timedelta(seconds=1), output_field=DurationField())


@system_read("views that nobody fetches are ended by the house, and the picture is dropped")
def close_views() -> int:
    present = now()
    over = Q(seen_at__lt=present - IDLE) | Q(began_at__lt=present - LONGEST)
    found = list(CameraView.objects.select_related("camera", "person").filter(over, ended_at=None))
    for view in found:
        close(view)
    LivePart.objects.filter(made_at__lt=present - LEFT).delete()
    return len(found)


@system_read("silence is noticed by the house")
def watch_sensors() -> int:
    """Told once, two periods after its last word."""
    present = now()
    late = Sensor.objects.filter(
        removed_at=None, silent_since=None, period_s__gt=0, operation__state="active"
    ).filter(
        Q(heard_at__lt=present - F("period_s") * 2 * SECOND)
        | Q(heard_at=None, made_at__lt=present - F("period_s") * 2 * SECOND)
    )
    found = list(late[:200])
    for sensor in found:
        since = sensor.heard_at or sensor.made_at
        Sensor.objects.filter(pk=sensor.pk).update(silent_since=since)
        announce(
            topic="sensors",
            event="silent",
            text=f"Sensor lost: {sensor.name} not heard for {age_words(since, present)}",
            compartment_id=sensor.compartment_id,
            operation_id=sensor.operation_id,
            record=None,
            actor=SYSTEM,
        )
    return len(found)


@system_read("retention")
def forget() -> int:
    """Events, looks, counts and clips whose days are over are gone, with everything in them."""
    present = now()
    count = 0
    for kept in (SeenEvent, SeenLooks, ZoneCount, RuleTrial):
        count += kept.objects.filter(expires_at__lt=present).delete()[0]
    stuck = Q(whole_at=None, began_at__lt=present - UNFINISHED)
    for clip in Clip.objects.filter(Q(expires_at__lt=present) | stuck):
        drop_parts(clip.parts)
        clip.delete()
        count += 1
    return count
