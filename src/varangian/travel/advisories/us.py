"""US State Department: the JSON array of its API, and the RSS that lags behind it.

Name and level stand only in the title. The category is a code of their own, not ISO: it is
not read.
"""

import re
from typing import Any

from lxml import etree

from . import values
from .names import by_name
from .notice import Notice, ReadFile

SOURCE = "us-state"
TITLE = re.compile(r"^(?P<name>.+?)\s*[-–—:]\s*Level\s*(?P<level>\d)\b\s*:?\s*(?P<words>.*)$", re.I)
NAMED = re.compile(r"^(?P<name>.+?)\s*(?:[-–—]\s*(?P<words>.*))?$")


def read_json(whole: list[Any]) -> ReadFile:
    found = ReadFile(SOURCE)
    for number, item in enumerate(whole, start=1):
        if not isinstance(item, dict):
            found.problem(f"item {number}", "It is no advisory")
            continue
        given = {
            "link": values.link(item.get("Link")),
            "summary": values.plain(item.get("Summary")),
            "published": values.when(item.get("Updated")) or values.when(item.get("Published")),
            "valid_from": values.when(item.get("Published")),
        }
        _take(found, values.text(item.get("Title"), 300), values.digest(item), given)
    return found


def read_rss(root: etree._Element, fault: str) -> ReadFile:
    found = ReadFile(SOURCE)
    for item in root.iter("item"):
        raw = etree.tostring(item, encoding="utf-8", with_tail=False)
        stamp = values.when(item.findtext("pubDate"))
        given = {
            "link": values.link(item.findtext("link")),
            "summary": values.plain(item.findtext("description") or ""),
            "published": stamp,
            "valid_from": stamp,
        }
        _take(found, values.text(item.findtext("title"), 300), values.digest(raw), given)
    if fault:
        found.problem("file", f"It breaks off: {fault}", "Fetch it again; what was whole is taken.")
    return found


def _take(found: ReadFile, title: str, digest: str, given: dict[str, Any]) -> None:
    match = TITLE.match(title) or NAMED.match(title)
    countries = by_name(match["name"]) if match else ()
    if not match or not countries:
        found.problem(
            title or "item", "Its title names no country that we know", "Read it yourself."
        )
        return
    level = values.step(match.groupdict().get("level"), 4)
    if level is None:
        found.problem(title, "Its title gives no level", "The level is shown as unknown.")
    words = values.text(match["words"] or "", 200) or "no level in the title"
    for country in countries:
        found.notices.append(Notice(SOURCE, country, "whole", level, words, digest, **given))
