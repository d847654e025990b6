"""The sections of a file as panels: open, masked with a way to ask, or opened just now."""

from dataclasses import dataclass
from typing import Any

from varangian.platform.access.scope import Actor

from . import queries
from .models import Principal
from .rules import MASKED, MEDICAL, SECTIONS, field_words
from .shapes import Opened


@dataclass(frozen=True)
class Card:
    name: str
    words: str
    lines: list[tuple[str, str]]
    masked: bool
    askable: bool
    """This person may unmask it with a reason."""
    just_opened: bool


def cards(
    actor: Actor, principal: Principal, seen: dict[str, Any], opened: Opened | None
) -> list[Card]:
    """``seen`` is the masked shape; what it does not show cannot get into a card."""
    askable = set(queries.sections_unmaskable(actor, principal))
    erased = principal.state == Principal.State.ERASED
    found = []
    for section in SECTIONS.values():
        if not section.fields:
            continue
        lines = [line for field in section.fields for line in _lines(field, seen[field])]
        masked = seen[section.fields[0]] == MASKED
        just_opened = bool(opened and section.name in opened)
        may_ask = section.name in askable and masked and not erased
        found.append(Card(section.name, section.words, lines, masked, may_ask, just_opened))
    return found


def _lines(field: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [(words, value.get(name, "")) for name, words in MEDICAL.items()]
    return [(field_words(field), value)]
