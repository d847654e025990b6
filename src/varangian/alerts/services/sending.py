"""Carry deliveries to devices: at the commit in the process that committed, and by the tick.

Both ways take the row first, so a device hears of a step once. A process that dies between taking
and sending leaves a row that is due again when its time to send has passed.
"""

import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import Error, connection, transaction

from varangian.kernel.clock import now
from varangian.platform.access.context import acting, current_actor
from varangian.platform.access.scope import SYSTEM, Actor, system_read
from varangian.platform.access.stage import exercising
from varangian.platform.crypto import keys

from .. import rules
from ..channels import messages, push
from ..channels.catalogue import PUSH, check, service_named
from ..channels.words import Call, Undelivered
from ..models import Alert, Delivery, PersonalChannel, PushIdentity, PushSubscription
from .switches import hosts_of

log = structlog.get_logger()
THREADS = 12
TAKEN_S = 30
"""A row that was taken and not settled is taken again after so long."""
BATCH = 200
_pool = ThreadPoolExecutor(THREADS, thread_name_prefix="alerts")
_rushing = ThreadPoolExecutor(4, thread_name_prefix="alerts-now")
_flying: set[UUID] = set()
_lock = threading.Lock()


@contextmanager
def _in_thread(who: Actor, *, exercise: bool):
    """A thread has a connection of its own, in the name of whoever committed."""
    try:
        with acting(who, purpose="deliver alerts", exercise=exercise):
            yield
    finally:
        if not connection.in_atomic_block:
            connection.close()


@contextmanager
def _left_to_the_tick() -> Iterator[None]:
    """A process that is ending takes no work; the worker does what it committed."""
    try:
        yield
    except RuntimeError:
        log.info("the worker carries what this process cannot: it is ending")


def rush(alert: UUID) -> None:
    """Take the first step now, in this process, without waiting for the tick."""
    with _left_to_the_tick():
        _rushing.submit(_rush, alert, current_actor(), exercising())


def _rush(alert: UUID, who: Actor, exercise: bool) -> None:
    from .engine import take

    try:
        with _in_thread(who, exercise=exercise):
            take(alert)
    except Exception as error:
        log.warning("the tick takes this alert", alert=str(alert), error=type(error).__name__)


def after_commit(deliveries: list[UUID]) -> None:
    if deliveries:
        transaction.on_commit(partial(_submit, deliveries, current_actor(), exercising()))


@system_read("the house sends what waits, whoever it is for")
def sweep() -> int:
    """What nobody has sent yet, and what is to be tried again."""
    rows = Delivery.objects.filter(
        state__in=(Delivery.State.DUE, Delivery.State.SENDING), due_at__lte=now()
    )
    found = list(rows.order_by("due_at").values_list("pk", flat=True)[:BATCH])
    transaction.on_commit(partial(_submit, found, SYSTEM, False))
    return len(found)


def _submit(deliveries: Iterable[UUID], who: Actor, exercise: bool) -> None:
    with _lock:
        fresh = [pk for pk in deliveries if pk not in _flying]
        _flying.update(fresh)
    with _left_to_the_tick():
        for pk in fresh:
            _pool.submit(_carry, pk, who, exercise)


def _carry(delivery: UUID, who: Actor, exercise: bool) -> None:
    try:
        with _in_thread(who, exercise=exercise):
            packed = claim(delivery)
        if packed is not None:
            fault = _sent(packed)
            with _in_thread(who, exercise=exercise):
                record(delivery, fault)
    except Error as error:
        log.warning("a delivery waits for the database", error=type(error).__name__)
    except Exception:
        log.exception("a delivery failed", delivery=str(delivery))
    finally:
        with _lock:
            _flying.discard(delivery)


@system_read("the house sends what waits, whoever it is for")
def claim(pk: UUID) -> tuple[Any, ...] | None:
    """Mark it as being sent; None when another has it or nobody needs it any more."""
    rows = Delivery.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        pk=pk, state__in=(Delivery.State.DUE, Delivery.State.SENDING), due_at__lte=now()
    )
    row = rows.select_related("alert__compartment").first()
    if row is None:
        return None
    if row.alert.state not in Alert.WAITING:
        row.state = Delivery.State.DROPPED
        row.save(update_fields=["state"])
        return None
    row.state, row.attempts = Delivery.State.SENDING, row.attempts + 1
    row.due_at = now() + timedelta(seconds=TAKEN_S)
    row.save(update_fields=["state", "attempts", "due_at"])
    return parcel(row.channel, row.target, call_of(row.alert))


def call_of(alert: Alert) -> Call:
    return Call(
        code=alert.code,
        path=f"/alerts/{alert.pk}/",
        urgent=alert.urgency == Alert.Urgency.NOW,
        exercise=alert.compartment.exercise,
    )


@system_read("the house knows the devices of those it asks")
def parcel(channel: str, target: UUID | None, call: Call) -> tuple[Any, ...]:
    """All that sending needs, so that no row is held while a slow service answers."""
    if channel == Delivery.Channel.PUSH:
        row = PushSubscription.objects.filter(pk=target).first()
        if row is None:
            return ("gone",)
        browser = push.Browser(row.endpoint, row.p256dh, row.auth)
        return ("push", browser, call, PushIdentity.objects.get().private, hosts_of(PUSH))
    address = PersonalChannel.objects.filter(pk=target).first()
    if address is None:
        return ("gone",)
    return ("message", address.service, address.url, call, hosts_of(address.service))


def _sent(packed: tuple[Any, ...]) -> Undelivered | None:
    try:
        send(packed)
    except Undelivered as fault:
        return fault
    except Exception as error:
        return Undelivered(type(error).__name__)
    return None


def send(packed: tuple[Any, ...]) -> None:
    """Out over somebody else's wire; raises Undelivered."""
    kind, *rest = packed
    if kind == "gone":
        raise Undelivered("the device is gone", gone=True)
    if kind == "push":
        browser, call, private, hosts = rest
        _allowed(PUSH, browser.endpoint, hosts)
        push.send(browser, call, private=private, contact=settings.PUSH_CONTACT)
    else:
        service, url, call, hosts = rest
        _allowed(service, url, hosts)
        messages.send(url, call)


def _allowed(service: str, url: str, hosts: list[str] | None) -> None:
    if hosts is None:
        raise Undelivered("switched off")
    try:
        check(service_named(service), url, hosts)
    except Exception as error:
        raise Undelivered("this server may not be called", gone=False) from error


@system_read("the house writes down what became of it")
def record(pk: UUID, fault: Undelivered | None) -> None:
    row = Delivery.objects.select_for_update().get(pk=pk)
    waits = rules.load().retry_s
    if fault is None:
        row.state, row.sent_at, row.error = Delivery.State.SENT, now(), ""
    else:
        row.error = fault.why
        if fault.gone or row.attempts > len(waits):
            row.state = Delivery.State.FAILED
        else:
            row.state = Delivery.State.DUE
            row.due_at = now() + timedelta(seconds=waits[row.attempts - 1])
    row.save(update_fields=["state", "sent_at", "error", "due_at"])
    _remember(row, fault)


@system_read("a device shows its owner how it does")
def _remember(row: Delivery, fault: Undelivered | None) -> None:
    model = PushSubscription if row.channel == Delivery.Channel.PUSH else PersonalChannel
    device = model.objects.filter(pk=row.target)
    if fault is None:
        device.update(last_sent_at=row.sent_at, last_error="")
    elif fault.gone and row.channel == Delivery.Channel.PUSH:
        lost = list(device.values_list("key_id", flat=True))
        device.delete()
        for key in lost:
            keys.destroy(key)
    else:
        device.update(last_error=fault.why)
