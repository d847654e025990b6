"""Actions-on: the standard contingency cards and the slots of their code words."""

from collections.abc import Collection
from typing import Annotated

from pydantic import AfterValidator, Field

from varangian.kernel.library import Entry, Key, Keyed, LibraryFile, Line, Setting, pick, unique


class CodeWord(Keyed):
    """A slot: the word itself is set for each operation."""

    meaning: Line


class Drill(Entry):
    role: Key
    do: Line


class Card(Keyed):
    title: Line
    applies_to: tuple[Setting, ...] = Field(min_length=1)
    trigger: Line
    drill: tuple[Drill, ...] = Field(min_length=1)
    call: tuple[Line, ...] = Field(min_length=1)
    code_word: Key
    fall_back: Line
    do_not: Line


class ActionsOn(LibraryFile):
    code_words: Annotated[tuple[CodeWord, ...], AfterValidator(unique)]
    cards: Annotated[tuple[Card, ...], AfterValidator(unique)] = Field(min_length=1)

    def get(self, card_id: str) -> Card:
        return pick(self.cards, card_id, "contingency card")

    def arising_in(self, settings: Collection[str]) -> tuple[Card, ...]:
        """The cards for these settings, and those that hold anywhere."""
        wanted = {*settings, "any"}
        return tuple(card for card in self.cards if wanted.intersection(card.applies_to))
