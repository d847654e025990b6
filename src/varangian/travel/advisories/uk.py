"""UK FCDO over the content API: a page of one country, a list of pages, or the index.

``details.alert_status`` is a list of up to four words; an empty list is no warning, a missing one
is not known. What is said of the whole country and of parts of it is kept apart.
"""

from typing import Any

from varangian.kernel.words import plural

from . import values
from .names import by_name
from .notice import Notice, ReadFile, Scope

SOURCE = "uk-fcdo"
FOLDER = "/foreign-travel-advice"
STATUS: dict[str, tuple[Scope, int, str]] = {
    "avoid_all_travel_to_whole_country": ("whole", 4, "against all travel to the country"),
    "avoid_all_but_essential_travel_to_whole_country": (
        "whole",
        3,
        "against all but essential travel to the country",
    ),
    "avoid_all_travel_to_parts": ("part", 4, "against all travel to parts of the country"),
    "avoid_all_but_essential_travel_to_parts": (
        "part",
        3,
        "against all but essential travel to parts of the country",
    ),
}


def is_page(item: Any) -> bool:
    return isinstance(item, dict) and (
        FOLDER in values.text(item.get("base_path"))
        or (isinstance(item.get("details"), dict) and "alert_status" in item["details"])
    )


def read(whole: Any) -> ReadFile:
    found = ReadFile(SOURCE)
    for number, item in enumerate(whole if isinstance(whole, list) else [whole], start=1):
        if not is_page(item):
            found.problem(f"item {number}", "It is no page of travel advice")
        elif _is_index(item):
            _index(found, item)
        else:
            _page(found, item)
    return found


def _is_index(item: dict[str, Any]) -> bool:
    return values.text(item.get("base_path")).rstrip("/") == FOLDER


def _index(found: ReadFile, item: dict[str, Any]) -> None:
    """The index gives the pages and no level."""
    links = item.get("links")
    children = links.get("children") if isinstance(links, dict) else None
    for child in children if isinstance(children, list) else []:
        path = values.text(child.get("base_path")) if isinstance(child, dict) else ""
        if path.startswith(f"{FOLDER}/"):
            found.pages.append(path.removeprefix(f"{FOLDER}/").strip("/"))
    named = plural(len(found.pages), "country", "countries")
    what = f"The index names {named} and gives no level"
    found.problem("index", what, "Import the pages of the countries.")


def _page(found: ReadFile, item: dict[str, Any]) -> None:
    details = item["details"] if isinstance(item.get("details"), dict) else {}
    about = details["country"] if isinstance(details.get("country"), dict) else {}
    name = values.text(about.get("name")) or values.text(item.get("title"))
    path = values.text(item.get("base_path"))
    countries = by_name(name) or by_name(path.rpartition("/")[2].replace("-", " "))
    if not countries:
        found.problem(name or path, "This country is not known here", "Read the page yourself.")
        return
    stated = details.get("alert_status")
    if not isinstance(stated, list):
        found.problem(name, "The page has no alert status", "The level is shown as unknown.")
    levels = _levels(found, name, stated)
    given = {
        "summary": values.plain(details.get("change_description")) or _first_part(details),
        "link": values.link(f"https://www.gov.uk{path}") if path.startswith("/") else "",
        "published": values.when(item.get("public_updated_at"))
        or values.when(item.get("updated_at")),
        "valid_from": values.when(details.get("updated_at"))
        or values.when(item.get("public_updated_at")),
        "digest": values.digest(item),
    }
    for country in countries:
        for scope, (level, words) in levels.items():
            found.notices.append(Notice(SOURCE, country, scope, level, words, **given))


def _levels(found: ReadFile, name: str, stated: Any) -> dict[Scope, tuple[int | None, str]]:
    """The highest of the whole country and of its parts; both are always said."""
    rows: dict[Scope, tuple[int | None, str]]
    if not isinstance(stated, list):
        return {"whole": (None, "no alert status"), "part": (None, "no alert status")}
    rows = {"whole": (1, "no warning against travel"), "part": (1, "no warning for parts")}
    for status in stated:
        known = STATUS.get(values.text(status))
        if known is None:
            found.problem(name, f"Alert status {values.text(status, 80)!r} is not one we know")
            rows = {scope: _unless_higher(row) for scope, row in rows.items()}
            continue
        scope, level, words = known
        if (rows[scope][0] or 0) < level:
            rows[scope] = (level, words)
    return rows


def _unless_higher(row: tuple[int | None, str]) -> tuple[int | None, str]:
    return row if (row[0] or 0) > 1 else (None, "an alert status that is not known here")


def _first_part(details: dict[str, Any]) -> str:
    parts = details.get("parts")
    first = parts[0] if isinstance(parts, list) and parts else None
    return values.plain(first.get("body"), 1000) if isinstance(first, dict) else ""
