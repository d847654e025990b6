"""CAP 1.1 and 1.2 alerts, alone or several in one Atom, RSS or ``<alerts>`` file.

Of several languages the wanted one is taken, else the first. Blocks of that language that differ
in event, times or severity become reports of their own (``identifier``, ``identifier#2``, ...), as
each has its own area; ``group_id`` is what later messages refer to. Identifiers are good
within their sender only, so both are ``sender,identifier``. Signatures are passed over, not
checked. Ack and Error carry no hazard and are left out with a Problem.
"""

from lxml import etree

from varangian.intelligence.feeds import cap_area, values
from varangian.intelligence.feeds.files import Opened, namespace_and_name, open_xml, root_of
from varangian.intelligence.feeds.records import (
    Action,
    Band,
    HazardReport,
    Kind,
    Note,
    Status,
    Unusable,
)
from varangian.kernel.results import Refused

FAMILY = "urn:oasis:names:tc:emergency:cap:"
NAMESPACES = (FAMILY + "1.1", FAMILY + "1.2")
ACTIONS: dict[str, Action] = {"alert": "new", "update": "update", "cancel": "cancel"}
STATUSES: dict[str, Status] = {
    "actual": "actual",
    "exercise": "exercise",
    "system": "test",
    "test": "test",
    "draft": "draft",
}
BANDS: dict[str, Band] = {
    "extreme": "red",
    "severe": "red",
    "moderate": "amber",
    "minor": "green",
    "unknown": "unknown",
}
WORDS: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    ("earthquake", ("earthquake", "seism", "erdbeben", "terremoto")),
    ("cyclone", ("cyclone", "hurricane", "typhoon", "tropical storm", "tropical depression")),
    ("flood", ("flood", "inundation", "storm surge", "hochwasser", "inondation")),
    ("volcano", ("volcan", "vulkan", "ash fall", "ashfall")),
    ("drought", ("drought", "sécheresse", "dürre")),
    ("wildfire", ("wildfire", "wild fire", "bushfire", "bush fire", "forest fire", "waldbrand")),
)
CATEGORIES: dict[str, Kind] = {"met": "weather", "security": "security", "cbrne": "security"}


def is_cap(root: etree._Element) -> bool:
    space, name = namespace_and_name(root)
    return name == "alert" and "cap" in space


def opened(content: str) -> Opened:
    """The whole alerts of a file. Refused when its one alert is of a version we do not know."""
    root = root_of(content)
    space, _ = namespace_and_name(root)
    if is_cap(root) and space not in NAMESPACES:
        raise Refused(
            f"CAP of the version {space[:80]!r} is not read",
            "first element",
            "Versions we read: 1.1 and 1.2.",
        )
    found = open_xml(content, ["{*}alert"])
    if not found.parts and not found.broken:
        raise Refused(
            "The file holds no CAP alert",
            mend="If its entries only link to alerts, import the alerts themselves.",
        )
    return found


def reports(alert: etree._Element, note: Note, language: str = "en") -> list[HazardReport]:
    space, _ = namespace_and_name(alert)
    if space not in NAMESPACES:
        raise Unusable(f"CAP of the version {space[:80]!r} is not read", "Versions: 1.1 and 1.2.")
    identifier = values.identifier(_word(alert, "identifier"))
    if not identifier:
        raise Unusable("The alert has no identifier", "It cannot be tracked.")
    sender = values.identifier(_word(alert, "sender"))
    native_id = _key(sender, identifier)
    message = _word(alert, "msgType")
    if message.lower() in ("ack", "error"):
        raise Unusable(f"A message of type {message} carries no hazard; left out")
    action = ACTIONS.get(message.lower())
    if action is None:
        note(f"Message type {message[:40]!r} is not one we know; taken as a new alert", "")
    supersedes = _references(_word(alert, "references"), sender, note)
    if action in ("update", "cancel") and not supersedes:
        note(f"An {message} that refers to no earlier message replaces nothing", "")
    blocks = _wanted(alert, language)
    common = {
        "source": "cap",
        "group_id": native_id,
        "updated_at": values.when(_word(alert, "sent"), "sent", note),
        "version": _word(alert, "sent"),
        "status": _status(_word(alert, "status"), note),
        "action": action or "new",
        "supersedes": supersedes,
        "raw": etree.tostring(alert, encoding="utf-8", with_tail=False),
    }
    if not blocks:
        title = _word(alert, "note")[:200] or f"{message or 'Alert'} {identifier}"
        return [HazardReport(native_id=native_id, kind="other", title=title, **common)]
    return [
        _report(group, native_id if k == 0 else f"{native_id}#{k + 1}", common, note)
        for k, group in enumerate(blocks)
    ]


def _report(blocks: list[etree._Element], native_id: str, common: dict, note: Note) -> HazardReport:
    info = blocks[0]
    severity, event = _word(info, "severity"), _word(info, "event")
    effective = values.when(_word(info, "effective"), "effective", note)
    onset = values.when(_word(info, "onset"), "onset", note)
    expires = values.when(_word(info, "expires"), "expiry", note)
    areas = [area for block in blocks for area in _all(block, "area")]
    return HazardReport(
        native_id=native_id,
        kind=_kind(info),
        title=_word(info, "headline") or event or native_id,
        summary=_word(info, "description"),
        severity=severity,
        band=BANDS.get(severity.lower(), "unknown"),
        certainty=_word(info, "certainty"),
        urgency=_word(info, "urgency"),
        effective=effective,
        onset=onset,
        expires=values.ordered(onset or effective or common["updated_at"], expires, note),
        geometry=cap_area.geometry(areas, note),
        area_words="; ".join(filter(None, (_word(area, "areaDesc") for area in areas)))[:2000],
        magnitude=values.number(_parameter(info, "magnitude")),
        countries=cap_area.countries(areas),
        language=_word(info, "language") or "en-US",
        link=values.web_link(_word(info, "web")),
        instruction=_word(info, "instruction"),
        **common,
    )


def _word(parent: etree._Element, name: str) -> str:
    return values.text(parent.findtext(f"{{*}}{name}"))


def _all(parent: etree._Element, name: str) -> list[etree._Element]:
    return parent.findall(f"{{*}}{name}")


def _parameter(info: etree._Element, name: str) -> str:
    for parameter in _all(info, "parameter"):
        if _word(parameter, "valueName").lower() == name:
            return _word(parameter, "value")
    return ""


def _key(sender: str, identifier: str) -> str:
    return f"{sender},{identifier}" if sender else identifier


def _references(words: str, sender: str, note: Note) -> tuple[str, ...]:
    """Keys out of ``sender,identifier,sent`` triples; a bare identifier is the sender's own."""
    found = []
    for one in words.split():
        parts = one.split(",")
        if len(parts) >= 3:
            found.append(_key(parts[0], ",".join(parts[1:-1])))
        elif len(parts) == 1:
            found.append(_key(sender, one))
        else:
            note(f"The reference {one[:80]!r} is not sender,identifier,sent; left out", "")
    return tuple(dict.fromkeys(filter(None, found)))


def _status(word: str, note: Note) -> Status:
    status = STATUSES.get(word.lower())
    if status is None:
        note(f"Status {word[:40]!r} is not one we know; taken as a draft, which never alerts", "")
    return status or "draft"


def _wanted(alert: etree._Element, language: str) -> list[list[etree._Element]]:
    """Info blocks of one language, gathered where they differ in nothing but words and area."""
    blocks = _all(alert, "info")
    tongues = [(_word(block, "language") or "en-US").lower() for block in blocks]
    first = [t for t in tongues if t.startswith(language.lower())] or tongues
    groups: dict[tuple[str, ...], list[etree._Element]] = {}
    for block, tongue in zip(blocks, tongues, strict=True):
        if tongue == first[0]:
            names = ("event", "urgency", "severity", "certainty", "effective", "onset", "expires")
            groups.setdefault(tuple(_word(block, name) for name in names), []).append(block)
    return list(groups.values())


def _kind(info: etree._Element) -> Kind:
    event = _word(info, "event").lower()
    for kind, words in WORDS:
        if any(word in event for word in words):
            return kind
    categories = [values.text(one.text).lower() for one in _all(info, "category")]
    if "fire" in categories:
        return "other"
    for category in categories:
        if category in CATEGORIES:
            return CATEGORIES[category]
    return "other"
