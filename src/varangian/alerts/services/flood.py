"""In a flood a device is rung once in a while and not for each alert; what it was spared it is
told of as soon as it may be rung again."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Count, QuerySet

from varangian.kernel.clock import now
from varangian.platform.access.scope import system_read

from .. import rules
from ..models import Alert, Delivery

DEVICES = (Delivery.Channel.PUSH, Delivery.Channel.APPRISE)


@system_read("a flood is measured over all that a person was asked, in every operation")
def spared(people: set[UUID]) -> set[UUID]:
    """Devices of those who were asked too often of late, that rang already. Another device of
    the same person, or one that could not be reached, has told nobody anything."""
    limits, present = rules.load(), now()
    asked = Delivery.objects.filter(
        person_id__in=people, queued_at__gt=present - timedelta(seconds=limits.flood_s)
    )
    counts = asked.values("person_id").annotate(alerts=Count("alert_id", distinct=True))
    over = {row["person_id"] for row in counts if row["alerts"] >= limits.flood_alerts}
    return set(_rang().filter(person_id__in=over).values_list("target", flat=True))


@system_read("a flood is measured over all that a person was asked, in every operation")
def _rang() -> QuerySet[Delivery]:
    """Sent within the time of a digest, or on its way and not refused yet."""
    since = now() - timedelta(seconds=rules.load().flood_digest_s)
    rows = Delivery.objects.filter(queued_at__gt=since, channel__in=DEVICES)
    sent = rows.filter(state=Delivery.State.SENT)
    return sent | rows.filter(state__in=(Delivery.State.DUE, Delivery.State.SENDING), error="")


@system_read("the house tells of what it held back")
def release() -> int:
    """The newest of what each device was spared, when it may ring again and somebody is still
    wanted. Returns how many."""
    since = now() - timedelta(seconds=rules.load().flood_s)
    held = Delivery.objects.filter(
        state=Delivery.State.HELD, queued_at__gt=since, alert__state__in=Alert.WAITING
    ).exclude(target__in=_rang().values("target"))
    newest = dict(held.order_by("queued_at").values_list("target", "pk"))
    due = Delivery.objects.filter(pk__in=newest.values(), state=Delivery.State.HELD)
    return due.update(state=Delivery.State.DUE, queued_at=now(), due_at=now())
