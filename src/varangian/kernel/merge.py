"""Two people changed the same record: what goes together, and what somebody must choose."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Who = Literal["theirs", "yours", "both"]


@dataclass(frozen=True)
class Side:
    """One field that is not as it was: as it was shown, as it stands now, as it was typed."""

    name: str
    was: str
    theirs: str
    yours: str
    by: Who
    """Who changed it; ``both`` to different values has to be chosen."""

    @property
    def clash(self) -> bool:
        return self.by == "both"

    @property
    def kept(self) -> str:
        """What stays without a choice: whatever somebody changed."""
        return self.yours if self.by == "yours" else self.theirs


def sides(
    was: Mapping[str, str], theirs: Mapping[str, str], yours: Mapping[str, str]
) -> list[Side]:
    """Three-way comparison by field; fields on which both agree are left out.

    A field whose first value is not known counts as changed by both.
    """
    found = []
    for name, own in yours.items():
        other = theirs.get(name, "")
        if own == other:
            continue
        first = was.get(name)
        by: Who = "yours" if first == other else "theirs" if first == own else "both"
        found.append(Side(name, first or "", other, own, by))
    return found
