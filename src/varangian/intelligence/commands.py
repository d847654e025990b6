"""``varangian feed|signal ...``"""

from pathlib import Path
from typing import Annotated

import typer

from varangian.alerts import queries as alert_queries
from varangian.alerts.shapes import shape as alert_shape
from varangian.kernel.words import plural
from varangian.platform.ui import console

from . import queries, services
from .services.connectors import catalogue
from .shapes import connector_shape, import_shape, signal_shape

feed = typer.Typer(help="Public hazard feeds.", no_args_is_help=True)
signal = typer.Typer(help="What the feeds said.", no_args_is_help=True)
groups = {"feed": feed, "signal": signal}


@feed.command("import")
def import_feed(
    file: Path,
    kind: Annotated[str, typer.Option(help="gdacs, usgs, cap, geojson or auto")] = "auto",
    as_json: console.AsJson = False,
) -> None:
    """Read a feed file; what touches a movement becomes an alert, the rest is counted."""
    data = console.read_file(file)
    with console.unit() as actor:
        record = services.import_feed(actor=actor, data=data, kind=kind, name=file.name)
        touched = alert_queries.of_signals(actor, [s.pk for s in record.signals.all()])
        row = import_shape(record) | {"alerts": [alert_shape(alert) for alert in touched]}
    for problem in record.problems:
        console.say(f"{problem['where']}: {problem['what']}. {problem['mend']}")
    found = plural(len(touched), "alert")
    if record.matching_job is not None:
        found = f"matching is queued as job {record.matching_job}, its alerts come on the Board"
    console.say(
        f"{plural(record.counts['items'], 'item')} read as {record.kind}, "
        f"{found}, {plural(len(record.problems), 'problem')}"
    )
    console.emit(row, True) if as_json else console.emit(
        row["alerts"], False, ("urgency", "minutes", "title")
    )


@feed.command("list")
def list_feeds(as_json: console.AsJson = False) -> None:
    """Connectors: those known and those switched on, with their health."""
    with console.unit() as actor:
        rows = {row.name: connector_shape(row) for row in queries.connectors(actor)}
    known = [
        {"name": n, "kind": e["kind"], "url": e["url"], "enabled": False}
        for n, e in catalogue().items()
        if n not in rows
    ]
    columns = ("name", "kind", "enabled", "last_good_at", "failures", "last_error")
    console.emit([*rows.values(), *known], as_json, columns)


@feed.command()
def on(name: str, url: str = "", kind: str = "", as_json: console.AsJson = False) -> None:
    """Switch a connector on; the house then calls its address."""
    with console.unit() as actor:
        row = connector_shape(services.switch(actor=actor, name=name, on=True, url=url, kind=kind))
    console.emit(row, as_json)


@feed.command()
def off(name: str, as_json: console.AsJson = False) -> None:
    """Switch a connector off."""
    with console.unit() as actor:
        row = connector_shape(services.switch(actor=actor, name=name, on=False))
    console.emit(row, as_json)


@signal.command("list")
def list_signals(kind: str = "", state: str = "active", as_json: console.AsJson = False) -> None:
    """Signals, the newest first."""
    with console.unit() as actor:
        rows = [signal_shape(row) for row in queries.signals(actor, kind=kind, state=state)]
    console.emit(rows, as_json, ("kind", "band", "starts", "expires", "title"))
