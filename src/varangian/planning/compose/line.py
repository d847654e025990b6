"""One line of an order while it is being composed, and who may read it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import UUID

from varangian.kernel.ids import slugify

from ..library import order_structure
from .material import Material

Reason = tuple[str, UUID]
COMMAND = frozenset({"detail_leader", "controller"})
"""Editions that read the lines of every post."""
NEED_CONTACTS = frozenset({"detail_leader", "ppo", "medic", "controller", "analyst"})
"""Editions that may know whom to call about the principal."""


@dataclass(frozen=True)
class Line:
    """``anchor`` names what it speaks of, the same in each version; ``also`` ties it further."""

    heading: str
    anchor: str
    text: str
    editions: tuple[str, ...]
    reason: Reason | None = None
    also: tuple[Reason, ...] = ()
    post: UUID | None = None
    movement: UUID | None = None
    cells: dict[str, str] = field(default_factory=dict)
    gap: bool = False
    tied: bool = True
    number: str = ""
    change: str = ""
    replaces: str = ""
    composed: str = ""
    """What the records said where a person worded the line otherwise; empty where they are one."""
    record: UUID | None = None
    """The kept line of an order that states it."""

    @property
    def ties(self) -> tuple[Reason, ...]:
        own = (self.reason,) if self.reason and self.tied else ()
        return tuple(dict.fromkeys((*own, *self.also)))


def write(
    heading: str, anchor: str, text: str, *, only: Iterable[str] | None = None, **fields: Any
) -> Line:
    """A line with the heading's editions, narrowed to ``only``; never wider than the heading."""
    readers = order_structure().heading(heading).editions
    narrowed = readers if only is None else tuple(e for e in readers if e in set(only))
    return Line(heading, f"{heading}:{anchor}"[:120], text, narrowed, **fields)


def readers_of(post: Any) -> frozenset[str]:
    """The edition of a post, and those who command it."""
    return COMMAND | {post.edition}


def plan_lines(material: Material, heading: str) -> list[Line]:
    """What the planner typed under a heading, one line of the order for each line typed.

    ``Label: words`` keeps its anchor when the words change, so that the difference says "changed".
    """
    typed = as_lines((material.operation.plan or {}).get(heading, ""))
    seen: dict[str, Line] = {}
    for text in typed:
        label, colon, _ = text.partition(":")
        short = slugify(label) if colon and len(label) <= 40 else sha256(text.encode()).hexdigest()
        anchor = f"plan:{short[:48]}"
        while anchor in seen:
            anchor += "+"
        seen[anchor] = write(heading, anchor, text, reason=material.about_operation)
    return list(seen.values())


def as_lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def measure_lines(material: Material, heading: str) -> list[Line]:
    """Agreed measures and those in place, where the register put them."""
    return [
        _measure(measure, material) for measure in material.measures if measure.heading == heading
    ]


def _measure(measure: Any, material: Material) -> Line:
    post = next((p for p in material.posts if p.pk == measure.post_id), None)
    return write(
        measure.heading,
        f"measure:{measure.pk}",
        f"{post.title}: {measure.task}" if post else measure.task or measure.title,
        only=readers_of(post) if post else None,
        reason=("measure", measure.pk),
        also=(("post", post.pk),) if post else (),
        post=post.pk if post else None,
    )
