"""Tables (CSV): delimiter and encoding found out, columns proposed by name, one item a row.

A row that cannot be used is named with the reason and kept as it stands; a column without a
meaning goes into the notes of its item.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO

from varangian.kernel.results import Refused

from .candidate import Candidate, Reading
from .text import decode
from .values import read_date, read_detail, read_kind, read_sensitivity, simple

FIELDS = {
    "what": "What is public",
    "kind": "Kind",
    "detail": "Detail of the footprint",
    "where": "Where (source)",
    "link": "Link",
    "seen_on": "Seen on",
    "found_by": "Found by",
    "sensitivity": "Sensitivity",
    "notes": "Notes",
}
ALIASES = {
    "what": "what what_is_public item value data content description exposure finding fact",
    "kind": "kind category class group",
    "detail": "detail subtype sub_kind data_type element type",
    "where": "where source site website broker publisher platform found_at found_on",
    "link": "link url address_of_page web_address href page",
    "seen_on": "seen_on seen date date_seen found_date day",
    "found_by": "found_by finder by analyst reported_by",
    "sensitivity": "sensitivity severity importance",
    "notes": "notes note remark remarks comment comments",
}
NAMES = {alias: name for name, aliases in ALIASES.items() for alias in aliases.split()}
MOST_ROWS = 2_000
MOST_COLUMNS = 60
LONGEST = 4_000
DELIMITERS = ",;\t|"


@dataclass(frozen=True)
class Table:
    head: list[str]
    rows: list[tuple[int, list[str]]]
    """Number of the line at which the row ends, and its cells."""
    remarks: list[str]


def read_table(data: bytes) -> Table:
    """Refused only when the file as a whole is none."""
    text, remarks = decode(data)
    first = next((line for line in text.splitlines() if line.strip()), "")
    if not first:
        raise Refused("The file is empty", mend="Give a table whose first row names the columns.")
    rows, broken = _rows(text, _delimiter(first))
    if not rows:
        raise Refused("The file is no table", mend="Save it as CSV with a first row of names.")
    head = [cell.strip()[:80] for cell in rows[0][1]][:MOST_COLUMNS]
    if len(rows) > MOST_ROWS + 1:
        raise Refused(
            f"The table has more than {MOST_ROWS} rows",
            mend="Split it into several files; nothing of this one was taken.",
        )
    return Table(head, rows[1:], remarks + broken)


def _delimiter(first: str) -> str:
    return max(DELIMITERS, key=lambda sign: (first.count(sign), -DELIMITERS.index(sign)))


def _rows(text: str, delimiter: str) -> tuple[list[tuple[int, list[str]]], list[str]]:
    reader = csv.reader(StringIO(text), delimiter=delimiter)
    found: list[tuple[int, list[str]]] = []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found.append((reader.line_num, cells))
            if len(found) > MOST_ROWS + 1:
                break
    except csv.Error as error:
        told = f"The table breaks off at line {reader.line_num} ({error}): export it again."
        return found, [told]
    return found, []


def propose(head: list[str]) -> dict[str, int]:
    """Column by meaning, from the names in the first row; a person can choose otherwise."""
    found: dict[str, int] = {}
    for index, name in enumerate(head):
        meaning = NAMES.get(simple(name))
        if meaning and meaning not in found:
            found[meaning] = index
    return found


def checked_mapping(mapping: Mapping[str, int], head: list[str]) -> dict[str, int]:
    for name, index in mapping.items():
        if name not in FIELDS:
            raise Refused("No such field", where=name, mend=f"Possible: {', '.join(FIELDS)}.")
        if not 0 <= index < len(head):
            raise Refused("The table has no such column", where=f"{name}: {index + 1}")
    if "what" not in mapping:
        raise Refused(
            "No column says what is public", where="what", mend="Choose the column that does."
        )
    if len(set(mapping.values())) < len(mapping):
        raise Refused("One column was chosen twice", where="columns", mend="Choose each once.")
    return dict(mapping)


def candidates(table: Table, mapping: Mapping[str, int], kind: str = "") -> Reading:
    """``kind`` stands for rows that do not say theirs."""
    found = [_candidate(table, number, cells, mapping, kind) for number, cells in table.rows]
    return Reading(found, table.remarks)


def _candidate(
    table: Table, number: int, cells: list[str], mapping: Mapping[str, int], kind: str
) -> Candidate:
    where, raw = f"row {number}", " | ".join(cells)[: LONGEST * 2]
    given = {
        name: cells[i].strip()[:LONGEST] if i < len(cells) else "" for name, i in mapping.items()
    }
    if len(cells) > len(table.head) and any(cell.strip() for cell in cells[len(table.head) :]):
        told = f"The row has {len(cells)} cells, the first row names {len(table.head)} columns"
        return Candidate(where, raw, problem=told, mend="Put cells with the separator in quotes.")
    if not given.get("what"):
        return Candidate(where, raw, problem="Nothing says what is public", mend="Fill the cell.")
    try:
        fields = _fields(given, kind)
    except Refused as refused:
        return Candidate(where, raw, problem=refused.what, mend=refused.mend)
    extra = _unmapped(table.head, cells, mapping)
    fields["notes"] = "\n".join(filter(None, [given.get("notes", ""), *extra]))[: LONGEST * 2]
    return Candidate(where, raw, fields)


def _fields(given: Mapping[str, str], kind: str) -> dict[str, object]:
    found_kind, found_detail = read_kind(given.get("kind", "") or kind)
    detail = read_detail(given.get("detail", "")) or found_detail
    if detail and found_kind in ("", "footprint"):
        found_kind = "footprint"
    elif detail:
        raise Refused(
            f"A detail such as '{detail}' belongs to a digital footprint",
            mend="Leave the detail empty, or make the kind 'footprint'.",
        )
    if not found_kind:
        raise Refused(
            "The row does not say its kind", mend="Fill the column, or choose a kind for all."
        )
    return {
        "what": given["what"],
        "kind": found_kind,
        "detail": detail,
        "where": given.get("where", ""),
        "link": given.get("link", ""),
        "found_by": given.get("found_by", ""),
        "seen_on": read_date(given.get("seen_on", "")),
        "sensitivity": read_sensitivity(given.get("sensitivity", "")),
    }


def _unmapped(head: list[str], cells: list[str], mapping: Mapping[str, int]) -> list[str]:
    known = set(mapping.values())
    return [
        f"{name or f'Column {i + 1}'}: {cells[i].strip()}"
        for i, name in enumerate(head)
        if i not in known and i < len(cells) and cells[i].strip()
    ]
