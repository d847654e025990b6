"""``varangian card ...``"""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from varangian.kernel.results import NotFound
from varangian.operations import queries as operations
from varangian.places import queries as places
from varangian.platform.access.scope import require
from varangian.platform.ui import console

from .. import printing_cards, services
from ..queries import cards
from ..shapes.cards import card_shape, rehearsal_shape, version_shape

card = typer.Typer(help="Contingency cards: actions on.", no_args_is_help=True)
groups = {"card": card}
COLUMNS = ("card", "state", "version", "place", "rehearsed_at", "title")
Pairs = Annotated[list[str] | None, typer.Option(metavar="WHO=WORDS")]


def _card(actor: Any, operation: Any, name: str) -> Any:
    for row in cards.cards(actor, operation):
        if name in (row.library_id, str(row.pk)):
            return cards.card(actor, row.pk)
    raise NotFound("The operation has no such card", where=name, mend="See varangian card list.")


@card.command("list")
def list_cards(operation: str, as_json: console.AsJson = False) -> None:
    """Cards of an operation: state, version, last rehearsal."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        require(actor, "card.view", found.compartment_id)
        rows = [card_shape(row) for row in cards.shown_of(actor, found)]
    console.emit(rows, as_json, COLUMNS)


@card.command("take")
def take_cards(
    operation: str,
    card: Annotated[list[str] | None, typer.Option(help="one of the library")] = None,
    as_json: console.AsJson = False,
) -> None:
    """Take cards from the library, fitted to posts and places; all that may arise, or --card."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        taken, refused = services.take_cards(actor=actor, operation=found, library_ids=card or ())
        rows = [card_shape(cards.shown(actor, row)) for row in taken]
    for name, why in refused:
        console.say(f"{name}: {why}")
    console.emit(rows, as_json, COLUMNS)


@card.command("show")
def show_card(operation: str, card: str, as_json: console.AsJson = False) -> None:
    """One card with its versions."""
    with console.unit() as actor:
        found = _card(actor, operations.operation(actor, operation), card)
        row = card_shape(cards.shown(actor, found))
        row["versions"] = [version_shape(v) for v in cards.versions(actor, found)]
    console.emit(row, as_json)


@card.command("change")
def change_card(
    operation: str,
    card: str,
    why: Annotated[str, typer.Option(help="what changed, for the list of versions")] = "",
    trigger: Annotated[str | None, typer.Option()] = None,
    drill: Pairs = None,
    call: Pairs = None,
    fall_back: Annotated[str | None, typer.Option()] = None,
    place: Annotated[str | None, typer.Option(help="name of a place of the operation")] = None,
    do_not: Annotated[str | None, typer.Option()] = None,
    as_json: console.AsJson = False,
) -> None:
    """Write a new version; it waits as a draft until it is put in force."""
    with console.unit() as actor:
        found = _card(actor, operations.operation(actor, operation), card)
        content = cards.shown(actor, found).version.content
        texts: dict[str, Any] = {"trigger": trigger, "fall_back": fall_back, "do_not": do_not}
        texts = {name: words for name, words in texts.items() if words is not None}
        if drill:
            texts["drill"] = {s["role"]: s["do"] for s in content["drill"]} | _pairs(drill)
        if call:
            texts["call"] = {c["who"]: c["how"] for c in content["call"]} | _pairs(call)
        where = _place(actor, found.operation, place) if place else None
        services.change_card(actor=actor, card=found, why=why, place=where, **texts)
        found.refresh_from_db()
        row = card_shape(cards.shown(actor, found))
    console.emit(row, as_json)


def _pairs(given: list[str]) -> dict[str, str]:
    return {who.strip(): words.strip() for who, _, words in (one.partition("=") for one in given)}


def _place(actor: Any, operation: Any, name: str) -> Any:
    near = (operation.compartment_id, operation.engagement.compartment_id)
    for row in places.places(actor).filter(compartment_id__in=near):
        if name.casefold() in (row.name.casefold(), row.slug):
            return row
    raise NotFound("There is no such place in this operation", where=name)


@card.command("force")
def put_in_force(operation: str, card: str, as_json: console.AsJson = False) -> None:
    """Put the newest version in force."""
    with console.unit() as actor:
        found = _card(actor, operations.operation(actor, operation), card)
        made = services.put_in_force(actor=actor, card=found)
        row = card_shape(cards.shown(actor, made))
    console.emit(row, as_json)


@card.command("withdraw")
def withdraw_card(operation: str, card: str, as_json: console.AsJson = False) -> None:
    """Take a card out of force; its versions and rehearsals stay."""
    with console.unit() as actor:
        found = _card(actor, operations.operation(actor, operation), card)
        made = services.withdraw_card(actor=actor, card=found)
        row = card_shape(cards.shown(actor, made))
    console.emit(row, as_json)


@card.command("rehearse")
def record_rehearsal(
    operation: str,
    at: Annotated[datetime, typer.Option(help="in the operation's time zone")],
    minutes: Annotated[int, typer.Option(min=1)],
    card: Annotated[list[str], typer.Option()],
    post: Annotated[list[str], typer.Option(help="title of a post that took part")],
    findings: str = "",
    as_json: console.AsJson = False,
) -> None:
    """Record that cards were walked through: when, who, how long, what was found."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        by_title = {row.title.casefold(): row for row in operations.posts(actor, found)}
        if strange := [name for name in post if name.casefold() not in by_title]:
            raise NotFound("There is no such post", where=strange[0])
        made = services.record_rehearsal(
            actor=actor,
            operation=found,
            chosen=[_card(actor, found, name) for name in card],
            posts=[by_title[name.casefold()] for name in post],
            held_at=console.in_zone(at, found.time_zone) or at,
            minutes=minutes,
            findings=findings,
        )
        rows = [rehearsal_shape(row) for row in made]
    console.emit(rows, as_json, ("card", "version", "held_at", "minutes", "findings"))


@card.command("print")
def print_cards(operation: str, out: Annotated[Path, typer.Option()]) -> None:
    """The cards in force as a PDF."""
    with console.unit("print contingency cards") as actor:
        out.write_bytes(printing_cards.cards_pdf(actor, operations.operation(actor, operation)))
    console.say(f"Written: {out}")
