"""What the alerts ask of people: the figures of one page, from what one person may see."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from varangian.kernel.clock import now
from varangian.operations.queries import duties_between
from varangian.platform.access.scope import Actor

from .. import eemua
from ..models import Alert, Annunciation, Delivery, NuisanceReport
from .alerts import alerts

STANDING = timedelta(hours=24)
WORST = 10
SPANS = {"1": "24 hours", "7": "7 days", "30": "30 days"}


@dataclass(frozen=True)
class Cause:
    """Alerts of one cause: how often it asked, and what people made of it."""

    alert: Alert
    asked: int
    shelved: int
    reports: int
    dismissed: int


@dataclass(frozen=True)
class Way:
    channel: str
    sent: int
    failed: int
    held: int
    times: eemua.Times


@dataclass(frozen=True)
class Page:
    since: datetime
    until: datetime
    load: eemua.Load
    answer: eemua.Times
    waiting: int
    standing: int
    shelved: int
    grouped: int
    causes: list[Cause]
    ways: list[Way]


def load(actor: Actor, *, days: int = 7, operation: str = "") -> Page:
    until = now()
    since = eemua.span(days, until)
    rows = Annunciation.objects.visible_to(actor).filter(at__gte=since)
    mine = alerts(actor, view="all", operation=operation)
    open_ = alerts(actor, view="standing", operation=operation)
    if operation:
        rows = rows.filter(alert__operation__slug=operation)
    counted = list(rows.values_list("at", "urgency", "cause", "alert_id", "kind"))
    asked = [eemua.Asked(*row[:4]) for row in counted if row[4] in ASKING]
    raised = mine.filter(raised_at__gte=since)
    answered = raised.exclude(acknowledged_at=None).values_list("raised_at", "acknowledged_at")
    return Page(
        since=since,
        until=until,
        load=eemua.load(asked, since=since, until=until, duties=_duties(actor, since, operation)),
        answer=eemua.times((seen - at).total_seconds() for at, seen in answered),
        waiting=open_.filter(acknowledged_at=None).count(),
        standing=open_.filter(raised_at__lt=until - STANDING).count(),
        shelved=open_.exclude(shelved_until=None).count(),
        grouped=sum(1 for row in counted if row[4] == Annunciation.Kind.GROUPED),
        causes=_causes(actor, counted, mine),
        ways=_ways(actor, since, operation),
    )


ASKING = (Annunciation.Kind.RAISED, Annunciation.Kind.AGAIN)


def _duties(actor: Actor, since: datetime, operation: str) -> list[tuple[datetime, datetime]]:
    rows = duties_between(actor, since)
    if operation:
        rows = rows.filter(operation__slug=operation)
    spans = rows.values_list("started_at", "ended_at")
    return [(max(begin, since), end or now()) for begin, end in spans]


def _causes(actor: Actor, counted: list[Any], mine: Any) -> list[Cause]:
    """The ten that ask most for least: the first place to look for an alert to mend."""
    asked, shelved, latest = Counter(), Counter(), {}
    for _, _, cause, alert, kind in sorted(counted, key=lambda row: row[0]):
        asked[cause] += kind in ASKING
        shelved[cause] += kind == Annunciation.Kind.SHELVED
        latest[cause] = alert
    reports = Counter(
        NuisanceReport.objects.visible_to(actor)
        .filter(alert__dedupe__in=list(latest))
        .values_list("alert__dedupe", flat=True)
    )
    ended = Q(state=Alert.State.CANCELLED, dedupe__in=list(latest))
    dismissed = Counter(mine.filter(ended).values_list("dedupe", flat=True))
    weight = {
        cause: asked[cause] + 5 * reports[cause] + 3 * shelved[cause] + 2 * dismissed[cause]
        for cause in latest
    }
    worst = [c for c in sorted(weight, key=lambda c: -weight[c])[:WORST] if weight[c] > 1]
    shown = {row.pk: row for row in mine.filter(pk__in=[latest[cause] for cause in worst])}
    return [
        Cause(shown[latest[c]], asked[c], shelved[c], reports[c], dismissed[c])
        for c in worst
        if latest[c] in shown
    ]


def _ways(actor: Actor, since: datetime, operation: str) -> list[Way]:
    rows = Delivery.objects.visible_to(actor).filter(queued_at__gte=since)
    if operation:
        rows = rows.filter(alert__operation__slug=operation)
    states: dict[str, Counter[str]] = defaultdict(Counter)
    took: dict[str, list[float]] = defaultdict(list)
    for channel, state, queued, sent in rows.values_list(
        "channel", "state", "queued_at", "sent_at"
    ):
        states[channel][state] += 1
        if sent is not None:
            took[channel].append((sent - queued).total_seconds())
    return [
        Way(
            str(Delivery.Channel(channel).label),
            states[channel][Delivery.State.SENT],
            states[channel][Delivery.State.FAILED],
            states[channel][Delivery.State.HELD],
            eemua.times(took[channel]),
        )
        for channel in Delivery.Channel.values
        if channel in states
    ]
