"""The statement by ISO 31030: context, threats, inherent risk, controls, what is left, plans."""

from collections.abc import Mapping
from dataclasses import dataclass

OWNED = "_owner"


@dataclass(frozen=True, slots=True)
class Part:
    key: str
    title: str
    ask: str
    owned: bool = False
    """A plan, and a plan has an owner."""


PARTS = (
    Part(
        "context", "Context", "Why this trip, who travels, how visible, what is sensitive about it."
    ),
    Part(
        "threats",
        "Threats and hazards",
        "To this principal, there and then; not the country's average.",
    ),
    Part(
        "inherent",
        "Inherent risk",
        "What could happen and how bad, before anything is done. In words.",
    ),
    Part("controls", "Controls", "What is done about it, and by whom."),
    Part(
        "residual",
        "Residual risk",
        "What is left after the controls, in words that can be signed for.",
    ),
    Part("communications", "Communications plan", "Means, intervals, what silence means.", True),
    Part("medical", "Medical plan", "Who treats, where to, how it is paid, medicine, blood.", True),
    Part(
        "evacuation", "Evacuation plan", "What sets it off, ways out, papers, places to wait.", True
    ),
)
KEYS = tuple(
    key for part in PARTS for key in (part.key, *([part.key + OWNED] if part.owned else []))
)


def gaps(frame: Mapping[str, str]) -> list[str]:
    """What is missing before anybody may approve, in words."""
    found = []
    for part in PARTS:
        if not frame.get(part.key, "").strip():
            found.append(f"no {part.title.lower()}")
        elif part.owned and not frame.get(part.key + OWNED, "").strip():
            found.append(f"nobody owns the {part.title.lower()}")
    return found
