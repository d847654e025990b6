"""Any feed file to reports and problems. Raises Refused only, and only for a whole file."""

from collections.abc import Callable
from typing import Any

from varangian.intelligence.feeds import cap, gdacs, geojson, usgs
from varangian.intelligence.feeds.detect import detect
from varangian.intelligence.feeds.files import LIMIT_BYTES, Opened, decoded
from varangian.intelligence.feeds.records import (
    FeedResult,
    HazardReport,
    Problem,
    Unusable,
)
from varangian.kernel.results import Refused

FORMATS: dict[str, Any] = {"gdacs": gdacs, "usgs": usgs, "cap": cap, "geojson": geojson}
PROBLEMS_AN_ITEM = 5


def parse(
    data: bytes, kind: str = "auto", *, limit: int = LIMIT_BYTES, language: str = "en"
) -> FeedResult:
    """Reports of a file, each event once, its newest state; bad items become Problems.

    ``kind``: auto, gdacs, usgs, cap or geojson. ``language``: which CAP text to prefer.
    """
    if kind != "auto" and kind not in FORMATS:
        raise Refused(f"Feed kind {kind!r} is not one we read", mend=f"Use {', '.join(FORMATS)}.")
    content, problems = decoded(data, limit)
    name = detect(content) if kind == "auto" else kind
    opened: Opened = FORMATS[name].opened(content)
    problems += opened.problems
    items: list[HazardReport] = []
    for place, part in enumerate(opened.parts, 1):
        found, faults = _one(FORMATS[name].reports, part, f"item {place}", language)
        items += found
        problems += faults
    if opened.broken:
        problems.append(_break(opened, len(opened.parts)))
    items, repeated = _each_once(items)
    return FeedResult(name, items, problems + repeated)


def _break(opened: Opened, whole: int) -> Problem:
    if not whole:
        raise Refused(
            "The file breaks off before its first whole item", opened.broken, "Fetch it again."
        )
    what = f"The file breaks off or is damaged here; the {whole} whole items before it were read"
    return Problem(f"after item {whole}", f"{what} ({opened.broken})", "Fetch it again.")


def _one(
    reports: Callable[..., list[HazardReport]], part: Any, where: str, language: str
) -> tuple[list[HazardReport], list[Problem]]:
    faults: list[Problem] = []

    def note(what: str, mend: str) -> None:
        faults.append(Problem(where, what, mend))

    more: dict[str, str] = {"language": language} if reports is cap.reports else {}
    try:
        found = reports(part, note, **more)
    except Unusable as fault:
        return [], [*faults[:PROBLEMS_AN_ITEM], Problem(where, fault.what, fault.mend)]
    except RecursionError:
        return [], [Problem(where, "The item is nested too deeply")]
    named = f"{where} ({found[0].native_id})" if found else where
    faults = [Problem(named, fault.what, fault.mend) for fault in dict.fromkeys(faults)]
    if len(faults) > PROBLEMS_AN_ITEM:
        rest = len(faults) - PROBLEMS_AN_ITEM
        faults = [*faults[:PROBLEMS_AN_ITEM], Problem(named, f"{rest} more faults of this item")]
    return found, faults


def _each_once(items: list[HazardReport]) -> tuple[list[HazardReport], list[Problem]]:
    """The newest of reports with one id; of equally old ones the last in the file."""
    newest: dict[str, HazardReport] = {}
    repeats: dict[str, int] = {}
    for item in items:
        other = newest.get(item.native_id)
        if other is not None:
            repeats[item.native_id] = repeats.get(item.native_id, 1) + 1
            if other.updated_at and (not item.updated_at or item.updated_at < other.updated_at):
                continue
        newest[item.native_id] = item
    what = "The id stands {} times in the file; the one updated last was taken"
    problems = [Problem(name, what.format(count)) for name, count in repeats.items()]
    return list(newest.values()), problems
