"""All that is held about one person, through one door: for who asks what is kept about them.

A feature that keeps something about persons of interest registers a part; the export, the printed
copy and the count before erasing then have it too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from varangian.platform.access.scope import Actor, require

from ..library.bolo import bolo
from ..models import Person
from . import persons as queries

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class HeldPart:
    name: str
    words: str
    rows: Callable[[Actor, Person], Rows]


_parts: dict[str, HeldPart] = {}


def register(name: str, *, words: str, rows: Callable[[Actor, Person], Rows]) -> None:
    """``rows(actor, person)``: one dictionary a record, keys in plain words. Called for the person
    and for each file folded into it. Others are named by their number only."""
    _parts[name] = HeldPart(name, words, rows)


def held(actor: Actor, person: Person) -> dict[str, Any]:
    """Parts in the order of registration; empty ones say so by being empty."""
    require(actor, "person.export", person.compartment_id)
    queries.check_readable(person)
    files = [person, *(row for row in queries.folded(actor, person) if row.readable)]
    return {
        "person": person.label,
        "engagement": person.engagement.slug,
        "parts": [
            {
                "name": part.name,
                "words": part.words,
                "rows": [row for one in files for row in part.rows(actor, one)],
            }
            for part in _parts.values()
        ],
    }


def _file(_actor: Actor, person: Person) -> Rows:
    return [
        {
            "number": person.label,
            "name": person.name,
            "identified": "yes" if person.identified else "no: how we call them",
            "description": person.description,
            "why we keep it": person.concern,
            "state": person.get_state_display(),  # pyright: ignore
            "in this state since": person.state_since,
            "legal basis": bolo().basis(person.legal_basis).title,
            "purpose": person.purpose,
            "proportionality": person.proportionality,
            "kept until": person.expires_at,
            "next review": person.review_due,
            "referred": person.referred_at,
        }
    ]


def _facts(actor: Actor, person: Person) -> Rows:
    rows = queries.facts(actor, person, withdrawn=True).filter(person=person)
    return [
        {"kind": row.get_kind_display(), "what": row.value, "description": row.description}  # pyright: ignore
        | _graded(row)
        for row in rows
    ]


def _images(actor: Actor, person: Person) -> Rows:
    rows = queries.images(actor, person, withdrawn=True).filter(person=person)
    return [
        {"picture": f"{person.label}-{row.number}.jpg", "caption": row.caption}
        | {"taken on": row.taken_on}
        | _graded(row)
        for row in rows
    ]


def _court_orders(actor: Actor, person: Person) -> Rows:
    rows = queries.court_orders(actor, person, withdrawn=True).filter(person=person)
    return [
        {
            "kind": row.get_kind_display(),  # pyright: ignore
            "court": row.court,
            "reference": row.reference,
            "conditions": row.conditions,
            "issued": row.issued_on,
            "ends": row.expires_on or "not known",
        }
        | _graded(row)
        for row in rows
    ]


def _ties(actor: Actor, person: Person) -> Rows:
    """The other one has rights too: named by the number of their file."""
    found = []
    for row in queries.ties(actor, person, withdrawn=True):
        if person.pk in (row.person_id, row.other_id):
            other = row.other if row.person_id == person.pk else row.person
            found.append({"relation": row.get_kind_display(), "with": other.label} | _graded(row))  # pyright: ignore
    return found


def _steps(actor: Actor, person: Person) -> Rows:
    return [
        {"when": row.at, "what": row.get_what_display(), "to": row.after, "why": row.reason}  # pyright: ignore
        for row in queries.steps(actor, person)
    ]


def _cards(actor: Actor, person: Person) -> Rows:
    return [
        {
            "card": row.label,
            "title": row.title,
            "why": row.why,
            "features": "; ".join(f"{name}: {words}" for name, words in row.features.items()),
            "state": row.shown_state,
            "ends": row.expires_at,
        }
        for row in queries.cards(actor, person)
    ]


def _graded(row: Any) -> dict[str, Any]:
    shown = {"source": row.source, "grade": row.grade or "not graded", "added": row.added_at}
    if row.withdrawn_at:
        shown |= {"withdrawn": row.withdrawn_at, "why withdrawn": row.withdrawn_reason}
    return shown


register("file", words="The file", rows=_file)
register("facts", words="Aliases and identifiers", rows=_facts)
register("images", words="Pictures", rows=_images)
register("court_orders", words="Orders of court", rows=_court_orders)
register("ties", words="Relations to other persons", rows=_ties)
register("steps", words="What was done", rows=_steps)
register("cards", words="BOLO cards", rows=_cards)
