"""``varangian incident ...``"""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from varangian.operations.people import member_by_email
from varangian.platform.ui import console

from ..library import incident_kinds
from ..printing import incident_pdf
from ..queries import incidents
from ..services import casualty as cards
from ..services import incidents as services
from ..shapes import incidents as shapes

incident = typer.Typer(help="Incidents: report, command, work, report on.", no_args_is_help=True)
groups = {"incident": incident}
COLUMNS = ("operation", "serial", "severity", "state", "title", "commander", "drill")
Text = Annotated[str, typer.Option()]
Serial = Annotated[int, typer.Argument(help="number of the incident")]


def _one(actor: Any, operation: str, serial: int) -> Any:
    found = incidents.operation_for(actor, operation)
    return incidents.incident_numbered(actor, found, serial)


@incident.command("kinds")
def list_kinds(as_json: console.AsJson = False) -> None:
    """What can be reported, with its first tasks and people to tell."""
    rows = [
        {
            "kind": kind.id,
            "title": kind.title,
            "severity": kind.severity,
            "tasks": len(kind.tasks),
            "tell": len(kind.tell),
        }
        for kind in incident_kinds().kinds
    ]
    console.emit(rows, as_json, ("kind", "title", "severity", "tasks", "tell"))


@incident.command("list")
def list_incidents(
    operation: Annotated[str, typer.Argument()] = "", as_json: console.AsJson = False
) -> None:
    """Of one operation, or the open ones of all."""
    with console.unit() as actor:
        found = incidents.operation_for(actor, operation) if operation else None
        rows = incidents.incidents(actor, found, view="all" if operation else "open")[:200]
        held = incidents.commanders(actor, list(rows))
        shown = [shapes.incident_shape(row, held.get(row.pk)) for row in rows]
    console.emit(shown, as_json, COLUMNS)


@incident.command("report")
def report(
    operation: str,
    title: str,
    kind: Annotated[str, typer.Option(help="see varangian incident kinds")] = "other",
    severity: Text = "",
    where: Text = "",
    summary: Text = "",
    started: Annotated[datetime | None, typer.Option(help="in the operation's zone")] = None,
    drill: Annotated[bool, typer.Option("--drill", help="an exercise")] = False,
    as_json: console.AsJson = False,
) -> None:
    """Open an incident with the first tasks and the people to tell of its kind."""
    with console.unit("report an incident") as actor:
        found = incidents.operation_for(actor, operation, "incident.report")
        made = services.report_incident(
            actor=actor,
            operation=found,
            kind=kind,
            title=title,
            severity=severity,
            where=where,
            summary=summary,
            started_at=console.in_zone(started, found.time_zone),
            drill=drill,
        )
        row = shapes.whole_shape(actor, made)
    console.emit(row, as_json)


@incident.command("show")
def show(operation: str, serial: Serial, as_json: console.AsJson = False) -> None:
    """Everything of one incident that you may see."""
    with console.unit() as actor:
        row = shapes.whole_shape(actor, _one(actor, operation, serial))
    console.emit(row, as_json)


@incident.command("timeline")
def timeline(operation: str, serial: Serial, as_json: console.AsJson = False) -> None:
    """The log round an incident."""
    with console.unit() as actor:
        rows = shapes.timeline_shape(actor, _one(actor, operation, serial))
    console.emit(rows, as_json, ("serial", "at", "author", "event"))


@incident.command("figures")
def figures(operation: str, serial: Serial, as_json: console.AsJson = False) -> None:
    """Time to detect, notify, acknowledge, arrive, secure; with the entries they rest on."""
    with console.unit() as actor:
        rows = shapes.figures_shape(actor, _one(actor, operation, serial))
    console.emit(rows, as_json, ("words", "seconds", "entries"))


@incident.command("state")
def set_state(
    operation: str,
    serial: Serial,
    state: Annotated[str, typer.Argument(help="active, contained, handed_over or closed")],
    note: Text = "",
    to: Annotated[str, typer.Option(help="service that leads from now on")] = "",
    as_json: console.AsJson = False,
) -> None:
    """One step of its life."""
    with console.unit("change the state of an incident") as actor:
        done = services.set_state(
            actor=actor,
            incident=_one(actor, operation, serial),
            state=state,
            note=note,
            handed_to=to,
        )
        row = shapes.incident_shape(done, incidents.commander(actor, done))
    console.emit(row, as_json)


@incident.command("take")
def take_command(
    operation: str, serial: Serial, reason: Text = "", as_json: console.AsJson = False
) -> None:
    """Take command; from somebody who has it only with --reason."""
    with console.unit("take command of an incident") as actor:
        found = _one(actor, operation, serial)
        services.take_command(actor=actor, incident=found, reason=reason)
        row = shapes.incident_shape(found, incidents.commander(actor, found))
    console.emit(row, as_json)


@incident.command("offer")
def offer_command(
    operation: str, serial: Serial, email: str, brief: str, as_json: console.AsJson = False
) -> None:
    """Offer command with a briefing; you keep it until the other accepts."""
    with console.unit("hand over command of an incident") as actor:
        found = _one(actor, operation, serial)
        to = member_by_email(actor, found.operation, email)
        services.offer_command(actor=actor, incident=found, to=to, brief=brief)
        row = shapes.incident_shape(found, incidents.commander(actor, found))
    console.emit(row, as_json)


@incident.command("accept")
def accept_command(operation: str, serial: Serial, as_json: console.AsJson = False) -> None:
    """Accept command that was offered to you."""
    with console.unit("accept command of an incident") as actor:
        found = _one(actor, operation, serial)
        services.accept_command(actor=actor, incident=found)
        row = shapes.incident_shape(found, incidents.commander(actor, found))
    console.emit(row, as_json)


@incident.command("arrived")
def arrived(operation: str, serial: Serial, as_json: console.AsJson = False) -> None:
    """You are on the scene."""
    with console.unit("arrive at an incident") as actor:
        found = services.first_arrival(actor=actor, incident=_one(actor, operation, serial))
        row = shapes.incident_shape(found)
    console.emit(row, as_json)


@incident.command("task")
def task(
    operation: str,
    serial: Serial,
    title: Annotated[str, typer.Argument(help="a new task, or the number of one")],
    done: Annotated[bool, typer.Option("--done")] = False,
    owner: Annotated[str, typer.Option(help="e-mail")] = "",
    note: Text = "",
    as_json: console.AsJson = False,
) -> None:
    """Add a task, or end one by its number with --done."""
    with console.unit("work on an incident") as actor:
        found = _one(actor, operation, serial)
        if done:
            one = incidents.task_numbered(actor, found, console.serial(title))
            made = services.end_task(actor=actor, task=one, note=note)
        else:
            who = member_by_email(actor, found.operation, owner) if owner else None
            made = services.add_task(actor=actor, incident=found, title=title, owner=who)
        row = shapes.task_shape(made)
    console.emit(row, as_json)


@incident.command("told")
def told(
    operation: str,
    serial: Serial,
    number: Annotated[int, typer.Argument(help="number in the notification tree")],
    result: Annotated[str, typer.Option(help="reached, no_answer or not_needed")] = "reached",
    note: Text = "",
    as_json: console.AsJson = False,
) -> None:
    """What came of a call."""
    with console.unit("record a notification") as actor:
        found = _one(actor, operation, serial)
        one = incidents.notification_numbered(actor, found, number)
        done = services.record_notification(actor=actor, notification=one, result=result, note=note)
        row = shapes.told_shape(done)
    console.emit(row, as_json)


@incident.command("evidence")
def evidence(
    operation: str, serial: Serial, file: Path, note: Text = "", as_json: console.AsJson = False
) -> None:
    """Keep a file; its SHA-256 goes into the log."""
    data = console.read_file(file, limit=services.EVIDENCE_BYTES)
    with console.unit("keep evidence") as actor:
        found = _one(actor, operation, serial)
        made = services.add_evidence(
            actor=actor, incident=found, data=data, name=file.name, note=note
        )
        row = shapes.exhibit_shape(made)
    console.emit(row, as_json)


@incident.command("casualty")
def casualty(
    operation: str,
    serial: Serial,
    who: str,
    set_: Annotated[
        list[str] | None, typer.Option("--set", help="field=value, such as avpu=V; repeat")
    ] = None,
    priority: Text = "",
    as_json: console.AsJson = False,
) -> None:
    """Begin a casualty card, or write on C1, C2 ... with --set."""
    with console.unit("write a casualty card") as actor:
        found = _one(actor, operation, serial)
        rows = incidents.casualties(actor, found)
        known = rows.filter(serial=int(who[1:])).first() if who[1:].isdecimal() else None
        card = known or cards.add_casualty(actor=actor, incident=found, who=who)
        given = {name: value for pair in set_ or () for name, _, value in [pair.partition("=")]}
        if given:
            cards.write_casualty(actor=actor, casualty=card, priority=priority, **given)
        row = shapes.casualty_shape(actor, card)
    console.emit(row, as_json)


@incident.command("review")
def review(
    operation: str,
    serial: Serial,
    happened: str,
    well: Text = "",
    improve: Text = "",
    as_json: console.AsJson = False,
) -> None:
    """The last word on a closed incident."""
    with console.unit("review an incident") as actor:
        found = _one(actor, operation, serial)
        done = services.review_incident(
            actor=actor, incident=found, happened=happened, well=well, improve=improve
        )
        row = shapes.incident_shape(done)
    console.emit(row, as_json)


@incident.command("print")
def print_report(operation: str, serial: Serial, out: Path) -> None:
    """The report as PDF."""
    with console.unit("print an incident report") as actor:
        pdf = incident_pdf(actor, _one(actor, operation, serial))
    out.write_bytes(pdf)
    console.say(f"{out}: {len(pdf) // 1024} kB")
