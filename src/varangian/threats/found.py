"""Find anything: threats and risks by a few typed letters."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from varangian.platform.ui.find import MOST, Hit, register

from .queries import bolo
from .queries import threats as queries

NEWEST = 500
"""Titles are sealed, so they are opened and read one by one, the newest first, up to here."""


def register_finders() -> None:
    register("threats", words="Threats", icon="alert-triangle", search=find_sources)
    register("risks", words="Risks", icon="shield", search=find_risks)
    register("bolos", words="BOLO cards", icon="eye", search=find_cards)


def find_sources(actor: Any, text: str) -> list[Hit]:
    rows = queries.sources(actor).order_by("-updated_at")[:NEWEST]
    return _hits(rows, text, "threats:source")


def find_risks(actor: Any, text: str) -> list[Hit]:
    rows = queries.risks(actor).prefetch_related(None).order_by("-updated_at")[:NEWEST]
    return _hits(rows, text, "threats:risk")


def find_cards(actor: Any, text: str) -> list[Hit]:
    return _hits(bolo.cards(actor)[:NEWEST], text, "threats:bolo")


def _hits(rows: Iterable[Any], text: str, url_name: str) -> list[Hit]:
    hits: list[Hit] = []
    for row in rows:
        if text.casefold() in f"{row.label} {row.title}".casefold():
            url = reverse(url_name, args=[row.pk])
            hits.append(Hit(f"{row.label} {row.title}", url, row.operation.slug))
            if len(hits) == MOST:
                break
    return hits
