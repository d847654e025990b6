"""``varangian crowd plan ...``: the crowd management plan of an operation."""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from varangian.kernel.results import Refused
from varangian.operations import queries as operations
from varangian.platform.ui import console

from .. import services
from ..plan import printing
from ..queries import plans as queries
from ..queries import venues
from ..shapes.plans import agreement_row, crowd_plan_row, gap_row

plan = typer.Typer(help="Crowd management plans of operations.", no_args_is_help=True)
Id = Annotated[UUID, typer.Argument(help="as crowd plan list tells")]
Out = Annotated[Path, typer.Option(help="file to write")]
Copy = Annotated[str, typer.Option(help="organiser, or team with the principal's part")]
COLUMNS = ("id", "venue", "version", "state", "signed_by", "in_force_at")


@plan.command("list")
def list_plans(operation: str, as_json: console.AsJson = False) -> None:
    """All versions, the latest first."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        rows = [crowd_plan_row(row) for row in queries.plans(actor, found)]
    console.emit(rows, as_json, COLUMNS)


@plan.command("draft")
def draft_plan(
    operation: str,
    venue: Annotated[UUID, typer.Option(help="as venue list tells")],
    as_json: console.AsJson = False,
) -> None:
    """The next version: of the one before, else prefilled from venue, standards and runs."""
    with console.unit() as actor:
        made = services.draft_plan(
            actor=actor, operation=operations.operation(actor, operation),
            venue=venues.plan(actor, venue),
        )  # fmt: skip
        row = crowd_plan_row(made)
    console.emit(row, as_json, COLUMNS)


@plan.command("show")
def show_plan(plan_id: Id, as_json: console.AsJson = False) -> None:
    """What it says, and what it still lacks."""
    with console.unit() as actor:
        found = queries.plan(actor, plan_id)
        gaps = [gap_row(gap) for gap in queries.gaps_of(found)]
        agreed = [agreement_row(row) for row in queries.agreements(actor, found)]
        fault = queries.fault(found) if found.signature else ""
        row = {**crowd_plan_row(found), "content": found.content, "gaps": gaps,
               "agreements": agreed, "newer": queries.newer(actor, found),
               "signature_fault": fault or None}  # fmt: skip
    if as_json:
        console.emit(row, True)
        return
    console.emit(gaps, False, ("section", "what", "bars_signature"))
    console.say(f"Version {row['version']}, {row['state']}{': ' + fault if fault else ''}")


@plan.command("write")
def write_plan(
    plan_id: Id,
    part: Annotated[str, typer.Argument(help="event, matrix, zones, show_stop, routes ...")],
    file: Annotated[Path, typer.Argument(help="JSON as crowd plan show --json has it")],
    saved: Annotated[int | None, typer.Option(help="refuse when it was saved since")] = None,
    as_json: console.AsJson = False,
) -> None:
    """Write one part of a draft from a file."""
    try:
        value: Any = json.loads(console.read_file(file))
    except ValueError as error:
        raise Refused("This is no JSON", str(file.name), "See crowd plan show --json.") from error
    with console.unit() as actor:
        found = queries.plan(actor, plan_id)
        made = services.write_plan(
            actor=actor, plan=found, section=part, value=value, expected=saved
        )
        row = crowd_plan_row(made)
    console.emit(row, as_json, COLUMNS)


@plan.command("refresh")
def refresh_plan(plan_id: Id, as_json: console.AsJson = False) -> None:
    """Today's drawing and figures; what was written stays."""
    with console.unit() as actor:
        found = queries.plan(actor, plan_id)
        row = crowd_plan_row(services.refresh_plan(actor=actor, plan=found))
    console.emit(row, as_json, COLUMNS)


@plan.command("sign")
def sign_plan(plan_id: Id, as_json: console.AsJson = False) -> None:
    """Sign the draft. Needs --as with the leader who signs."""
    with console.unit() as actor:
        found = queries.plan(actor, plan_id)
        row = crowd_plan_row(services.approve_plan(actor=actor, plan=found))
    console.emit(row, as_json, COLUMNS)


@plan.command("agree")
def agree(
    plan_id: Id,
    side: Annotated[str, typer.Option(help="organiser, venue, police, medical, other")],
    name: str,
    role: str = "",
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="else today")] = None,
    signed_copy: Annotated[Path | None, typer.Option(help="PDF, PNG or JPEG")] = None,
    as_json: console.AsJson = False,
) -> None:
    """Record who has agreed to a signed plan."""
    data = console.read_file(signed_copy) if signed_copy else b""
    with console.unit() as actor:
        made = services.record_agreement(
            actor=actor, plan=queries.plan(actor, plan_id), side=side, name=name, role=role,
            agreed_on=on.date() if on else None, signed_copy=data,
            file_name=signed_copy.name if signed_copy else "",
        )  # fmt: skip
        row = agreement_row(made)
    console.emit(row, as_json, ("side", "name", "role", "agreed_on", "signed_copy"))


@plan.command("in-force")
def put_in_force(plan_id: Id, without: str = "", as_json: console.AsJson = False) -> None:
    """Put the signed plan in force. --without says why, where not all have agreed."""
    with console.unit() as actor:
        found = queries.plan(actor, plan_id)
        made = services.put_plan_in_force(actor=actor, plan=found, without=without)
        row = crowd_plan_row(made)
    console.emit(row, as_json, COLUMNS)


@plan.command("stand-down")
def stand_down(plan_id: Id, as_json: console.AsJson = False) -> None:
    """Take it out of force, or put a draft away."""
    with console.unit() as actor:
        found = queries.plan(actor, plan_id)
        row = crowd_plan_row(services.stand_down_plan(actor=actor, plan=found))
    console.emit(row, as_json, COLUMNS)


@plan.command("post")
def post_stewards(plan_id: Id, as_json: console.AsJson = False) -> None:
    """Make the team's posts, and their shifts in the roster."""
    with console.unit() as actor:
        told = services.post_stewards(actor=actor, plan=queries.plan(actor, plan_id))
    console.emit(asdict(told), as_json, ("made", "there", "shifts"))


@plan.command("render")
def render_plan(plan_id: Id, out: Out, copy: Copy = "organiser") -> None:
    """The plan as PDF."""
    with console.unit() as actor:
        body = printing.plan_pdf(actor, queries.plan(actor, plan_id), copy)
        out.write_bytes(body)
    console.say(f"{out}: {len(body) // 1024} kB")


@plan.command("cards")
def render_cards(plan_id: Id, out: Out, copy: Copy = "organiser") -> None:
    """A card for each post as PDF."""
    with console.unit() as actor:
        body = printing.cards_pdf(actor, queries.plan(actor, plan_id), copy)
        out.write_bytes(body)
    console.say(f"{out}: {len(body) // 1024} kB")
