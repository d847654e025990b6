"""Posts for cover and time in view: of a plan in a file, and on record."""

from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

import typer

from varangian.engines.crowdflow.cover import (
    Ask,
    Weights,
    cover,
    exposure,
    known_weights,
    weights_from,
)
from varangian.kernel.results import Refused
from varangian.platform.ui import console

from .. import services
from ..covering import DEFENSIVE, cover_shape, view_shape, wish_of
from ..models import CrowdCover
from ..queries import cover as reads
from ..queries import venues as queries
from ..reading import sound_venue
from ..shapes.cover import cover_row
from ..shapes.venues import version_row
from .flow import Plan, point
from .records import Id, venue

Posts = Annotated[int | None, typer.Option(min=0, help="more than are drawn; those stay")]
Share = Annotated[float | None, typer.Option(help="0 to 1: the fewest posts that see it")]
Reach = Annotated[float, typer.Option(help="metres an officer watches")]
Twice = Annotated[bool, typer.Option("--twice", help="two see where the principal is longest")]
Open = Annotated[bool, typer.Option("--doors-open", help="else one sees through no door")]
Many = Annotated[int, typer.Option(help="places tried, spread over the floor")]
At = Annotated[
    list[str] | None, typer.Option(metavar="X,Y[,LEVEL]", help="these places instead; repeated")
]

Weigh = Annotated[
    list[str] | None,
    typer.Option("--weight", metavar="NAME=VALUE", help="see varangian crowd weights; repeated"),
]


def weights_told(as_json: console.AsJson = False) -> None:
    """What places count when posts for cover are chosen, and what a change of it does."""
    rows = [weight.model_dump() for weight in known_weights().values()]
    console.emit(rows, as_json, ("id", "value", "unit", "least", "most", "sure", "changes"))


def _weights(given: list[str] | None) -> Weights:
    found: dict[str, float] = {}
    for words in given or ():
        name, _, value = words.partition("=")
        try:
            found[name.strip()] = float(value)
        except ValueError as error:
            raise Refused(
                f"{words} is no weight", "--weight", "Write NAME=VALUE, as out=5."
            ) from error
    return weights_from(found)


def cover_file(
    file: Plan,
    posts: Posts = None,
    share: Share = None,
    reach: Reach = 25.0,
    twice: Twice = False,
    doors_open: Open = False,
    candidates: Many = 60,
    at: At = None,
    weight: Weigh = None,
    seed: int = 1,
    as_json: console.AsJson = False,
) -> None:
    """Where officers see the places of the principal, entrances and zones: what each post adds."""
    asked = Ask(posts, share, reach, twice, doors_open, candidates, _places(at), seed,
                weights=_weights(weight))  # fmt: skip
    if posts is None and share is None:
        asked = replace(asked, posts=3)
    found, _ = sound_venue(file)
    shape = cover_shape(cover(found, asked))
    console.emit(shape, True) if as_json else _emit_cover(shape)


def overlook_file(file: Plan, as_json: console.AsJson = False) -> None:
    """For how long the principal is in view of the overlooks drawn, by stretch of the way."""
    found, _ = sound_venue(file)
    shape = view_shape(exposure(found))
    console.emit(shape, True) if as_json else _emit_view(shape)


def _places(at: list[str] | None) -> tuple[tuple[int, float, float], ...]:
    found = []
    for words in at or ():
        parts = words.split(",")
        level = parts.pop() if len(parts) == 3 else "0"
        x, y = point(",".join(parts), "--at")
        try:
            found.append((int(level), x, y))
        except ValueError as error:
            raise Refused("This is no level", "--at", "Write X,Y,LEVEL, as 12.5,8,1.") from error
    return tuple(found)


def _emit_cover(shape: dict[str, Any]) -> None:
    rows = [
        {**row, "x": row["at"][0], "y": row["at"][1], "sees": f"{row['seen']:.1%}",
         "alone": f"{row['seen_alone']:.1%}",
         "what no other sees": ", ".join(name for name, _ in row["alone"])}
        for row in shape["posts"]
    ]  # fmt: skip
    columns = ("name", "level", "x", "y", "drawn", "sees", "alone", "what no other sees")
    console.emit(rows, False, columns)
    for row in shape["unseen"]:
        at = f"{row['at'][0]:.0f}, {row['at'][1]:.0f}"
        console.say(f"Unseen: {row['name']} at {at}, level {row['level']}: {row['why']}")
    for note in shape["notes"]:
        console.say(note)
    console.say(shape["words"])


def _emit_view(shape: dict[str, Any]) -> None:
    rows = [
        {**row, "metres": "" if row["metres"] is None else "{} to {}".format(*row["metres"]),
         "seconds": "{:.0f} to {:.0f}".format(*row["seconds"])}
        for row in shape["stretches"]
    ]  # fmt: skip
    console.emit(rows, False, ("name", "level", "metres", "seconds"))
    for row in shape["lowers"]:
        console.say(f"{row['what']}: {row['saved']:.0f} s less ({row['how']})")
    for note in shape["notes"]:
        console.say(note)
    console.say(f"{shape['words']} {DEFENSIVE}")


@venue.command("cover")
def cover_venue(
    venue_id: Id,
    posts: Posts = None,
    share: Share = None,
    reach: Reach = 25.0,
    twice: Twice = False,
    doors_open: Open = False,
    candidates: Many = 60,
    weight: Weigh = None,
    version: int | None = None,
    as_json: console.AsJson = False,
) -> None:
    """Posts for cover of a venue on record, kept with time in view. Ctrl-C keeps nothing."""
    asked = Ask(posts if posts is not None or share is not None else 3, share, reach, twice,
                doors_open, candidates, weights=_weights(weight))  # fmt: skip
    with console.unit() as actor:
        found = queries.version(actor, queries.plan(actor, venue_id), version)
        row = services.ask_cover(actor=actor, version=found, **wish_of(asked))
    with console.shares("Computing") as tell:
        services.cover_now(row.pk, tell)
    with console.unit(purpose="posts for cover of a venue") as actor:
        made = reads.cover(actor, row.pk)
        if made.state != CrowdCover.State.DONE:
            raise Refused(made.words or "Not computed")
        if as_json:
            console.emit(cover_row(made), True)
            return
        for kind, tell_it in (("cover", _emit_cover), ("view", _emit_view)):
            if made.result[kind]:
                tell_it(made.result[kind])
            else:
                console.say(made.result[f"{kind}_words"])
        console.say(f"Kept as {made.pk}")


@venue.command("accept-posts")
def accept_posts(
    cover_id: Annotated[UUID, typer.Argument(help="as venue cover tells")],
    post: Annotated[list[str] | None, typer.Option(help="id; else all that are proposed")] = None,
    as_json: console.AsJson = False,
) -> None:
    """Proposed posts become posts of a new version, a draft; a named person does, with --as."""
    with console.unit() as actor:
        found = reads.cover(actor, cover_id)
        made = services.accept_cover_posts(actor=actor, cover=found, posts=post or None)
        console.emit(version_row(made), as_json, ("version", "source", "faults", "note"))
