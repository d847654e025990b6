"""Standard measures, the shape of the operation order, readiness policy and contingency cards."""

from collections.abc import Collection
from functools import cache
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, Field, model_validator

from varangian.kernel.library import (
    Entry,
    Key,
    Keyed,
    LibraryFile,
    Line,
    Responsibility,
    Setting,
    load_yaml,
    pick,
    unique,
)
from varangian.operations.library import Edition, kinds, posts
from varangian.threats.library import LEVELS, ThreatLevel, levels, risks

Paragraph = Literal[
    "ground", "situation", "mission", "execution", "service_support", "command_signal"
]
CLOSED_TO: dict[str, frozenset[Edition]] = {
    "medical_card": frozenset({"driver", "controller", "analyst", "advance", "client"}),
    "medical_alerts": frozenset({"driver", "analyst", "advance", "client"}),
    "threat_sources": frozenset({"driver", "medic", "advance", "client"}),
}
"""Walls that no file of a customer takes down: heading id -> editions that never carry it."""
GO_HOLDS, WAIVER_AT_MOST = 24, 72
"""Hours, where a customer's own policy says nothing."""
MoneyBand = Literal["none", "low", "medium", "high"]
Money = MoneyBand | Annotated[float, Field(ge=0)]
Hours = Annotated[float, Field(ge=0)]


class Lowers(Entry):
    """Steps on the matrix once the measure is in place."""

    likelihood: int = Field(default=0, ge=0, le=2)
    impact: int = Field(default=0, ge=0, le=2)

    @model_validator(mode="after")
    def _lowers_something(self) -> "Lowers":
        if not (self.likelihood or self.impact):
            raise ValueError("a measure lowers likelihood or impact by at least one step")
        return self


class Effort(Entry):
    """Person-hours, money (band or amount), discomfort to the principal 0-3, notice needed."""

    hours: Hours
    money: Money
    discomfort: int = Field(ge=0, le=3)
    lead_time_hours: Hours


class StandardMeasure(Keyed):
    responsibility: Responsibility
    title: Line
    what_to_do: Line
    lowers: Lowers
    role: Key
    order_paragraph: Paragraph
    order_heading: Key
    effort: Effort
    verify: Line


class MeasureLibrary(LibraryFile):
    money_bands: dict[MoneyBand, Line]
    discomfort_words: dict[int, Line]
    measures: Annotated[tuple[StandardMeasure, ...], AfterValidator(unique)] = Field(min_length=1)

    def get(self, measure_id: str) -> StandardMeasure:
        return pick(self.measures, measure_id, "standard measure")


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


class Artefact(Keyed):
    title: Line
    why: Line
    ready_when: Line
    required_from: ThreatLevel
    kinds: tuple[Key, ...] = Field(min_length=1)
    per: Literal["operation", "movement", "road_leg", "day", "post", "place", "vehicle"]
    owner: Key
    fresh_for_hours: dict[ThreatLevel, Annotated[int, Field(gt=0)]]
    waivable: bool

    def fresh_for(self, level: ThreatLevel) -> int | None:
        """Hours it stays fresh at this level; None when it does not age.

        A level without a figure of its own uses the nearest lower one.
        """
        return at_level(self.fresh_for_hours, level)


def at_level(hours: dict[ThreatLevel, int], level: ThreatLevel) -> int | None:
    """The figure for a level, or for the nearest lower one that has a figure."""
    reached = [hours[step] for step in LEVELS[: LEVELS.index(level) + 1] if step in hours]
    return reached[-1] if reached else None


class ReadinessPolicy(LibraryFile):
    go_holds_hours: dict[ThreatLevel, Annotated[int, Field(gt=0)]] = {}
    waiver_at_most_hours: dict[ThreatLevel, Annotated[int, Field(gt=0)]] = {}
    artefacts: Annotated[tuple[Artefact, ...], AfterValidator(unique)] = Field(min_length=1)

    def get(self, artefact_id: str) -> Artefact:
        return pick(self.artefacts, artefact_id, "readiness artefact")

    def go_holds(self, level: ThreatLevel) -> int:
        """Hours for which a go holds."""
        return at_level(self.go_holds_hours, level) or GO_HOLDS

    def waiver_at_most(self, level: ThreatLevel) -> int:
        """Hours for which a waiver may hold."""
        return at_level(self.waiver_at_most_hours, level) or WAIVER_AT_MOST

    def required(self, kind: str, level: str | None) -> tuple[Artefact, ...]:
        """What an operation of this kind needs at this threat level (unset: as levels() says)."""
        reached = LEVELS.index(levels().get(level).id)
        return tuple(
            artefact
            for artefact in self.artefacts
            if {kind, "any"}.intersection(artefact.kinds)
            and LEVELS.index(artefact.required_from) <= reached
        )


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


@cache
def measures() -> MeasureLibrary:
    return load_yaml(__name__, "measures.yaml", MeasureLibrary)


@cache
def order_structure() -> OrderStructure:
    return load_yaml(__name__, "order.yaml", OrderStructure)


@cache
def readiness_policy() -> ReadinessPolicy:
    return load_yaml(__name__, "readiness.yaml", ReadinessPolicy)


@cache
def actions_on() -> ActionsOn:
    return load_yaml(__name__, "actions_on.yaml", ActionsOn)


def broken_references() -> list[str]:
    """What one library file asks of another and does not find; empty when all holds together."""
    return [*_risk_references(), *_measure_references(), *_card_references(), *_kind_references()]


def _risk_references() -> list[str]:
    known = {measure.id for measure in measures().measures}
    return [
        f"risks.yaml: risk '{risk.id}' names measure '{measure}', unknown to measures.yaml"
        for risk in risks().risks
        for measure in risk.measures
        if measure not in known
    ]


def _measure_references() -> list[str]:
    places = {(p.id, h.id): h.editions for p in order_structure().paragraphs for h in p.headings}
    found = []
    for measure in measures().measures:
        editions = places.get((measure.order_paragraph, measure.order_heading))
        said = f"measures.yaml: measure '{measure.id}'"
        if measure.role not in posts().roles():
            found.append(f"{said} is owned by '{measure.role}', unknown to posts.yaml")
        elif editions is None:
            place = f"{measure.order_paragraph}/{measure.order_heading}"
            found.append(f"{said} stands in {place}, unknown to order.yaml")
        elif not posts().editions_of(measure.role) <= set(editions):
            found.append(f"{said} stands where its owner '{measure.role}' cannot read it")
    return found


def _card_references() -> list[str]:
    words = {word.id for word in actions_on().code_words}
    found = []
    for card in actions_on().cards:
        said = f"actions_on.yaml: card '{card.id}'"
        if card.code_word not in words:
            found.append(f"{said} uses code word '{card.code_word}', which is not listed")
        strangers = {drill.role for drill in card.drill} - posts().roles()
        found += [f"{said} has a drill for '{role}', unknown to posts.yaml" for role in strangers]
    return found


def _kind_references() -> list[str]:
    known_posts = {post.id for post in posts().posts}
    known_kinds = {kind.id for kind in kinds().kinds} | {"any"}
    found = [
        f"kinds.yaml: kind '{kind.id}' names post '{post}', unknown to posts.yaml"
        for kind in kinds().kinds
        for post in kind.posts
        if post not in known_posts
    ]
    for artefact in readiness_policy().artefacts:
        said = f"readiness.yaml: artefact '{artefact.id}'"
        strangers = set(artefact.kinds) - known_kinds
        found += [f"{said} names kind '{kind}', unknown to kinds.yaml" for kind in strangers]
        if artefact.owner not in posts().roles():
            found.append(f"{said} is owned by '{artefact.owner}', unknown to posts.yaml")
    return found
