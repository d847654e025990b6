"""``varangian comms ...`` of the plan; those of letters and mails stand in threats."""

from pathlib import Path
from typing import Annotated, Any

import typer

from varangian.kernel.results import NotFound
from varangian.operations import queries as operations
from varangian.platform.access.scope import require
from varangian.platform.ui import console
from varangian.threats.commands.communications import comms

from .. import printing_comms, services
from ..queries import comms as plans
from ..shapes.comms import plan_shape, tried_shape

groups: dict[str, typer.Typer] = {}
"""None of its own: its verbs stand in the group ``comms`` of threats."""
Means = Annotated[str | None, typer.Option()]


@comms.command("show")
def show_comms(operation: str, as_json: console.AsJson = False) -> None:
    """Means, call signs, check calls; words masked."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        require(actor, "comms.view", found.compartment_id)
        row = plan_shape(actor, found, plans.current(actor, found))
    console.emit(row or {}, as_json)


@comms.command("write")
def write_comms(
    operation: str,
    primary: Means = None,
    alternate: Means = None,
    contingency: Means = None,
    emergency: Means = None,
    every: Annotated[int | None, typer.Option(help="minutes between check calls")] = None,
    missed: Annotated[int | None, typer.Option(help="missed calls that open a search")] = None,
    check: Annotated[str | None, typer.Option(help="who calls whom")] = None,
    word: Annotated[list[str] | None, typer.Option(metavar="SLOT=WORD")] = None,
    duress: Annotated[str | None, typer.Option(help="duress word of the team")] = None,
    why: str = "",
    as_json: console.AsJson = False,
) -> None:
    """Write a new version; what is not named stays as it is."""
    typed = {
        "primary": primary,
        "alternate": alternate,
        "contingency": contingency,
        "emergency": emergency,
    }
    named = {rank: words for rank, words in typed.items() if words is not None}
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        old = plans.current(actor, found)
        words = dict(old.code_words) if old else {}
        words |= {slot: text for slot, _, text in (one.partition("=") for one in word or ())}
        made = services.write_comms(
            actor=actor,
            operation=found,
            bearers={**(old.bearers if old else {}), **named},
            check_minutes=every or (old.check_minutes if old else 30),
            missed=missed or (old.missed if old else 2),
            check_words=check if check is not None else (old.check_words if old else ""),
            code_words=words if word else None,
            duress_word=duress,
            why=why,
        )
        row = plan_shape(actor, found, made)
    console.emit(row, as_json)


@comms.command("test")
def record_test(
    operation: str,
    rank: str,
    result: str,
    post: Annotated[str, typer.Option(help="call sign of the post")] = "",
    note: str = "",
    as_json: console.AsJson = False,
) -> None:
    """Record that a means was tried: good, weak or failed."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        made = services.record_test(
            actor=actor,
            operation=found,
            rank=rank,
            result=result,
            post=_post(actor, found, post) if post else None,
            note=note,
        )
        row = tried_shape(made)
    console.emit(row, as_json)


def _post(actor: Any, operation: Any, sign: str) -> Any:
    for row in plans.call_signs(actor, operation):
        if row.call_sign.casefold() == sign.casefold():
            return row
    raise NotFound("No post has this call sign", where=sign)


@comms.command("tests")
def list_tests(operation: str, as_json: console.AsJson = False) -> None:
    """The test record, newest first."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        require(actor, "comms.view", found.compartment_id)
        rows = [tried_shape(row) for row in plans.tests(actor, found)]
    console.emit(rows, as_json, ("tested_at", "rank", "result", "post", "by", "note"))


@comms.command("words")
def reveal_words(
    operation: str,
    purpose: Annotated[str, typer.Option(help="audited")],
    as_json: console.AsJson = False,
) -> None:
    """Code and duress words in plain text, for a purpose."""
    with console.unit(purpose) as actor:
        found = operations.operation(actor, operation)
        row = services.reveal_words(actor=actor, operation=found, purpose=purpose)
    console.emit(row, as_json)


@comms.command("print")
def print_comms(operation: str, out: Annotated[Path, typer.Option()]) -> None:
    """The communications card as a PDF."""
    with console.unit("print the communications card") as actor:
        out.write_bytes(printing_comms.comms_pdf(actor, operations.operation(actor, operation)))
    console.say(f"Written: {out}")
