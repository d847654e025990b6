"""``varangian duress ...`` and ``varangian check ...``"""

import sys
from typing import Annotated
from uuid import UUID

import typer

from varangian.kernel.ids import new_id
from varangian.kernel.results import NotFound, Refused
from varangian.operations import queries as operations
from varangian.operations.people import member_by_email
from varangian.platform.ui import console

from ..models import Via
from ..queries import checks as check_queries
from ..queries import duress as queries
from ..services import cancelling, checks, keys, pins
from ..services import duress as services
from ..shapes.duress import call_shape, check_shape, key_shape, line_shape, rule_shape, whole_shape

duress = typer.Typer(help="Calls for help.", no_args_is_help=True)
check = typer.Typer(help="Check calls.", no_args_is_help=True)
groups = {"duress": duress, "check": check}


@duress.command("list")
def list_calls(view: str = "running", as_json: console.AsJson = False) -> None:
    """Calls that run; ``--view past`` or ``all`` for the others."""
    with console.unit() as actor:
        rows = [call_shape(row) for row in queries.calls(actor, view=view)]
    console.emit(rows, as_json, ("id", "state", "kind", "caption", "operation", "opened_at"))


@duress.command("show")
def show_call(pk: UUID, as_json: console.AsJson = False) -> None:
    """One call with its presses."""
    with console.unit() as actor:
        found = whole_shape(actor, queries.call(actor, pk))
    console.emit(found, as_json)


@duress.command("press")
def press(key: str = "", words: str = "", as_json: console.AsJson = False) -> None:
    """Call for help in the name of ``--as``."""
    with console.unit("duress") as actor:
        heard = services.Heard(key=key or str(new_id()), via=Via.API, words=words)
        services.press(person=actor, heard=heard)
    console.emit({"ok": True}, as_json)


@duress.command("vouch")
def vouch(pk: UUID, words: str, as_json: console.AsJson = False) -> None:
    """A second person has made sure."""
    with console.unit() as actor:
        row = call_shape(cancelling.vouch(actor=actor, call=queries.call(actor, pk), words=words))
    console.emit(row, as_json)


@duress.command("end")
def end(pk: UUID, reason: str, as_json: console.AsJson = False) -> None:
    """The person is safe; a leader says so."""
    with console.unit() as actor:
        row = call_shape(cancelling.end(actor=actor, call=queries.call(actor, pk), reason=reason))
    console.emit(row, as_json)


@duress.command("key")
def new_key(
    label: str,
    operation: Annotated[str, typer.Option(help="a button fixed in a place of it")] = "",
    alive: Annotated[int | None, typer.Option(help="seconds between its signs of life")] = None,
    as_json: console.AsJson = False,
) -> None:
    """The address for a button: one's own, or with --operation one in a place. Shown once."""
    with console.unit() as actor:
        if operation:
            found = operations.operation(actor, operation)
            key, secret = keys.issue_place_key(
                actor=actor, operation=found, label=label, alive_every_s=alive
            )
        else:
            key, secret = keys.issue_key(
                actor=actor, label=label, kind="button", alive_every_s=alive
            )
        row = key_shape(key, secret)
    console.emit(row, as_json)


@duress.command("pins")
def set_pins(
    show: Annotated[bool, typer.Option("--show", help="only whether they are set")] = False,
    as_json: console.AsJson = False,
) -> None:
    """Set the PINs of ``--as``: asked for unseen, or two lines on standard input. Never words of
    the command, which stay in the history and show to everybody who lists processes."""
    given = None if show else _two_pins()
    with console.unit("duress PINs") as actor:
        if given is not None:
            pins.set_pins(actor=actor, own=given[0], forced=given[1])
        row = {"set": pins.has_pins(actor)}
    console.emit(row, as_json)


def _two_pins() -> tuple[str, str]:
    if sys.stdin.isatty():
        own, forced = (
            typer.prompt(words, hide_input=True, confirmation_prompt=True, err=True)
            for words in ("Your PIN", "Duress PIN")
        )
        return own, forced
    lines = sys.stdin.read(200).splitlines()
    if len(lines) != 2:
        raise Refused(
            "Two PINs are wanted, each on a line of its own",
            where="standard input",
            mend="First yours, then the one that calls for help.",
        )
    return lines[0].strip(), lines[1].strip()


@check.command("list")
def list_checks(operation: str, as_json: console.AsJson = False) -> None:
    """Everybody on duty, who is due first."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        rows = [line_shape(row) for row in check_queries.lines(actor, found)]
    console.emit(rows, as_json, ("call_sign", "person", "status", "step", "due_at"))


@check.command("call")
def call(as_json: console.AsJson = False) -> None:
    """I am well, by ``--as``."""
    with console.unit() as actor:
        row = check_shape(checks.check_call(person=actor, via="console"))
    console.emit(row, as_json)


@check.command("heard")
def heard(operation: str, email: str, via: str = "radio", as_json: console.AsJson = False) -> None:
    """Somebody on duty was heard by radio or seen."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        person = member_by_email(actor, found, email)
        duty = operations.on_duty(actor, found).filter(person=person).first()
        if duty is None:
            raise NotFound("This person is not on duty", where=email)
        row = check_shape(checks.record_check(actor=actor, duty=duty, via=via))
    console.emit(row, as_json)


@check.command("rule")
def rule(
    operation: str,
    minutes: Annotated[int | None, typer.Option(help="0 for none; left out: remove")] = None,
    post: Annotated[str, typer.Option(help="title of the post")] = "",
    phase: str = "",
    as_json: console.AsJson = False,
) -> None:
    """How often, for all, for a post, for a phase of duty."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        named = {row.title: row for row in operations.posts(actor, found)}
        if post and post not in named:
            raise NotFound("There is no such post", where=post)
        checks.set_rule(
            actor=actor, operation=found, minutes=minutes, post=named.get(post), phase=phase
        )
        rows = [rule_shape(row) for row in check_queries.rules(actor, found)]
    console.emit(rows, as_json, ("post_title", "phase", "minutes"))
