"""Bytes to text, XML elements or JSON features, safely, saving what is whole of a broken file."""

import codecs
import json
import re
from dataclasses import dataclass, field

from lxml import etree

from varangian.intelligence.feeds.records import Problem
from varangian.kernel.results import Refused

LIMIT_BYTES = 25 * 1024 * 1024
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_.-]{1,40})["']""")
_KNOWN = re.compile(
    r"(utf-?8|us-ascii|ascii|iso-?8859-?\d{1,2}|latin-?1|windows-125\d|cp125\d|shift_jis|euc-jp|"
    r"euc-kr|gb2312|gbk|gb18030|big5|koi8-[ru])$",
    re.I,
)
_XML_HEAD = re.compile(r"^\s*<\?xml[^>]{0,500}\?>")
_BEFORE_ROOT = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->", re.S)
_FEATURES = re.compile(r'"features"\s*:\s*\[')
_GAP = re.compile(r"[\s,]*")


@dataclass(slots=True)
class Opened:
    """``parts`` are elements or features; ``broken`` says why the file could not be read on."""

    parts: list
    problems: list[Problem] = field(default_factory=list)
    broken: str = ""


def decoded(data: bytes, limit: int = LIMIT_BYTES) -> tuple[str, list[Problem]]:
    """Text by byte-order mark, XML declaration or UTF-8, in that order; else windows-1252."""
    if len(data) > limit:
        raise Refused(
            f"The file has {len(data):,} bytes; the limit is {limit:,}",
            mend="Split it, or raise the limit.",
        )
    if not data.strip():
        raise Refused("The file is empty", mend="Fetch it again.")
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], encoding)
    declared = _DECLARED.match(data[:400])
    name = declared.group(1).decode("ascii") if declared else "utf-8"
    if not _KNOWN.match(name):
        content, problems = _strictly(data, "utf-8")
        what = f"The declared encoding {name!r} is not one we read; taken as UTF-8"
        return content, [Problem("file", what, "Save the file as UTF-8."), *problems]
    return _strictly(data, name)


def _strictly(data: bytes, encoding: str) -> tuple[str, list[Problem]]:
    try:
        return data.decode(encoding), []
    except (UnicodeDecodeError, LookupError) as fault:
        start = getattr(fault, "start", 0)
        if isinstance(fault, UnicodeDecodeError) and start >= len(data) - 4 and start:
            return data[:start].decode(encoding), []
    what = f"The file is not valid {encoding}; read as windows-1252, so some letters may be wrong"
    return data.decode("cp1252", "replace"), [Problem("file", what, "Save the file as UTF-8.")]


def refuse_dtd(content: str) -> None:
    """No document type at all: it is the door for entity bombs and outside files."""
    place = 1 if content.startswith("\ufeff") else 0
    while found := _BEFORE_ROOT.match(content, place):
        place = found.end()
    if content.startswith("<!", place):
        raise Refused(
            "The file carries a document type or entity declaration, which is not read",
            "before the first element",
            "Remove the DOCTYPE.",
        )


def _parser(events: tuple[str, ...], tags: list[str] | None = None) -> etree.XMLPullParser:
    return etree.XMLPullParser(
        events=events,
        tag=tags,
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _as_utf8(content: str) -> bytes:
    return _XML_HEAD.sub("", content.lstrip("\ufeff"), count=1).encode("utf-8", "replace")


def root_of(content: str) -> etree._Element:
    """The first element, as far as it was read. Refuses what is no XML, and any DTD."""
    refuse_dtd(content)
    parser, body = _parser(("start",)), _as_utf8(content)
    try:
        for place in range(0, len(body), 4096):
            parser.feed(body[place : place + 4096])
            for _, element in parser.read_events():
                return element
    except etree.XMLSyntaxError as fault:
        for _, element in parser.read_events():
            return element
        raise Refused(
            "The file is not well-formed XML", str(fault)[:200], "Fetch it again."
        ) from None
    raise Refused("The file holds no XML element", mend="Fetch it again.")


def namespace_and_name(element: etree._Element) -> tuple[str, str]:
    """As written, valid or not: damaged files have names that lxml's QName refuses."""
    space, _, name = str(element.tag).rpartition("}")
    return space.removeprefix("{"), name


def open_xml(content: str, tags: list[str]) -> Opened:
    """All whole elements of the given tags, up to the end or the first break."""
    refuse_dtd(content)
    parser, opened = _parser(("end",), tags), Opened([])
    body = _as_utf8(content)
    try:
        for place in range(0, len(body), 65536):
            parser.feed(body[place : place + 65536])
        parser.close()
    except etree.XMLSyntaxError as fault:
        opened.broken = str(fault)[:200]
    opened.parts = [element for _, element in parser.read_events()]
    return opened


def _constant(name: str) -> str:
    """NaN and Infinity are no JSON: kept as words, which are neither numbers nor dates."""
    return name


def open_features(content: str) -> Opened:
    """The features of a GeoJSON FeatureCollection, or a single Feature."""
    decoder = json.JSONDecoder(parse_constant=_constant)
    try:
        whole = decoder.decode(content.lstrip("\ufeff"))
    except RecursionError:
        raise Refused("The file is nested too deeply", mend="Fetch it again.") from None
    except ValueError as fault:
        return _salvaged(content, decoder, str(fault)[:200])
    kind = whole.get("type") if isinstance(whole, dict) else None
    if kind == "Feature":
        return Opened([whole])
    features = whole.get("features") if isinstance(whole, dict) else None
    if kind != "FeatureCollection" or not isinstance(features, list):
        raise Refused(
            "The file is JSON, but no GeoJSON FeatureCollection",
            mend='It needs "type": "FeatureCollection" and a list "features".',
        )
    return Opened(features)


def _salvaged(content: str, decoder: json.JSONDecoder, fault: str) -> Opened:
    opened, start = Opened([], broken=fault), _FEATURES.search(content)
    place = start.end() if start else len(content)
    while place < len(content):
        place = _GAP.match(content, place).end()  # type: ignore[union-attr]
        try:
            feature, place = decoder.raw_decode(content, place)
        except (ValueError, RecursionError):
            break
        opened.parts.append(feature)
    return opened
