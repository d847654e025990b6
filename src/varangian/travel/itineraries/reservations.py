"""schema.org reservations to entries: flight, lodging, train, bus, boat, car, event, meal."""

from collections.abc import Callable
from typing import Any

from .itinerary import ItineraryItem, Kind
from .markup import Node, type_of
from .reader import Moment, Reader, flight_words, person, plain_value, zone_of

CANCELLED = ("cancelled", "canceled")


def read_reservation(node: Node, reader: Reader) -> None:
    """One reservation; of a kind that nobody knows it is told and kept."""
    kind = type_of(node)
    number = text(node, "reservationNumber") or text(node, "reservationId")
    inner = first(node, "reservationFor")
    make = KINDS.get(kind)
    if make is None:
        reader.tell(
            f"{kind} is a kind of reservation that is not read.", "Enter it by hand.", str(node)
        )
        return
    before = len(reader.out.items)
    make(node, inner if isinstance(inner, dict) else {}, reader)
    items = reader.out.items[before:]
    gone = is_cancelled(node)
    if gone and number and (not items or all(item.start is None for item in items)):
        del reader.out.items[before:]
        reader.out.called_off.append(number)
        return
    if not items:
        reader.tell(
            f"{kind} {number}: it says neither when nor where.", "Enter it by hand.", str(node)
        )
    for item in items:
        item.reservation = number
        item.travellers = travellers(node)
        item.status = "cancelled" if gone else item.status
        item.raw = item.raw or str(node)[:2000]


def _flight(node: Node, inner: Node, reader: Reader) -> None:
    carrier = text(inner, "airline.iataCode") or text(inner, "provider.iataCode")
    number = flight_words(carrier, text(inner, "flightNumber"))
    ends = []
    for side in ("departure", "arrival"):
        airport = first(inner, f"{side}Airport")
        name = text(airport, "name") if isinstance(airport, dict) else plain_value(airport)
        ends.append(reader.airport(text(airport, "iataCode"), name))
    (origin, zone), (goal, end_zone) = ends
    leaves = reader.moment(first(inner, "departureTime"), zone, "departure")
    day_only = leaves is None
    leaves = leaves or reader.moment(first(inner, "departureDay"), zone, "departure")
    lands = reader.moment(first(inner, "arrivalTime"), end_zone, "arrival")
    _leg(
        reader,
        kind="flight",
        title=f"Flight {number} {origin} to {goal}",
        ends=(origin, goal),
        span=(leaves, lands),
        zone=zone,
        number=number,
        notes=_notes(node, inner, "departureTerminal", "departureGate", "boardingTime"),
        day_only=day_only,
    )


def _ride(kind: Kind, word: str, stop: str) -> Callable[[Node, Node, Reader], None]:
    """A train, a bus or a ferry between two stations."""

    def made(node: Node, inner: Node, reader: Reader) -> None:
        places = [_place(first(inner, f"{side}{stop}")) for side in ("departure", "arrival")]
        zones = [zone_of(place) for place in places]
        number = text(inner, f"{word.lower()}Number") or text(inner, f"{word.lower()}Name")
        _leg(
            reader,
            kind=kind,
            title=f"{word} {number} {places[0]} to {places[1]}".replace("  ", " "),
            ends=(places[0], places[1]),
            span=(
                reader.moment(first(inner, "departureTime"), zones[0], "departure"),
                reader.moment(first(inner, "arrivalTime"), zones[1] or zones[0], "arrival"),
            ),
            zone=zones[0],
            notes=_notes(node, inner, "departurePlatform", "arrivalPlatform"),
        )

    return made


def _lodging(node: Node, inner: Node, reader: Reader) -> None:
    place, zone = _place(inner), zone_of(_address(inner)) or zone_of(_place(inner))
    begins = reader.moment(
        first(node, "checkinTime") or first(node, "checkinDate"), zone, "check-in"
    )
    ends = reader.moment(
        first(node, "checkoutTime") or first(node, "checkoutDate"), zone, "check-out"
    )
    _stop(reader, "stay", text(inner, "name") or "Hotel", place, begins, ends, _geo(inner), zone)


def _rental(node: Node, inner: Node, reader: Reader) -> None:
    """Two short entries: whoever has rented a car is not under way all the time."""
    firm = text(inner, "rentalCompany.name") or text(node, "provider.name") or "rental firm"
    for word, side in (("Pick up", "pickup"), ("Return", "dropoff")):
        spot = first(node, f"{side}Location")
        place = _place(spot)
        zone = zone_of(place)
        moment = reader.moment(first(node, f"{side}Time"), zone, side)
        if moment or place:
            _stop(
                reader,
                "meeting",
                f"{word} rental car, {firm}",
                place,
                moment,
                None,
                _geo(spot),
                zone,
            )


def _event(node: Node, inner: Node, reader: Reader) -> None:
    seats = text(node, "numSeats")
    place = _place(first(inner, "location"))
    zone = zone_of(place)
    begins = reader.moment(first(inner, "startDate") or first(inner, "doorTime"), zone, "start")
    ends = reader.moment(first(inner, "endDate"), zone, "end")
    title = (text(inner, "name") or "Event") + (f", {seats} seats" if seats else "")
    _stop(reader, "meeting", title, place, begins, ends, _geo(first(inner, "location")), zone)


def _table(node: Node, inner: Node, reader: Reader) -> None:
    place = _place(inner)
    zone = zone_of(_address(inner)) or zone_of(place)
    begins = reader.moment(first(node, "startTime"), zone, "start")
    ends = reader.moment(first(node, "endTime"), zone, "end")
    size = text(node, "partySize")
    title = f"Table at {text(inner, 'name') or 'a restaurant'}" + (f" for {size}" if size else "")
    _stop(reader, "meeting", title, place, begins, ends, _geo(inner), zone)


KINDS: dict[str, Callable[[Node, Node, Reader], None]] = {
    "FlightReservation": _flight,
    "TrainReservation": _ride("train", "Train", "Station"),
    "BusReservation": _ride("road", "Bus", "BusStop"),
    "BoatReservation": _ride("other", "Boat", "BoatTerminal"),
    "LodgingReservation": _lodging,
    "RentalCarReservation": _rental,
    "EventReservation": _event,
    "FoodEstablishmentReservation": _table,
}


def _leg(
    reader: Reader,
    *,
    kind: Kind,
    title: str,
    ends: tuple[str, str],
    span: tuple[Moment | None, Moment | None],
    zone: str,
    number: str = "",
    notes: str = "",
    day_only: bool = False,
) -> None:
    begins, lands = span
    if begins is None and not any(ends):
        return
    if begins and lands and lands.at <= begins.at:
        reader.tell(
            f"{title}: it arrives before it leaves; the arrival is unknown.", "Set it by hand."
        )
        lands = None
    if begins is None:
        reader.tell(f"{title}: no departure is given.", "Set it by hand.")
    reader.add(
        ItineraryItem(
            uid="",
            title=title.strip(),
            start=begins.at if begins else None,
            end=lands.at if lands and begins else None,
            zone=begins.zone if begins else zone or reader.home,
            end_zone=lands.zone if lands else "",
            kind=kind,
            all_day=bool(begins and (begins.day_only or day_only)),
            end_known=bool(lands and begins),
            origin=ends[0],
            destination=ends[1],
            flight_number=number,
            description=notes,
            confidence="clear",
            reasons=[f"{kind}: reservation", *(begins.reasons if begins else ())],
        )
    )


def _stop(
    reader: Reader,
    kind: Kind,
    title: str,
    place: str,
    begins: Moment | None,
    ends: Moment | None,
    geo: tuple[float, float] | None,
    zone: str,
) -> None:
    if begins is None and not place:
        return
    if begins and ends and ends.at < begins.at:
        reader.tell(f"{title}: the end lies before the start; it is unknown.", "Set it by hand.")
        ends = None
    reader.add(
        ItineraryItem(
            uid="",
            title=title,
            start=begins.at if begins else None,
            end=ends.at if begins and ends else None,
            zone=begins.zone if begins else zone or reader.home,
            end_zone=ends.zone if ends else "",
            kind=kind,
            all_day=bool(begins and begins.day_only),
            end_known=bool(begins and ends),
            location=place,
            geo=geo,
            confidence="clear",
            reasons=[f"{kind}: reservation", *(begins.reasons if begins else ())],
        )
    )


def is_cancelled(node: Node) -> bool:
    said = f"{text(node, 'reservationStatus')} {type_of(node.get('potentialAction'))}".lower()
    return any(word in said for word in CANCELLED)


def travellers(node: Node) -> list[str]:
    """Names the booking is for; not who paid."""
    found = node.get("underName") or []
    many = found if isinstance(found, list) else [found]
    names = [person(plain_value(one)) for one in many[:50]]
    return list(dict.fromkeys(name for name in names if name))


def first(node: Any, path: str) -> Any:
    """A value down a path of names; of several the first."""
    for name in path.split("."):
        if isinstance(node, list):
            node = node[0] if node else None
        node = node.get(name) if isinstance(node, dict) else None
    return node[0] if isinstance(node, list) and node else node


def text(node: Any, path: str) -> str:
    return plain_value(first(node, path))


def _place(node: Any) -> str:
    """Name and address in one line, as a person would write it."""
    if not isinstance(node, dict):
        return plain_value(node)
    parts = [text(node, "name"), _address(node)]
    return ", ".join(part for part in parts if part)


def _address(node: Any) -> str:
    where = first(node, "address")
    if not isinstance(where, dict):
        return plain_value(where)
    names = ("streetAddress", "postalCode", "addressLocality", "addressRegion", "addressCountry")
    parts = {name: text(where, name) for name in names}
    town = f"{parts.pop('postalCode')} {parts.pop('addressLocality')}".strip()
    return ", ".join(
        part
        for part in (parts["streetAddress"], town, parts["addressRegion"], parts["addressCountry"])
        if part
    )


def _geo(node: Any) -> tuple[float, float] | None:
    try:
        lat, lon = float(text(node, "geo.latitude")), float(text(node, "geo.longitude"))
    except ValueError:
        return None
    inside = abs(lat) <= 90 and abs(lon) <= 180
    return (lat, lon) if inside and (lat, lon) != (0.0, 0.0) else None


def _notes(node: Node, inner: Node, *names: str) -> str:
    """What the traveller wants at hand: terminal, gate, platform, seat."""
    found = [f"{name}: {text(inner, name)}" for name in names if text(inner, name)]
    ticket = first(node, "reservedTicket")
    seat = text(node, "airplaneSeat") or text(ticket, "ticketedSeat.seatNumber")
    return "\n".join([*found, *([f"Seat {seat}"] if seat else [])])
