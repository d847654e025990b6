"""Find anything: threats and risks by a few typed letters."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from varangian.platform.ui.find import MOST, Hit, register

from .queries import bolo, communications, persons
from .queries import threats as queries

NEWEST = 500
"""Titles are sealed, so they are opened and read one by one, the newest first, up to here."""


def register_finders() -> None:
    register("threats", words="Threats", icon="alert-triangle", search=find_sources)
    register("risks", words="Risks", icon="shield", search=find_risks)
    register("persons", words="Persons of interest", icon="user-question", search=find_persons)
    register("bolos", words="BOLO cards", icon="eye", search=find_cards)
    register("letters", words="Communications", icon="mail", search=find_letters)


def find_sources(actor: Any, text: str) -> list[Hit]:
    rows = queries.sources(actor).order_by("-updated_at")[:NEWEST]
    return _hits(rows, text, "threats:source")


def find_risks(actor: Any, text: str) -> list[Hit]:
    rows = queries.risks(actor).prefetch_related(None).order_by("-updated_at")[:NEWEST]
    return _hits(rows, text, "threats:risk")


def find_cards(actor: Any, text: str) -> list[Hit]:
    return _hits(bolo.cards(actor)[:NEWEST], text, "threats:bolo")


def find_persons(actor: Any, text: str) -> list[Hit]:
    """Of each who is found it is on record that their name was shown."""
    from .services.persons import listed

    found = persons.search(actor, persons.persons(actor), text)[:MOST]
    listed(actor=actor, persons=found, how="found")
    return [
        Hit(
            f"{row.label} {row.shown_name}",
            reverse("threats:person", args=[row.pk]),
            row.get_state_display().lower(),  # pyright: ignore
        )
        for row in found
    ]


def find_letters(actor: Any, text: str) -> list[Hit]:
    """By number and subject, among the newest."""
    return [
        Hit(
            f"{row.label} {row.title}", reverse("threats:letter", args=[row.pk]), str(row.principal)
        )
        for row in communications.find(actor, text, NEWEST)[:MOST]
    ]


def _hits(rows: Iterable[Any], text: str, url_name: str) -> list[Hit]:
    hits: list[Hit] = []
    for row in rows:
        if text.casefold() in f"{row.label} {row.title}".casefold():
            url = reverse(url_name, args=[row.pk])
            hits.append(Hit(f"{row.label} {row.title}", url, row.operation.slug))
            if len(hits) == MOST:
                break
    return hits
