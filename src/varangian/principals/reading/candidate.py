"""What a reader hands over: one thing that may become an item, or why it cannot."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Candidate:
    where: str
    """Such as "row 4" or "card 1, line 7"."""
    raw: str
    """As it stands in the file, so that nothing is lost when it is refused."""
    fields: dict[str, Any] = field(default_factory=dict)
    problem: str = ""
    mend: str = ""
    noted: bool = False
    """No item and no mistake: something of the file that is told and stays in the original."""


@dataclass(frozen=True)
class Reading:
    candidates: list[Candidate]
    remarks: list[str]
    """About the file as a whole."""
