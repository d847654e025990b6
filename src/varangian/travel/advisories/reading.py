"""Which source a file is of, and its reader."""

from collections.abc import Callable
from typing import Any

from varangian.kernel.results import Refused

from . import canada, gdacs, germany, uk, us, usgs, values
from .notice import AUTHORITIES, ReadFile

SOURCES = tuple(AUTHORITIES)
KNOWN = "US State (JSON or RSS), UK FCDO, Canada, Germany, GDACS or USGS"


def read(data: bytes, source: str = "auto") -> ReadFile:
    """Everything the file says. ``source``: what the person says it is, else found out."""
    if source not in ("auto", *SOURCES):
        raise Refused("There is no such source", source[:40], f"One of: {', '.join(SOURCES)}.")
    data = values.checked(data)
    found = _xml(data) if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") else _json(data)
    if source not in ("auto", found.source):
        raise Refused(
            f"This file is of {AUTHORITIES[found.source]}, not of {AUTHORITIES[source]}",
            mend="Leave the source out, or choose the other file.",
        )
    if not (found.notices or found.hazards or found.problems):
        raise Refused("The file holds no advisory and no event", mend="Fetch it again.")
    return found


def _xml(data: bytes) -> ReadFile:
    root, fault = values.xml_of(data)
    if (
        gdacs.NAMESPACE in root.nsmap.values()
        or root.find(f".//{{{gdacs.NAMESPACE}}}eventid") is not None
    ):
        return gdacs.read(root, fault)
    channel = root.find("channel")
    about = " ".join(
        [
            *(
                (channel.findtext("title") or "", channel.findtext("link") or "")
                if channel is not None
                else ()
            ),
            *(item.findtext("title") or "" for item in list(root.iter("item"))[:5]),
        ]
    ).lower()
    if "travel.state.gov" in about or "level" in about or "advisor" in about:
        return us.read_rss(root, fault)
    raise _unknown()


def _json(data: bytes) -> ReadFile:
    whole = values.json_of(data)
    for fits, reader in DETECT:
        if fits(whole):
            return reader(whole)
    raise _unknown()


def _is_us(whole: Any) -> bool:
    return isinstance(whole, list) and any(isinstance(i, dict) and "Title" in i for i in whole)


def _is_uk(whole: Any) -> bool:
    return uk.is_page(whole) or (isinstance(whole, list) and any(map(uk.is_page, whole)))


def _is_canada(whole: Any) -> bool:
    data = whole.get("data") if isinstance(whole, dict) else None
    return isinstance(data, dict) and any(
        isinstance(item, dict) and "advisory-state" in item for item in data.values()
    )


def _is_germany(whole: Any) -> bool:
    return isinstance(whole, dict) and isinstance(whole.get("response"), dict)


def _is_usgs(whole: Any) -> bool:
    return isinstance(whole, dict) and whole.get("type") == "FeatureCollection"


DETECT: tuple[tuple[Callable[[Any], bool], Callable[[Any], ReadFile]], ...] = (
    (_is_us, us.read_json),
    (_is_uk, uk.read),
    (_is_canada, canada.read),
    (_is_germany, germany.read),
    (_is_usgs, usgs.read),
)


def _unknown() -> Refused:
    return Refused("This is no file of a source that we read", mend=f"It should be {KNOWN}.")
