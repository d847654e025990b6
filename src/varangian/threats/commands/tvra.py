"""``varangian tvra ...``"""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from varangian.kernel.results import Refused
from varangian.operations import queries as operations
from varangian.operations.people import member_by_email
from varangian.platform.access.scope import Actor
from varangian.platform.ui import console

from .. import tvra_printing
from ..queries import tvra as queries
from ..services import tvra as services
from ..shapes.tvra import answer_shape, change_shape, check_shapes, told, tvra_row, tvra_shape
from ..tvra_rules import differences

tvra = typer.Typer(help="Threat, vulnerability and risk assessments (TVRA).", no_args_is_help=True)
groups = {"tvra": tvra}
Time = Annotated[datetime | None, typer.Option(help="in the operation's time zone")]
Version = Annotated[int | None, typer.Option("--version", help="the newest when left out")]
COLUMNS = ("serial", "version", "state", "kind", "subject", "approved_by", "valid_until")


@tvra.command("list")
def list_tvras(
    operation: str,
    view: Annotated[str, typer.Option(help="current, drafts, superseded or all")] = "current",
    as_json: console.AsJson = False,
) -> None:
    """Assessments of an operation, the newest first."""
    if view not in queries.VIEWS:
        raise Refused("There is no such view", where=view, mend=", ".join(queries.VIEWS))
    with console.unit() as actor:
        found = queries.operation_with_tvras(actor, operation)
        rows = [tvra_row(row) for row in queries.tvras(actor, found, view)]
    console.emit(rows, as_json, COLUMNS)


@tvra.command("show")
def show(
    operation: str, serial: str, version: Version = None, as_json: console.AsJson = False
) -> None:
    """One version with its risks, treatments, counts of answers, and what changed since."""
    with console.unit() as actor:
        row = tvra_shape(actor, _found(actor, operation, serial, version))
    console.emit(row, as_json)


@tvra.command("draft")
def draft(
    operation: str,
    kind: Annotated[str, typer.Argument(help="principal, residence, office, event or trip")],
    place: Annotated[str, typer.Option(help="short name or id of a place")] = "",
    leg: Annotated[int | None, typer.Option(help="number of a leg, for a trip")] = None,
    title: str = "",
    client_title: str = "",
    template: str = "",
    handling: str = "",
    review_due: Time = None,
    valid_until: Time = None,
    as_json: console.AsJson = False,
) -> None:
    """Draft one from the register. Needs --as."""
    with console.unit() as actor:
        found = queries.operation_with_tvras(actor, operation)
        zone = found.time_zone
        fields = {
            "client_title": client_title,
            "template": template,
            "handling": handling,
            "review_due": console.in_zone(review_due, zone),
            "valid_until": console.in_zone(valid_until, zone),
        }
        made = services.draft_tvra(
            actor=actor,
            operation=found,
            kind=kind,
            title=title,
            place=_place(actor, found, place),
            movement=_leg(actor, found, leg),
            **{name: value for name, value in fields.items() if value},
        )
        row = tvra_shape(actor, made)
    console.emit(row, as_json)


@tvra.command("change")
def change(
    operation: str,
    serial: str,
    title: Annotated[str | None, typer.Option()] = None,
    scope: Annotated[str | None, typer.Option()] = None,
    summary: Annotated[str | None, typer.Option()] = None,
    conclusion: Annotated[str | None, typer.Option()] = None,
    client_title: Annotated[str | None, typer.Option()] = None,
    as_json: console.AsJson = False,
) -> None:
    """The words of a draft. Needs --as."""
    given = {
        "title": title,
        "scope": scope,
        "summary": summary,
        "conclusion": conclusion,
        "client_title": client_title,
    }
    with console.unit() as actor:
        found = _found(actor, operation, serial)
        words = {name: value for name, value in given.items() if value is not None}
        row = tvra_row(services.change_tvra(actor=actor, tvra=found, **words))
    console.emit(row, as_json)


@tvra.command("refresh")
def refresh(operation: str, serial: str, as_json: console.AsJson = False) -> None:
    """Read the register into a draft anew. Needs --as."""
    with console.unit() as actor:
        found = _found(actor, operation, serial)
        row = tvra_shape(actor, services.refresh_tvra(actor=actor, tvra=found))
    console.emit(row, as_json)


@tvra.command("version")
def further(operation: str, serial: str, as_json: console.AsJson = False) -> None:
    """Begin the version that will supersede the approved one. Needs --as."""
    with console.unit() as actor:
        found = _found(actor, operation, serial)
        row = tvra_shape(actor, services.next_version(actor=actor, tvra=found))
    console.emit(row, as_json)


@tvra.command("check")
def check(
    operation: str,
    serial: str,
    item: Annotated[str, typer.Argument(help="without one: all checks")] = "",
    answer: Annotated[
        str, typer.Argument(help="met, partly, not_met, not_applicable or unknown")
    ] = "",
    note: str = "",
    seen_at: Time = None,
    photo: Annotated[Path | None, typer.Option()] = None,
    as_json: console.AsJson = False,
) -> None:
    """List the checks, or answer one. Answering needs --as."""
    with console.unit() as actor:
        found = queries.operation_with_checks(actor, operation)
        number = console.serial(serial)
        row = queries.tvra_numbered(actor, found, number, action="tvra.check")
        if not item:
            console.emit(check_shapes(actor, row), as_json, ("item", "answer", "by", "ask"))
            return
        made = services.answer_check(
            actor=actor,
            tvra=row,
            item=item,
            answer=answer,
            note=note,
            seen_at=console.in_zone(seen_at, found.time_zone),
            data=console.read_file(photo) if photo else None,
            name=photo.name if photo else "",
        )
        shown = {"item": item, **answer_shape(made)}
    console.emit(shown, as_json)


@tvra.command("judge")
def judge(
    operation: str,
    serial: str,
    line: Annotated[str, typer.Argument(help="such as R3")],
    reason: Annotated[str, typer.Option()],
    likelihood: int | None = None,
    impact: int | None = None,
    confidence: str = "low",
    weighs: Annotated[list[str] | None, typer.Option(help="a check; repeat")] = None,
    leave_out: bool = False,
    as_json: console.AsJson = False,
) -> None:
    """Judge one risk, or leave a line out with the reason. Needs --as."""
    with console.unit() as actor:
        found = _found(actor, operation, serial)
        row = queries.line(actor, found, line)
        if leave_out:
            services.leave_out(actor=actor, line=row, reason=reason)
        elif likelihood is None or impact is None:
            raise Refused("Choose likelihood and impact", mend="--likelihood 3 --impact 4")
        else:
            services.judge_line(
                actor=actor,
                line=row,
                likelihood=likelihood,
                impact=impact,
                reason=reason,
                confidence=confidence,
                weighs=weighs or [],
            )
        shown = tvra_shape(actor, found)
    console.emit(shown, as_json)


@tvra.command("treat")
def treat(
    operation: str,
    serial: str,
    line: str,
    title: str,
    owner: Annotated[str, typer.Option(metavar="EMAIL")],
    due: Annotated[datetime, typer.Option(help="in the operation's time zone")],
    likelihood: Annotated[int, typer.Option(help="that is left")],
    impact: Annotated[int, typer.Option(help="that is left")],
    task: str = "",
    as_json: console.AsJson = False,
) -> None:
    """Add a treatment; approved it becomes a measure of the plan. Needs --as."""
    with console.unit() as actor:
        found = _found(actor, operation, serial)
        services.add_treatment(
            actor=actor,
            line=queries.line(actor, found, line),
            title=title,
            task=task,
            owner=member_by_email(actor, found.operation, owner),
            due=console.in_zone(due, found.operation.time_zone) or due,
            residual_likelihood=likelihood,
            residual_impact=impact,
        )
        shown = tvra_shape(actor, found)
    console.emit(shown, as_json)


@tvra.command("submit")
def submit(operation: str, serial: str, as_json: console.AsJson = False) -> None:
    """Send a draft in for review. Needs --as."""
    with console.unit() as actor:
        found = _found(actor, operation, serial)
        row = tvra_row(services.submit_tvra(actor=actor, tvra=found))
    console.emit(row, as_json)


@tvra.command("return")
def send_back(operation: str, serial: str, reason: str, as_json: console.AsJson = False) -> None:
    """Return it to its drafter with what is wanted. Needs --as."""
    with console.unit() as actor:
        found = _found(actor, operation, serial)
        row = tvra_row(services.return_tvra(actor=actor, tvra=found, reason=reason))
    console.emit(row, as_json)


@tvra.command("approve")
def approve(operation: str, serial: str, as_json: console.AsJson = False) -> None:
    """Sign it as a second person. Needs --as."""
    with console.unit() as actor:
        found = _found(actor, operation, serial)
        row = tvra_row(services.approve_tvra(actor=actor, tvra=found))
    console.emit(row, as_json)


@tvra.command("since")
def since(
    operation: str, serial: str, version: Version = None, as_json: console.AsJson = False
) -> None:
    """What the register says otherwise than when it was read into it."""
    with console.unit() as actor:
        found = _found(actor, operation, serial, version)
        rows = [change_shape(one) for one in queries.since(actor, found)]
    console.emit(rows, as_json, ("label", "words"))


@tvra.command("compare")
def compare(
    operation: str,
    serial: str,
    version: Version = None,
    against: Annotated[int | None, typer.Option(help="the version before when left out")] = None,
    as_json: console.AsJson = False,
) -> None:
    """What is otherwise in one version than in another."""
    with console.unit() as actor:
        found = _found(actor, operation, serial, version)
        old = queries.other_version(actor, found, against)
        rows = [
            {"part": one.part, "what": one.what, "old": one.before, "new": one.after}
            for one in differences(told(actor, old), told(actor, found))
            if not one.same
        ]
    console.emit(rows, as_json, ("part", "what", "old", "new"))


@tvra.command("report")
def report(
    operation: str,
    serial: str,
    out: Annotated[Path, typer.Option(help="where the PDF goes")],
    version: Version = None,
    template: Annotated[str, typer.Option(help="full, brief or survey")] = "",
) -> None:
    """Print one version as PDF. Needs --as."""
    with console.unit() as actor:
        found = _found(actor, operation, serial, version)
        data = tvra_printing.report_pdf(actor, found, template)
    out.write_bytes(data)
    console.say(f"{found.named}: {out}")


def _found(actor: Actor, operation: str, serial: str, version: int | None = None) -> Any:
    found = queries.operation_with_tvras(actor, operation)
    return queries.tvra_numbered(actor, found, console.serial(serial), version)


def _place(actor: Actor, operation: Any, named: str) -> Any:
    if not named:
        return None
    for row in queries.places_for(actor, operation):
        if named in (row.slug, str(row.pk)):
            return row
    known = ", ".join(row.slug for row in queries.places_for(actor, operation)[:8])
    raise Refused("There is no such place here", where=named, mend=f"There is: {known}.")


def _leg(actor: Actor, operation: Any, number: int | None) -> Any:
    if number is None:
        return None
    found = operations.movements(actor, operation).filter(serial=number).first()
    if found is None:
        raise Refused("There is no such leg", where=str(number))
    return found
