"""What a fragmentary order says: only what changed, for those it changes for."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from ..library import order_structure
from .line import COMMAND, Line


def in_force(base: Iterable[Any], amendments: Iterable[Iterable[Any]]) -> dict[str, Line]:
    """The lines of an order after its fragmentary orders, by anchor, in printed order."""
    held = {row.anchor: _line(row) for row in base}
    for lines in amendments:
        for row in lines:
            _amend(held, row)
    return dict(sorted(held.items(), key=lambda item: order_of(item[1].number)))


def _amend(held: dict[str, Line], row: Any) -> None:
    known = held.get(row.anchor)
    if row.change == "removed":
        if known is not None:
            left = tuple(e for e in known.editions if e not in row.editions)
            held[row.anchor] = replace(known, editions=left)
            if not left:
                del held[row.anchor]
        return
    before = known.editions if known else ()
    held[row.anchor] = replace(_line(row), editions=_ordered({*before, *row.editions}))


def difference(held: dict[str, Line], fresh: list[Line], used: Iterable[str] = ()) -> list[Line]:
    """Lines that turn what is in force into ``fresh``: added, removed or changed.

    ``used`` are the numbers ever printed; none of them is given to another line.

    A changed line keeps its number and carries the old text in ``replaces``. A line that an
    edition may no longer read is removed for that edition alone, and the other way round.
    """
    found: list[Line] = []
    seen = {line.anchor for line in fresh}
    next_free = _next_numbers([*used, *(line.number for line in held.values())])
    for line in fresh:
        known = held.get(line.anchor)
        if known is None:
            prefix = line.number.rpartition(".")[0]
            number = next_free[prefix] = next_free.get(prefix, 0) + 1
            found.append(replace(line, number=f"{prefix}.{number}", change="added"))
        else:
            found += _changes(known, line)
    found += [_removed(old, old.editions) for old in held.values() if old.anchor not in seen]
    return sorted(found, key=lambda line: (order_of(line.number), line.change))


def _changes(old: Line, new: Line) -> list[Line]:
    both = tuple(e for e in new.editions if e in old.editions)
    gained = tuple(e for e in new.editions if e not in old.editions)
    lost = tuple(e for e in old.editions if e not in new.editions)
    here = replace(new, number=old.number)
    found = []
    if both and ((old.composed or old.text) != new.text or old.gap != new.gap):
        found.append(replace(here, editions=both, change="changed", replaces=old.text))
    if gained:
        found.append(replace(here, editions=gained, change="added"))
    if lost:
        found.append(_removed(old, lost))
    return found


def _removed(old: Line, editions: Iterable[str]) -> Line:
    return replace(
        old, text="", cells={}, editions=tuple(editions), change="removed", replaces=old.text
    )


def affected(
    lines: Iterable[Any], posts: Iterable[Any], covers: dict[UUID, frozenset[UUID]]
) -> list[Any]:
    """Posts that read something in these lines that is meant for them.

    ``covers`` holds the movements of a post; a post that names none takes part in all.
    """
    rows = list(lines)
    return [post for post in posts if any(_concerns(row, post, covers) for row in rows)]


def _concerns(row: Any, post: Any, covers: dict[UUID, frozenset[UUID]]) -> bool:
    if post.edition not in row.editions:
        return False
    if post.edition in COMMAND:
        return True
    own = covers.get(post.pk, frozenset())
    post_id, movement_id = _ids(row)
    elsewhere = movement_id is not None and own and movement_id not in own
    return post_id in (None, post.pk) and not elsewhere


def _ids(row: Any) -> tuple[UUID | None, UUID | None]:
    return (row.post, row.movement) if isinstance(row, Line) else (row.post_id, row.movement_id)


def _line(row: Any) -> Line:
    if isinstance(row, Line):
        return replace(row, change="", replaces="")
    return Line(
        row.heading,
        row.anchor,
        row.text,
        tuple(row.editions),
        reason=(row.reason_kind, row.reason) if row.reason else None,
        post=row.post_id,
        movement=row.movement_id,
        cells=row.cells,
        gap=row.gap,
        number=row.number,
        composed=row.composed,
        record=row.pk,
    )


def _next_numbers(numbers: Iterable[str]) -> dict[str, int]:
    highest: dict[str, int] = {}
    for number in numbers:
        prefix, _, last = number.rpartition(".")
        highest[prefix] = max(highest.get(prefix, 0), int(last))
    return highest


def order_of(number: str) -> tuple[int, ...]:
    return tuple(int(part) for part in number.split("."))


def _ordered(editions: set[str]) -> tuple[str, ...]:
    return tuple(rule.id for rule in order_structure().editions if rule.id in editions)
