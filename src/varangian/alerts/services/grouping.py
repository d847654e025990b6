"""One place, one kind, one minute: the first asks for all, and nothing of them is lost."""

from datetime import timedelta

from varangian.kernel.clock import now
from varangian.platform.access.scope import system_read

from .. import rules
from ..models import Alert


@system_read("what belongs together is found whoever raises it")
def leader_of(alert: Alert) -> Alert | None:
    """The alert that asks for this one too. None for one that is more urgent; none that a person
    has seen already: what comes after that is news."""
    if not alert.place or alert.unsuppressed:
        return None
    since = now() - timedelta(seconds=rules.load().group_s)
    found = Alert.objects.filter(
        operation_id=alert.operation_id,
        source=alert.source,
        place=alert.place,
        group=None,
        shelved_until=None,
        state__in=Alert.WAITING,
        raised_at__gte=since,
    )
    first = found.exclude(pk=alert.pk).order_by("raised_at", "pk").first()
    if first is None or rules.rises(first.urgency, alert.urgency):
        return None
    return first


@system_read("whoever ends the first of a group leaves the rest to be asked for")
def let_go(leader: Alert) -> None:
    """The next of the group takes its place, and asks for itself unless a person has seen it."""
    rest = Alert.objects.select_for_update().filter(group_id=leader.pk, state__in=Alert.OPEN)
    rows = list(rest.order_by("raised_at", "pk"))
    if not rows:
        return
    heir, *others = rows
    heir.group = None
    if heir.acknowledged_at is None:
        heir.next_at = now()
    heir.save(update_fields=["group", "next_at"])
    Alert.objects.filter(pk__in=[row.pk for row in others]).update(group=heir)
