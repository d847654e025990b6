"""``varangian alert ...``"""

from typing import Annotated, Literal
from uuid import UUID

import typer

from varangian.kernel.results import Refused
from varangian.platform.ui import console

from . import queries, services
from .shapes import channel_shape, delivery_shape, load_shape, shape

alert = typer.Typer(help="What waits for a person.", no_args_is_help=True)
channel = typer.Typer(help="Ways out of the house, and your own addresses.", no_args_is_help=True)
groups = {"alert": alert, "channel": channel}


@alert.command("list")
def list_alerts(
    as_json: console.AsJson = False,
    view: Literal["open", "mine", "shelved", "standing", "closed", "all"] = "open",
    operation: str = "",
) -> None:
    """Alerts, the most urgent first."""
    with console.unit() as actor:
        rows = [shape(row) for row in queries.alerts(actor, view=view, operation=operation)]
    console.emit(rows, as_json, ("id", "urgency", "state", "operation", "title", "raised_at"))


@alert.command()
def ack(pks: list[UUID], as_json: console.AsJson = False) -> None:
    """Acknowledge one or several: a person has seen them."""
    _handle(pks, as_json)


@alert.command()
def dismiss(
    pks: list[UUID],
    reason: Annotated[str, typer.Option(help="why it needs nobody")],
    as_json: console.AsJson = False,
) -> None:
    """They need nobody; the same cause does not ask again."""
    _handle(pks, as_json, reason)


@alert.command()
def respond(pk: UUID, as_json: console.AsJson = False) -> None:
    """You are at it: it asks nobody else."""
    with console.unit() as actor:
        row = shape(services.respond(actor=actor, alert=queries.alert(actor, pk)))
    console.emit(row, as_json)


@alert.command()
def shelve(
    pk: UUID,
    minutes: Annotated[int, typer.Option(help="for how long")],
    reason: Annotated[str, typer.Option(help="why it may wait")],
    as_json: console.AsJson = False,
) -> None:
    """Put it off; it comes back by itself. Refused for duress and dead man."""
    with console.unit() as actor:
        found = queries.alert(actor, pk)
        row = shape(services.shelve(actor=actor, alert=found, minutes=minutes, reason=reason))
    console.emit(row, as_json)


@alert.command()
def nuisance(pk: UUID, words: str = "", as_json: console.AsJson = False) -> None:
    """It should not have asked a person."""
    with console.unit() as actor:
        found = queries.alert(actor, pk)
        services.report_nuisance(actor=actor, alert=found, words=words)
        row = shape(found)
    console.emit(row, as_json)


@alert.command("who")
def who(pk: UUID, as_json: console.AsJson = False) -> None:
    """Who was told, over what, and how it went."""
    with console.unit() as actor:
        found = queries.alert(actor, pk)
        rows = [delivery_shape(row) for row in queries.deliveries(actor, found)]
    console.emit(rows, as_json, ("person", "channel", "state", "attempts", "latency_ms", "error"))


@alert.command("load")
def load(days: int = 7, operation: str = "", as_json: console.AsJson = False) -> None:
    """The alarm load, as EEMUA 191 counts it."""
    with console.unit() as actor:
        found = load_shape(queries.load(actor, days=min(max(days, 1), 90), operation=operation))
    console.emit(found, as_json)


@channel.command("list")
def list_channels(as_json: console.AsJson = False) -> None:
    """Your own addresses; at the console of the house, every service and its switch."""
    with console.unit() as actor:
        if actor.is_system:
            rows = [
                {
                    "service": row.service.id,
                    "on": row.on,
                    "hosts": row.row.hosts if row.row else [],
                    "by": row.row.by if row.row else "",
                }
                for row in queries.switches(actor)
            ]
        else:
            rows = [channel_shape(row) for row in queries.channels(actor)]
    shown = ("service", "on", "hosts", "by") if actor.is_system else ("id", "service", "label")
    console.emit(rows, as_json, shown)


@channel.command("on")
def channel_on(
    service: str,
    host: Annotated[list[str] | None, typer.Option(help="a server of your own")] = None,
    as_json: console.AsJson = False,
) -> None:
    """Let alerts leave the house by this service."""
    with console.unit() as actor:
        row = services.set_switch(actor=actor, service=service, on=True, hosts=host)
    console.emit({"service": row.service, "on": row.on, "hosts": row.hosts}, as_json)


@channel.command("off")
def channel_off(service: str, as_json: console.AsJson = False) -> None:
    """Nothing leaves by this service any more."""
    with console.unit() as actor:
        row = services.set_switch(actor=actor, service=service, on=False)
    console.emit({"service": row.service, "on": row.on, "hosts": row.hosts}, as_json)


@channel.command("add")
def channel_add(
    url: str,
    label: str = "",
    from_urgency: Literal["inform", "attention", "now"] = "now",
    as_json: console.AsJson = False,
) -> None:
    """An address of yours, at a service that is on."""
    with console.unit() as actor:
        row = channel_shape(
            services.add_channel(actor=actor, url=url, label=label, from_urgency=from_urgency)
        )
    console.emit(row, as_json)


@channel.command("remove")
def channel_remove(pk: UUID) -> None:
    """Take it away, and its key with it."""
    with console.unit() as actor:
        services.remove_channel(actor=actor, pk=pk)


@channel.command("try")
def channel_try(pk: UUID) -> None:
    """Send a test message to an address of yours."""
    with console.unit() as actor:
        fault = services.try_channel(actor=actor, pk=pk)
    if fault:
        raise Refused("The test did not go out", where=fault)
    console.say("The test is on its way")


def _handle(pks: list[UUID], as_json: bool, reason: str | None = None) -> None:
    with console.unit() as actor:
        found = queries.alerts_by_id(actor, pks)
        done, refused = services.handle_many(actor=actor, alerts=found, dismiss_reason=reason)
        rows = [shape(alert) for alert in done]
    if refused:
        raise Refused("; ".join(f"{alert.title}: {why}" for alert, why in refused))
    console.emit(rows if len(pks) > 1 else rows[0], as_json)
