"""What a person does with an alert."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.models import User
from varangian.platform.access.roles import roles_for
from varangian.platform.access.scope import Actor, role_in, system_read

from .. import rules
from ..models import Alert, NuisanceReport
from .telling import end, handled, named_person, tell


@transaction.atomic
def acknowledge(*, actor: Actor, alert: Alert) -> Alert:
    """A person has seen it, and what is grouped under it. Twice is as good as once."""
    alert = handled(actor, alert)
    named_person(actor)
    if alert.acknowledged_at is None:
        _seen(alert, actor)
        tell(alert, "acknowledged", f"Alert acknowledged: {alert.title}", actor)
        for one in _waiting_under(alert):
            _seen(one, actor)
    return alert


def _seen(alert: Alert, actor: Actor) -> None:
    alert.acknowledged_at, alert.acknowledged_by = now(), actor
    alert.state = Alert.State.ACKNOWLEDGED
    limit = rules.escalation().of(alert.source, alert.urgency).ack_timeout_s
    alert.next_at = now() + timedelta(seconds=limit) if limit and not alert.group_id else None  # pyright: ignore
    alert.shelved_until = alert.shelved_by = None
    alert.save()


@system_read("whoever has seen the first of a group has seen the group")
def _waiting_under(alert: Alert) -> list[Alert]:
    rows = Alert.objects.select_for_update().filter(group_id=alert.pk, acknowledged_at=None)
    return list(rows.filter(state__in=Alert.WAITING))


@transaction.atomic
def respond(*, actor: Actor, alert: Alert) -> Alert:
    """A person is at it; they are the one who is asked from here on."""
    alert = handled(actor, alert)
    named_person(actor)
    if alert.state == Alert.State.RESPONDING and alert.assigned_to_id == actor.pk:  # pyright: ignore
        return alert
    if alert.acknowledged_at is None:
        alert = acknowledge(actor=actor, alert=alert)
    alert.state, alert.responding_at = Alert.State.RESPONDING, now()
    alert.assigned_to, alert.next_at = actor, None
    alert.save()
    tell(alert, "responding", f"{actor} responds to the alert: {alert.title}", actor)
    return alert


@transaction.atomic
def handle_many(
    *, actor: Actor, alerts: Iterable[Alert], dismiss_reason: str | None = None
) -> tuple[list[Alert], list[tuple[Alert, str]]]:
    """Acknowledge several, or dismiss them for one reason. One refused does not stop the others."""
    done, refused = [], []
    for alert in alerts:
        try:
            if dismiss_reason is None:
                done.append(acknowledge(actor=actor, alert=alert))
            else:
                done.append(dismiss(actor=actor, alert=alert, reason=dismiss_reason))
        except Refused as why:
            refused.append((alert, str(why)))
    return done, refused


@transaction.atomic
def assign(*, actor: Actor, alert: Alert, to: User) -> Alert:
    """Give it to a member, who is asked too until they answer; who takes it responds."""
    if to == actor:
        return respond(actor=actor, alert=alert)
    alert = handled(actor, alert)
    if role_in(to, alert.compartment_id) not in roles_for("alert.handle"):
        raise Refused(
            f"{to} does not handle alerts of this operation",
            where=alert.operation.slug,
            mend="Choose a member who is detail leader, officer, analyst or operator.",
        )
    alert.assigned_to = to
    if alert.state == Alert.State.RESPONDING:
        alert.state, alert.responding_at = Alert.State.ACKNOWLEDGED, None
    alert.save()
    tell(alert, "assigned", f"Alert assigned to {to}: {alert.title}", actor)
    return alert


@transaction.atomic
def dismiss(*, actor: Actor, alert: Alert, reason: str) -> Alert:
    """It needs nobody. The reason is kept, and the same cause does not ask again."""
    alert = handled(actor, alert)
    named_person(actor)
    _not_by_one_click(alert)
    if not reason.strip():
        raise Refused("An alert is dismissed for a reason", where="reason")
    return end(alert, Alert.State.CANCELLED, reason, actor)


@transaction.atomic
def close(*, actor: Actor, alert: Alert, reason: str = "") -> Alert:
    """What it asked for is done."""
    alert = handled(actor, alert)
    _not_by_one_click(alert)
    return end(alert, Alert.State.RESOLVED, reason, actor)


def _not_by_one_click(alert: Alert) -> None:
    if alert.unsuppressed:
        raise Refused(
            "This alert ends with what raised it",
            where=alert.code,
            mend="Cancel or resolve the duress call or the missed check call itself.",
        )


@transaction.atomic
def report_nuisance(*, actor: Actor, alert: Alert, words: str = "") -> NuisanceReport:
    """This should not have asked a person; counted on the page of the alarm load. Once each."""
    named_person(actor)
    mine = Alert.objects.visible_to(actor, "alert.handle").select_for_update(of=("self",))
    alert = mine.get(pk=alert.pk)
    before = NuisanceReport.objects.visible_to(actor).filter(alert=alert, by=actor).first()
    if before is not None:
        return before
    report = NuisanceReport(
        compartment_id=alert.compartment_id, key_id=alert.key_id, alert=alert, by=actor
    )
    report.words = words.strip()[:400]
    report.save(force_insert=True)
    tell(alert, "nuisance", f"Alert reported as a nuisance: {alert.title}", actor)
    return report
