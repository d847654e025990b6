"""``varangian bolo ...``"""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from varangian.kernel.results import Refused
from varangian.operations.people import member_by_email
from varangian.platform.access.scope import Actor, may
from varangian.platform.ui import console

from ..library.bolo import bolo as library
from ..queries import bolo as queries
from ..services import bolo as services
from ..shapes.bolo import card_shape, file_shape, review_shape, sighting_shape

bolo = typer.Typer(help="BOLO cards: be on the lookout.", no_args_is_help=True)
groups = {"bolo": bolo}
Time = Annotated[datetime | None, typer.Option(help="in the operation's time zone")]
COLUMNS = ("serial", "state", "kind", "title", "expires_at", "why")


@bolo.command("list")
def list_cards(
    operation: str,
    view: Annotated[str, typer.Option(help="out, drafts, ended or all")] = "out",
    as_json: console.AsJson = False,
) -> None:
    """What the detail looks out for."""
    if view not in queries.VIEWS:
        raise Refused("There is no such view", where=view, mend=", ".join(queries.VIEWS))
    with console.unit() as actor:
        found = queries.operation_with_cards(actor, operation)
        cards = list(queries.cards(actor, found, view))
        for card in cards:
            services.looked(actor=actor, card=card, how="listed at the console")
        rows = [_shape(actor, card) for card in cards]
    console.emit(rows, as_json, COLUMNS)


@bolo.command("show")
def show_card(operation: str, serial: str, as_json: console.AsJson = False) -> None:
    """One card, with its sightings."""
    with console.unit() as actor:
        card = _card(actor, operation, serial)
        services.looked(actor=actor, card=card, how="read at the console")
        row = _shape(actor, card)
        row["sightings"] = [sighting_shape(one) for one in queries.sightings(actor, card)]
    console.emit(row, as_json)


@bolo.command("draw")
def draw(
    operation: str,
    kind: Annotated[str, typer.Argument(help="person, vehicle or thing")],
    title: str,
    why: Annotated[str, typer.Option()],
    tell: Annotated[str, typer.Option(help="call sign and channel")],
    legal_basis: Annotated[str, typer.Option()],
    purpose: Annotated[str, typer.Option()],
    proportionality: Annotated[str, typer.Option()],
    reviewer: Annotated[str, typer.Option(metavar="EMAIL")],
    feature: Annotated[list[str] | None, typer.Option(help="such as hair=grey; repeat")] = None,
    drill: Annotated[str, typer.Option(help="the first that fits when left out")] = "",
    on_sight: str = "",
    last_place: str = "",
    last_seen_at: Time = None,
    expires_at: Time = None,
    wide: Annotated[bool, typer.Option(help="for the whole engagement")] = False,
    picture: Annotated[list[Path] | None, typer.Option(help="repeat for more")] = None,
    as_json: console.AsJson = False,
) -> None:
    """Draw a card as a draft. Needs --as."""
    with console.unit() as actor:
        found = queries.operation_with_cards(actor, operation)
        card = services.draw_card(
            actor=actor,
            operation=found,
            kind=kind,
            title=title,
            wide=wide,
            why=why,
            tell=tell,
            legal_basis=legal_basis,
            purpose=purpose,
            proportionality=proportionality,
            reviewer=member_by_email(actor, found, reviewer),
            features=_pairs(feature or []),
            drill=drill or library().drills_for(library().kind(kind).id)[0].id,
            on_sight=on_sight,
            last_place=last_place,
            last_seen_at=console.in_zone(last_seen_at, found.time_zone),
            expires_at=console.in_zone(expires_at, found.time_zone),
        )
        for path in picture or []:
            data = console.read_file(path)
            services.add_picture(actor=actor, card=card, data=data, name=path.name)
        row = file_shape(card)
    console.emit(row, as_json)


@bolo.command("issue")
def issue(operation: str, serial: str, as_json: console.AsJson = False) -> None:
    """Send a draft out to the Board and the phones. Needs --as."""
    with console.unit() as actor:
        card = _card(actor, operation, serial)
        row = file_shape(services.issue_card(actor=actor, card=card))
    console.emit(row, as_json)


@bolo.command("recall")
def recall(operation: str, serial: str, reason: str, as_json: console.AsJson = False) -> None:
    """Take a card back from every screen and phone, with the reason. Needs --as."""
    with console.unit() as actor:
        card = _card(actor, operation, serial)
        row = file_shape(services.recall_card(actor=actor, card=card, reason=reason))
    console.emit(row, as_json)


@bolo.command("review")
def review(
    operation: str,
    serial: str,
    words: str,
    stands: Annotated[bool, typer.Option("--stands/--recall")] = True,
    as_json: console.AsJson = False,
) -> None:
    """As the named reviewer: it stands, or is recalled. Needs --as."""
    with console.unit() as actor:
        card = _card(actor, operation, serial)
        row = review_shape(services.review_card(actor=actor, card=card, words=words, stands=stands))
    console.emit(row, as_json)


@bolo.command("seen")
def seen(operation: str, serial: str, words: str, as_json: console.AsJson = False) -> None:
    """Report a sighting against a card; a candidate until somebody decides. Needs --as."""
    with console.unit() as actor:
        card = _card(actor, operation, serial)
        row = sighting_shape(
            services.report_sighting(actor=actor, card=card, operation=card.operation, words=words)
        )
    console.emit(row, as_json)


@bolo.command("decide")
def decide(
    sighting: UUID,
    was: Annotated[bool, typer.Option("--was/--was-not")],
    reason: str = "",
    as_json: console.AsJson = False,
) -> None:
    """Confirm or deny a sighting by its id. Needs --as."""
    with console.unit() as actor:
        found = queries.sighting(actor, sighting)
        row = sighting_shape(
            services.decide_sighting(actor=actor, sighting=found, confirmed=was, reason=reason)
        )
    console.emit(row, as_json)


def _card(actor: Actor, operation: str, serial: str) -> Any:
    found = queries.operation_with_cards(actor, operation)
    return queries.card_numbered(actor, found, console.serial(serial))


def _shape(actor: Actor, card: Any) -> dict[str, Any]:
    filed = may(actor, "bolo_file.view", card.compartment_id)
    return file_shape(card) if filed else card_shape(card)


def _pairs(given: list[str]) -> dict[str, str]:
    found = {}
    for words in given:
        name, sign, value = words.partition("=")
        if not sign:
            raise Refused("A feature is written name=words", where=words)
        found[name.strip()] = value.strip()
    return found
