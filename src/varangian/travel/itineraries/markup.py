"""Reservations that stand in a page or mail for machines: schema.org as JSON-LD and microdata."""

import json
import re
from typing import Any

from varangian.kernel.results import Refused

MOST_BYTES = 5 * 1024 * 1024
MOST_NODES = 2_000
DEEPEST = 12
ENDINGS = ("Reservation", "ReservationPackage")
SCRIPT = re.compile(rb"<script\b[^>]{0,400}ld\+json[^>]{0,400}>(.*?)</script\s*>", re.S | re.I)
type Node = dict[str, Any]


def reservations_in(page: bytes) -> tuple[list[Node], list[str]]:
    """Reservations of a page, and what of it could not be read, in words."""
    if len(page) > MOST_BYTES:
        limit = MOST_BYTES // 1024**2
        return [], [f"The page has more than {limit} MB and was not searched for reservations."]
    json_ld, microdata = _extractors()
    faults: list[str] = []
    found: list[Any] = []
    scripts = SCRIPT.findall(page)[:MOST_NODES]
    for number, script in enumerate(scripts, start=1):
        shell = b'<html><script type="application/ld+json">' + script + b"</script></html>"
        try:
            found += json_ld.extract(shell.decode("utf-8", "replace"))
        except Exception:  # one broken script does not cost the others
            faults.append(f"The block of JSON-LD number {number} is broken and was left out.")
    try:
        if b"itemscope" in page:
            found += [_plain(item) for item in microdata.extract(page.decode("utf-8", "replace"))]
    except Exception as error:  # whatever a hostile page makes the parser say
        faults.append(f"The microdata of the page cannot be read ({type(error).__name__}).")
    return list(reservations(found)), faults


def reservations_in_json(text: str) -> list[Node]:
    """Of a saved JSON-LD document. Raises ValueError when it is no JSON."""
    return list(reservations([json.loads(text)]))


def _extractors() -> tuple[Any, Any]:
    try:
        from extruct.jsonld import JsonLdExtractor
        from extruct.w3cmicrodata import MicrodataExtractor
    except ImportError as missing:
        raise Refused(
            "Reading reservations out of mails and pages needs the extra travel",
            mend="make up installs it; or pip install varangian[travel].",
        ) from missing
    return JsonLdExtractor(), MicrodataExtractor()


def _plain(item: Any, depth: int = 0) -> Any:
    """Microdata in the form of JSON-LD."""
    if isinstance(item, list):
        return [_plain(one, depth + 1) for one in item]
    if not isinstance(item, dict) or depth > DEEPEST:
        return item
    inner = {key: _plain(value, depth + 1) for key, value in item.get("properties", {}).items()}
    return {"@type": item.get("type", ""), **inner}


def reservations(found: list[Any]) -> list[Node]:
    """Every reservation in what was found, however deep, each once."""
    kept: list[Node] = []
    waiting: list[tuple[Any, int]] = [(one, 0) for one in reversed(found)]
    seen = 0
    while waiting and seen < MOST_NODES:
        node, depth = waiting.pop()
        seen += 1
        if depth > DEEPEST:
            continue
        if isinstance(node, list):
            waiting += [(one, depth + 1) for one in reversed(node)]
        elif isinstance(node, dict):
            if type_of(node).endswith("Reservation"):
                kept.append(node)
                continue
            waiting += [(one, depth + 1) for one in node.values() if isinstance(one, dict | list)]
    return kept


def type_of(node: Any) -> str:
    """ "FlightReservation" of "http://schema.org/FlightReservation", or of a list of types."""
    if not isinstance(node, dict):
        return ""
    kinds = node.get("@type", "")
    for kind in kinds if isinstance(kinds, list) else [kinds]:
        if isinstance(kind, str) and kind:
            return re.split(r"[/#:]", kind.strip())[-1]
    return ""
