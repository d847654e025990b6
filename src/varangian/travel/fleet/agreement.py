"""The driver's file beside the officer's record of the roster: where they differ. Pure.

Both are kept by people who plan; neither is taken as the truth. A difference is shown until
somebody has mended one of them. What only one of the two keeps is no difference: the roster's
licences are of the trade and its medical levels are of first aid, the file's are to drive.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

CLASS = re.compile(r"(?:AM|A[12]?|BE?|B1|C1?E?|D1?E?)", re.IGNORECASE)
"""Licence classes; the roster keeps them in one list with its driving levels."""
Ends = dict[str, tuple[str, str]]


@dataclass(frozen=True)
class Difference:
    title: str
    file: str
    """What the driver's file says."""
    roster: str
    """What the officer's record says."""

    @property
    def words(self) -> str:
        return f"{self.title}: the driver's file says {self.file}, the roster says {self.roster}"


def differences(file: Mapping[str, Any], roster: Mapping[str, Any]) -> list[Difference]:
    driving = _by_name(roster.get("driving", ()))
    classes = {key: row for key, row in driving.items() if CLASS.fullmatch(key)}
    levels = {key: row for key, row in driving.items() if key not in classes}
    found = _dated("Licence", _by_name(file.get("licences", ())), classes)
    found += _courses(_by_name(file.get("courses", ())), levels)
    return found + _languages(file.get("languages", ()), roster.get("languages", ()))


def _dated(title: str, here: Ends, there: Ends) -> list[Difference]:
    """By name; a name that one of them does not have, or another last day."""
    return [
        Difference(f"{title} {(here.get(key) or there[key])[0]}", _said(here, key), said)
        for key in sorted({*here, *there})
        if _said(here, key) != (said := _said(there, key))
    ]


def _courses(here: Ends, levels: Ends) -> list[Difference]:
    """Courses have names of their own: those of one name, or a level with no course at all."""
    if here:
        levels = {key: row for key, row in levels.items() if key in here}
        here = {key: row for key, row in here.items() if key in levels}
    return _dated("Course", here, levels)


def _by_name(rows: Sequence[Mapping[str, Any]]) -> Ends:
    return {_plain(row["name"]): (row["name"], str(row.get("until") or "")) for row in rows}


def _said(rows: Ends, key: str) -> str:
    if key not in rows:
        return "nothing"
    until = rows[key][1]
    return f"until {until}" if until else "no end"


def _languages(ours: Sequence[str], theirs: Sequence[str]) -> list[Difference]:
    if {_plain(one) for one in ours} == {_plain(one) for one in theirs}:
        return []
    return [Difference("Languages", _joined(ours), _joined(theirs))]


def _joined(words: Sequence[str]) -> str:
    return ", ".join(sorted(words)) or "nothing"


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
