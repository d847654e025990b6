"""``varangian roster ...`` on the operations of the house, next to the verbs that work on files."""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from varangian.engines.rostering.civil import instant
from varangian.kernel.results import Refused
from varangian.operations import queries as operations
from varangian.platform.access.scope import Actor, require
from varangian.platform.ui import console

from .. import services
from ..queries import roster as rows
from ..queries.roster_problem import book
from ..queries.roster_ways import ways
from ..services.roster_shifts import made_words
from ..shapes.roster import (
    absence_shape,
    assignment_shape,
    edition_shape,
    my_duty_shape,
    roster_shape,
    run_shape,
    shift_shape,
)
from .roster import roster

Slug = Annotated[str, typer.Argument(help="the operation's short name")]
Email = Annotated[str, typer.Argument(metavar="EMAIL")]
Code = Annotated[str, typer.Argument(metavar="SHIFT", help="such as S4")]
When = Annotated[datetime | None, typer.Option(help="on the clock of the operation")]
Reason = Annotated[str, typer.Option(help="overrides rules, never a double booking")]


def _open(actor: Actor, slug: str, action: str) -> Any:
    operation = operations.operation(actor, slug)
    require(actor, action, operation.compartment_id)
    return operation


def _at(moment: datetime | None, operation: Any) -> datetime | None:
    return instant(moment, operation.time_zone) if moment else None


@roster.command("show")
def show(slug: Slug, as_json: console.AsJson = False) -> None:
    """Gaps, who stands what, and for who plans hours and broken rules."""
    with console.unit() as actor:
        shape = roster_shape(actor, _open(actor, slug, "roster.view"))
    if as_json:
        console.emit(shape, True)
        return
    console.emit(shape["assignments"], False, ("shift", "title", "starts", "ends", "name", "state"))
    for gap in shape["gaps"]:
        could = ", ".join(gap["could"]) or f"nobody: {gap['rules']}"
        console.say(f"open: {gap['shift']} {gap['title']}: {gap['missing']} missing; {could}")


@roster.command("shifts")
def shifts(
    slug: Slug,
    make: Annotated[bool, typer.Option(help="make them from posts and legs")] = False,
    starts: When = None,
    ends: When = None,
    jurisdiction: Annotated[str, typer.Option(help="rules of working time")] = "",
    as_json: console.AsJson = False,
) -> None:
    """List the shifts; with --make, first make those that are missing."""
    with console.unit() as actor:
        operation = _open(actor, slug, "roster.view")
        if make:
            services.open_roster(actor=actor, operation=operation, jurisdiction=jurisdiction)
            made, there = services.make_shifts(
                actor=actor, operation=operation, starts=_at(starts, operation),
                ends=_at(ends, operation),
            )  # fmt: skip
            console.say(made_words(len(made), there))
        shown = [shift_shape(row) for row in rows.shifts(actor, operation)]
    console.emit(shown, as_json, ("code", "title", "starts", "ends", "wanted", "vehicle"))


@roster.command("add")
def add(
    slug: Slug,
    starts: Annotated[datetime, typer.Option(help="on the clock of the zone")],
    ends: Annotated[datetime, typer.Option(help="on the clock of the zone")],
    post: Annotated[str, typer.Option(help="call sign or title of a post")] = "",
    title: str = "",
    vehicle: Annotated[str, typer.Option(help="registration")] = "",
    wanted: int = 1,
    zone: str = "",
    needs: Annotated[str, typer.Option(help="JSON: everyone and among")] = "",
    as_json: console.AsJson = False,
) -> None:
    """Add one shift of a post, or the duty of a vehicle."""
    with console.unit() as actor:
        operation = _open(actor, slug, "roster.change")
        made = services.add_shift(
            actor=actor, operation=operation, starts=starts, ends=ends, title=title,
            post=_post(actor, operation, post), vehicle=vehicle, wanted=wanted, zone=zone,
            needs=_json(needs) if needs else None,
        )  # fmt: skip
        shape = shift_shape(made)
    console.emit(shape, as_json)


def _post(actor: Actor, operation: Any, name: str) -> Any:
    if not name:
        return None
    for row in operations.posts(actor, operation):
        if name.casefold() in (row.call_sign.casefold(), row.title.casefold()):
            return row
    raise Refused("There is no such post", where=name, mend="See varangian post list.")


def _json(words: str, kind: type[Any] = dict) -> Any:
    try:
        found = json.loads(words)
    except json.JSONDecodeError as error:
        raise Refused("This is not JSON", where=words[:60]) from error
    if not isinstance(found, kind):
        name = "object" if kind is dict else "list"
        raise Refused(f"This should be a JSON {name}", where=words[:60])
    return found


@roster.command("remove")
def remove(slug: Slug, shift: Code) -> None:
    """Remove a shift with whoever stands it."""
    with console.unit() as actor:
        operation = _open(actor, slug, "roster.change")
        found = rows.shift_coded(actor, operation, console.serial(shift))
        services.remove_shift(actor=actor, shift=found)


@roster.command("assign")
def assign(
    slug: Slug, shift: Code, email: Email, reason: Reason = "",
    vehicle: Annotated[str | None, typer.Option(help="registration")] = None,
    as_json: console.AsJson = False,
) -> None:  # fmt: skip
    """Put somebody on a shift; what the rules say against it is told."""
    with console.unit() as actor:
        operation = _open(actor, slug, "roster.change")
        made = services.assign(
            actor=actor, shift=rows.shift_coded(actor, operation, console.serial(shift)),
            person=rows.teammate(actor, operation, email), reason=reason, vehicle=vehicle,
        )  # fmt: skip
        shape = assignment_shape(made)
    console.emit(shape, as_json)


@roster.command("off")
def off(slug: Slug, shift: Code, email: Email) -> None:
    """Take somebody off a shift."""
    with console.unit() as actor:
        operation = _open(actor, slug, "roster.change")
        row = _row(actor, operation, shift, email)
        services.unassign(actor=actor, assignment=row)


def _row(actor: Actor, operation: Any, shift: str, email: str) -> Any:
    found = rows.assignments(actor, operation).filter(
        shift__serial=console.serial(shift), person__email=email.lower()
    )
    row = found.first()
    if row is None:
        raise Refused("This person does not stand this shift", where=f"{shift} {email}")
    return row


@roster.command("plan")
def plan(
    slug: Slug,
    seconds: Annotated[float | None, typer.Option(help="time for the search")] = None,
    as_json: console.AsJson = False,
) -> None:
    """Fill what is open; what was published or set by hand stays."""
    with console.unit() as actor:
        operation = _open(actor, slug, "roster.change")
        run = services.plan(actor=actor, operation=operation, seconds=seconds)
        shape = run_shape(run)
    _run(shape, as_json)


@roster.command("sick")
def sick(
    slug: Slug, email: Email, since: When = None, until: When = None,
    take: Annotated[bool, typer.Option(help="take the proposal at once")] = False,
    as_json: console.AsJson = False,
) -> None:  # fmt: skip
    """Who takes over with the fewest changes: a proposal, unless --take is given."""
    with console.unit() as actor:
        operation = _open(actor, slug, "roster.change")
        run = services.call_sick(
            actor=actor, operation=operation, person=rows.teammate(actor, operation, email),
            since=_at(since, operation), until=_at(until, operation),
        )  # fmt: skip
        if take:
            services.take_run(actor=actor, run=run)
        shape = run_shape(rows.run(actor, run.pk))
    _run(shape, as_json)


def _run(shape: dict[str, Any], as_json: bool) -> None:
    if as_json:
        console.emit(shape, True)
        return
    console.emit(shape["changes"], False, ("shift", "officer", "change"))
    for clash in shape["conflicts"]:
        console.say(clash["words"])
    console.say(f"{shape['state']}: {shape['words']}")


@roster.command("publish")
def publish(slug: Slug, as_json: console.AsJson = False) -> None:
    """Tell everybody their duties; says what changed since the edition before."""
    with console.unit() as actor:
        operation = _open(actor, slug, "roster.change")
        shape = edition_shape(services.publish(actor=actor, operation=operation))
    if as_json:
        console.emit(shape, True)
        return
    console.emit(shape["changes"], False, ("shift", "title", "name", "change"))
    console.say(f"edition {shape['edition']}")


@roster.command("answer")
def answer(
    slug: Slug, shift: Code,
    accept: Annotated[bool, typer.Option("--accept/--decline")] = True,
    said: Annotated[str, typer.Option(help="why, when declining")] = "",
    as_json: console.AsJson = False,
) -> None:  # fmt: skip
    """Accept or decline a duty of your own."""
    with console.unit() as actor:
        operation = _open(actor, slug, "roster.view")
        row = _row(actor, operation, shift, actor.email)
        made = services.answer(actor=actor, assignment=row, accept=accept, said=said)
        shape = assignment_shape(made)
    console.emit(shape, as_json)


@roster.command("mine")
def mine(as_json: console.AsJson = False) -> None:
    """Your own published duties."""
    with console.unit() as actor:
        shown = [] if actor.is_system else [my_duty_shape(row) for row in rows.duties_of(actor)]
    console.emit(shown, as_json, ("operation", "shift", "title", "starts", "ends", "state"))


@roster.command("calendar")
def calendar(
    revoke: Annotated[bool, typer.Option(help="the address opens nothing any more")] = False,
    as_json: console.AsJson = False,
) -> None:
    """A new secret address of your own calendar; the one before it dies."""
    with console.unit() as actor:
        if revoke:
            services.revoke_link(actor=actor)
            return
        _, secret = services.rotate_link(actor=actor)
    console.emit({"path": f"/calendar/{secret}/duty.ics"}, as_json)


@roster.command("officer")
def officer(
    slug: Slug, email: Email,
    facts: Annotated[str, typer.Option(help="JSON: fields of an officer, see schema")] = "",
    as_json: console.AsJson = False,
) -> None:  # fmt: skip
    """What the roster knows of somebody; with --facts, write it first."""
    with console.unit() as actor:
        operation = _open(actor, slug, "roster.change")
        person = rows.teammate(actor, operation, email)
        if facts:
            services.write_officer(actor=actor, operation=operation, person=person, **_json(facts))
        found = rows.records(actor, [person]).get(person.pk)
        shape = {"email": person.email, "name": person.name, "facts": found and found.facts}
    console.emit(shape, as_json)


@roster.command("ways")
def ways_to_duty(
    slug: Slug,
    write: Annotated[str, typer.Option(help="JSON: list of home, site, minutes one way")] = "",
    as_json: console.AsJson = False,
) -> None:
    """How long officers travel to their shifts; with --write, say it first."""
    with console.unit() as actor:
        operation = _open(actor, slug, "roster.change")
        if write:
            services.set_ways(actor=actor, operation=operation, ways=_json(write, list))
        found = [asdict(way) for way in ways(actor, operation)]
    console.emit(found, as_json, ("home", "site", "minutes"))


@roster.command("away")
def away(
    slug: Slug, email: Email, starts: Annotated[datetime, typer.Option()],
    ends: Annotated[datetime, typer.Option()],
    why: Annotated[str, typer.Option(help="leave, training or other_work")] = "leave",
    as_json: console.AsJson = False,
) -> None:  # fmt: skip
    """Record leave; refused where the person is on duty."""
    with console.unit() as actor:
        operation = _open(actor, slug, "roster.change")
        made = services.add_absence(
            actor=actor, operation=operation, person=rows.teammate(actor, operation, email),
            starts=instant(starts, operation.time_zone), why=why,
            ends=instant(ends, operation.time_zone),
        )  # fmt: skip
        shape = absence_shape(made)
    console.emit(shape, as_json)


@roster.command("export")
def export(
    slug: Slug, out: Annotated[Path | None, typer.Option(help="else to standard output")] = None
) -> None:
    """The roster as the file that solve and repair read."""
    with console.unit() as actor:
        document = book(actor, _open(actor, slug, "roster.change")).document
    text = json.dumps(document, indent=2, ensure_ascii=False)
    if out is None:
        typer.echo(text)
    else:
        out.write_text(text, "utf-8")
        console.say(f"written: {out}")


groups = {"roster": roster}
