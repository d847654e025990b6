"""Zipped files: wallet passes (pkpass), bundles of them, and map files (KMZ).

Only the one member that is needed is unpacked, up to a limit. The signature of a pass is not
checked: it would prove who made the pass, not that the journey is so.
"""

import json
from typing import Any

from varangian.kernel.results import Refused
from varangian.kernel.zips import members, unpacked

from .boarding import PASS, read_pass
from .itinerary import ItineraryItem, Kind
from .reader import Moment, Reader, flight_words, person, plain_value, zone_of

__all__ = ["MOST_MAP", "MOST_PASS", "members", "read_wallet_pass", "unpacked"]
MOST_PASS = 2 * 1024 * 1024
MOST_MAP = 25 * 1024 * 1024
UNSIGNED = "The signature of the pass was not checked: it is read as what somebody sent."
TRANSIT: dict[str, Kind] = {
    "PKTransitTypeAir": "flight",
    "PKTransitTypeTrain": "train",
    "PKTransitTypeBus": "road",
    "PKTransitTypeBoat": "other",
}
STARTS = ("currentDepartureDate", "originalDepartureDate")
ENDS = ("currentArrivalDate", "originalArrivalDate")
FROM = ("departureAirportCode", "departureStationName", "departureLocationDescription")
TO = ("destinationAirportCode", "destinationStationName", "destinationLocationDescription")


def read_wallet_pass(data: bytes, reader: Reader) -> None:
    """``data`` is pass.json."""
    try:
        content = json.loads(data.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        raise Refused("The pass.json of the pass is broken", mend="Ask for it again.") from error
    if not isinstance(content, dict):
        raise Refused("The pass.json of the pass holds no pass")
    reader.tell(UNSIGNED)
    before = len(reader.out.items)
    style = next((s for s in ("boardingPass", "eventTicket", "generic") if s in content), "")
    fields = _fields(content.get(style))
    said = {**fields, **_semantics(content, style)}
    if style == "boardingPass":
        _boarding(content, said, reader)
    elif style == "eventTicket":
        _ticket(content, said, reader)
    if len(reader.out.items) == before:
        words = plain_value(content.get("description")) or "the pass"
        reader.tell(f"No journey could be read from {words}.", "Enter it by hand.", str(content))


def _boarding(content: dict[str, Any], said: dict[str, str], reader: Reader) -> None:
    transit = content["boardingPass"]
    transit = transit.get("transitType") if isinstance(transit, dict) else ""
    kind: Kind = TRANSIT.get(str(transit), "other")
    codes = [text for text in _messages(content) if PASS.match(text)]
    if codes:
        before = len(reader.out.items)
        read_pass(codes[0], reader, reader.where)
        _give_time(reader.out.items[before:], content, said, reader)
        return
    places = [_one(said, *names) for names in (FROM, TO)]
    if kind == "flight":
        known = [
            reader.airport(place) if _is_code(place) else (place, zone_of(place))
            for place in places
        ]
    else:
        known = [(place, zone_of(place)) for place in places]
    (origin, zone), (goal, end_zone) = known
    begins = reader.moment(_one(said, *STARTS) or content.get("relevantDate"), zone, "departure")
    ends = reader.moment(_one(said, *ENDS), end_zone, "arrival")
    number = flight_words(_one(said, "airlineCode"), _one(said, "flightCode", "flightNumber"))
    name = person(_one(said, "passengerName", "passenger"))
    if begins is None and not (origin or goal):
        return
    reader.add(
        _item(kind, f"{kind.capitalize()} {number} {origin} to {goal}", begins, ends, reader)
    )
    item = reader.out.items[-1]
    item.origin, item.destination = origin, goal
    item.flight_number = number if kind == "flight" else ""
    item.reservation = _one(said, "confirmationNumber", "pnr", "recordLocator", "reservation")
    item.travellers, item.checked_in = [name] if name else [], True


def _give_time(
    items: list[ItineraryItem], content: dict[str, Any], said: dict[str, str], reader: Reader
) -> None:
    """The bar code names the day; the pass beside it the time of its first leg."""
    if not items or items[0].start is None:
        return
    item = items[0]
    begins = reader.moment(_one(said, *STARTS), item.zone, "departure")
    if begins is None:
        relevant = reader.moment(content.get("relevantDate"), item.zone, "relevant time")
        if relevant and item.start and relevant.at.date() == item.start.date():
            item.reasons.append(
                f"the pass becomes relevant at {relevant.at:%H:%M}: no departure time"
            )
        return
    ends = reader.moment(_one(said, *ENDS), item.end_zone, "arrival")
    item.start, item.all_day = begins.at, False
    item.reasons = [r for r in item.reasons if "no time of day" not in r]
    if ends and ends.at > begins.at and len(items) == 1:
        item.end, item.end_known = ends.at, True


def _ticket(content: dict[str, Any], said: dict[str, str], reader: Reader) -> None:
    place = ", ".join(
        part for part in (_one(said, "venueName"), _one(said, "venueRegionName")) if part
    )
    zone = zone_of(place)
    begins = reader.moment(
        _one(said, "eventStartDate") or content.get("relevantDate"), zone, "start"
    )
    ends = reader.moment(_one(said, "eventEndDate"), zone, "end")
    title = _one(said, "eventName") or plain_value(content.get("description")) or "Event"
    if begins is None:
        return
    reader.add(_item("meeting", title, begins, ends, reader))
    reader.out.items[-1].location = place


def _item(
    kind: Kind, title: str, begins: Moment | None, ends: Moment | None, reader: Reader
) -> ItineraryItem:
    if begins is None or (ends and ends.at < begins.at):
        ends = None
    return ItineraryItem(
        uid="",
        title=" ".join(title.split()),
        start=begins.at if begins else None,
        end=ends.at if ends else None,
        zone=begins.zone if begins else reader.home,
        end_zone=ends.zone if ends else "",
        kind=kind,
        all_day=bool(begins and begins.day_only),
        end_known=ends is not None,
        confidence="likely",
        reasons=[f"{kind}: wallet pass", *(begins.reasons if begins else ())],
    )


def _fields(style: Any) -> dict[str, str]:
    """Values of the pass by the keys that its maker gave them."""
    found: dict[str, str] = {}
    for group in style.values() if isinstance(style, dict) else ():
        for one in group if isinstance(group, list) else ():
            if isinstance(one, dict):
                found.setdefault(plain_value(one.get("key")), plain_value(one.get("value")))
    renamed = {"origin": FROM[0], "depart": FROM[0], "from": FROM[0], "to": TO[0]}
    renamed |= {
        "destination": TO[0],
        "arrive": TO[0],
        "name": "passengerName",
        "event": "eventName",
    }
    renamed |= {"venue": "venueName", "location": "venueName"}
    return found | {renamed[key]: value for key, value in found.items() if key in renamed}


def _semantics(content: dict[str, Any], style: str) -> dict[str, str]:
    """What the pass says in the words of the format itself: it goes before the free keys."""
    groups = [content.get("semantics")]
    inner = content.get(style)
    for group in inner.values() if isinstance(inner, dict) else ():
        groups += (
            [one.get("semantics") for one in group if isinstance(one, dict)]
            if isinstance(group, list)
            else []
        )
    found: dict[str, str] = {}
    for group in groups:
        if isinstance(group, dict):
            found |= {str(key): value for key, row in group.items() if (value := _said(row))}
    return found


def _said(value: Any) -> str:
    if isinstance(value, dict) and ("givenName" in value or "familyName" in value):
        return (
            f"{plain_value(value.get('givenName'))} {plain_value(value.get('familyName'))}".strip()
        )
    return plain_value(value)


def _messages(content: dict[str, Any]) -> list[str]:
    codes = content.get("barcodes")
    many = [*(codes if isinstance(codes, list) else []), content.get("barcode")]
    return [
        one["message"]
        for one in many
        if isinstance(one, dict) and isinstance(one.get("message"), str)
    ]


def _one(said: dict[str, str], *names: str) -> str:
    return next((said[name] for name in names if said.get(name)), "")


def _is_code(text: str) -> bool:
    return len(text) == 3 and text.isascii() and text.isalpha() and text.isupper()
