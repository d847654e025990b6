"""The shape of the operation order: paragraphs, headings, and who reads them."""

from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, Field, model_validator

from varangian.kernel.library import Key, Keyed, LibraryFile, Line, pick, unique
from varangian.operations.library import Edition

Paragraph = Literal[
    "ground", "situation", "mission", "execution", "service_support", "command_signal"
]
CLOSED_TO: dict[str, frozenset[Edition]] = {
    "medical_card": frozenset({"driver", "controller", "analyst", "advance", "client"}),
    "medical_alerts": frozenset({"driver", "analyst", "advance", "client"}),
    "threat_sources": frozenset({"driver", "medic", "advance", "client"}),
}
"""Walls that no file of a customer takes down: heading id -> editions that never carry it."""


class EditionRule(Keyed):
    id: Edition
    title: Line
    readers: Line
    tlp: Key
    destroy_after_hours: int = Field(gt=0)


class Heading(Keyed):
    title: Line
    holds: Line
    when_empty: Line
    editions: tuple[Edition, ...] = Field(min_length=1)


class OrderParagraph(Keyed):
    id: Paragraph
    title: Line
    purpose: Line
    headings: Annotated[tuple[Heading, ...], AfterValidator(unique)] = Field(min_length=1)


class OrderStructure(LibraryFile):
    editions: Annotated[tuple[EditionRule, ...], AfterValidator(unique)]
    paragraphs: Annotated[tuple[OrderParagraph, ...], AfterValidator(unique)]

    @model_validator(mode="after")
    def _whole(self) -> "OrderStructure":
        unique(self.headings())
        if tuple(paragraph.id for paragraph in self.paragraphs) != get_args(Paragraph):
            raise ValueError(f"paragraphs needs {', '.join(get_args(Paragraph))} in this order")
        for heading in self.headings():
            if open_to := CLOSED_TO.get(heading.id, frozenset()).intersection(heading.editions):
                raise ValueError(f"'{heading.id}' must not go to: {', '.join(sorted(open_to))}")
        unknown = {e for h in self.headings() for e in h.editions} - {e.id for e in self.editions}
        if unknown:
            raise ValueError(f"headings name editions that are not listed: {sorted(unknown)}")
        return self

    def headings(self) -> tuple[Heading, ...]:
        return tuple(heading for part in self.paragraphs for heading in part.headings)

    def heading(self, heading_id: str) -> Heading:
        return pick(self.headings(), heading_id, "heading of the order")

    def edition(self, edition_id: str) -> EditionRule:
        return pick(self.editions, edition_id, "edition of the order")

    def paragraph_of(self, heading_id: str) -> OrderParagraph:
        self.heading(heading_id)
        return next(p for p in self.paragraphs if any(h.id == heading_id for h in p.headings))

    def readable(self, edition_id: str) -> frozenset[str]:
        """Ids of the headings this edition carries."""
        edition = self.edition(edition_id).id
        return frozenset(h.id for h in self.headings() if edition in h.editions)
