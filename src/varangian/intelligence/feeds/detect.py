"""Which format a file is, by its content and not its name."""

from varangian.intelligence.feeds import cap, gdacs
from varangian.intelligence.feeds.files import open_features, root_of
from varangian.kernel.results import Refused


def detect(content: str) -> str:
    """``gdacs``, ``cap``, ``usgs`` or ``geojson``; Refused when it is none of them."""
    start = content.lstrip("\ufeff \t\r\n")[:1]
    if start == "<":
        return _xml(content)
    if start in ("{", "["):
        return _json(content)
    raise Refused(
        "The file is neither XML nor JSON", mend="Feeds we read: GDACS RSS, USGS, CAP, GeoJSON."
    )


def _xml(content: str) -> str:
    root = root_of(content)
    if root.tag == "rss" and gdacs.NAMESPACE in root.nsmap.values():
        return "gdacs"
    if cap.is_cap(root) or cap.FAMILY in content:
        return "cap"
    raise Refused(
        f"XML of an unknown kind, its first element is {str(root.tag)[:80]!r}",
        mend="Feeds we read as XML: GDACS RSS, CAP 1.1 and 1.2.",
    )


def _json(content: str) -> str:
    for feature in open_features(content).parts[:20]:
        about = feature.get("properties") if isinstance(feature, dict) else None
        if isinstance(about, dict) and "mag" in about and "time" in about:
            return "usgs"
    return "geojson"
