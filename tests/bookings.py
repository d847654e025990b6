"""Bookings of invented people, in the shapes in which they arrive."""

import json
import re
import zipfile
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from io import BytesIO
from typing import Any

DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}(?=T|\b)")
MARA, TEEMU = "Mara Lindqvist", "Teemu Aalto"
ONE_LEG = "M1AALTO/TEEMU MR      EX4K9QP HELLHRAY 1331 330Y014C0046 100"
TWO_LEGS = (
    "M2LINDQVIST/MARA MRS  EX4K9QP HELLHRAY 1331 330Y012A0045 100"
    "X4K9QP LHRJFKBA 0117 331J003K0012 100"
)
PNR = """RP/HELAB2100/HELAB2100            AA/SU  12NOV26/0915Z   X4K9QP
  1.LINDQVIST/MARA MRS   2.AALTO/TEEMU MR
  3  AY1331 Y 26NOV 4 HELLHR HK2       0755 0910  26NOV  E  AY/X4K9QP
  4  BA 117 J 27NOV 5 LHRJFK HK2       0825 1125  27NOV  E  BA/QWERTY
  5 HHL RT HK1 LON IN26NOV OUT27NOV 1NT 43210 HARBOUR HOUSE HOTEL-1KING
  6 CCR ZE HK1 LHR 26NOV 27NOV ECAR/ARR-0930/RT-0700/CF-H1234
  7 AP HEL 358 9 000 000 - INVENTED TRAVEL - A
"""
SABRE = """X4K9QP
 1.1LINDQVIST/MARA MRS  2.1AALTO/TEEMU MR
 1 AY1331Y 26NOV 4 HELLHR HK2   755A  910A  /DCAY*X4K9QP /E
 2 BA 117J 27NOV 5*LHRJFK HK2  825P 1125P /DCBA*QWERTY /E
"""
GALILEO = """X4K9QP/AB HELOU N123456 AG
 1.1LINDQVIST/MARA MRS
 1. AY 1331 Y  26NOV HELLHR HS2   755A  910A O*       E TH
 2. BA   16 J  27NOV LHRSIN HS2   1145A # 725A O       E FR
 3. NZ    6 J  29NOV AKLLAX HS2   730P  1025A O       E SU
"""
CSV = """Start;End;Type;From;To;Title;Booking;Travellers
2026-11-26 07:55;2026-11-26 09:10;flight;HEL;LHR;AY 1331;X4K9QP;Mara Lindqvist; extra
26.11.2026 10:00;26.11.2026 11:15;car;Heathrow Airport;Harbour House, London;To the hotel;;
next Friday;;meeting;;;Board meeting;;
2026-11-27 09:00;2026-11-27 08:00;meeting;;London;Board meeting;;
"""
GPX = """<?xml version="1.0"?><gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">
<trk><name>North way</name><trkseg>
<trkpt lat="60.1700" lon="24.9400"><time>2026-11-26T10:00:00Z</time></trkpt>
<trkpt lat="60.1900" lon="24.9500"><time>2026-11-26T10:05:00Z</time></trkpt>
<trkpt lat="99" lon="24.95"/>
<trkpt lat="60.2100" lon="24.9600"><time>2026-11-26T10:12:00Z</time></trkpt></trkseg></trk>
<rte><name>South way</name><rtept lat="60.17" lon="24.94"><name>Quay</name></rtept>
<rtept lat="60.15" lon="24.93"/><rtept lat="60.14" lon="24.92"><name>Villa</name></rtept></rte>
<wpt lat="60.16" lon="24.91"><name>Petrol</name></wpt></gpx>"""
WAYPOINTS = """<gpx version="1.1"><wpt lat="60.17" lon="24.94"><name>Quay</name></wpt>
<wpt lat="60.15" lon="24.93"><name>Hall</name></wpt>
<wpt lat="60.14" lon="24.92"><name>Villa</name></wpt></gpx>"""
KML = """<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>
<Placemark><name>Drive in</name><TimeSpan><begin>2026-11-26T10:00:00Z</begin>
<end>2026-11-26T10:20:00Z</end></TimeSpan><LineString><coordinates>
24.94,60.17,0 24.95,60.19,0 24.96,60.21,0</coordinates></LineString></Placemark>
<Placemark><name>Gate</name><Point><coordinates>24.97,60.22</coordinates></Point></Placemark>
</Document></kml>"""


def airport(code: str, name: str = "") -> dict[str, Any]:
    return {"@type": "Airport", "iataCode": code, "name": name}


def flight(
    number: str = "X4K9QP",
    leaves: str = "2026-11-26T07:55:00+02:00",
    lands: str = "2026-11-26T09:10:00+00:00",
    name: str = MARA,
    ends: tuple[str, str] = ("HEL", "LHR"),
    flown: str = "1331",
    **more: Any,
) -> dict[str, Any]:
    return {
        "@context": "http://schema.org",
        "@type": "FlightReservation",
        "reservationNumber": number,
        "reservationStatus": "http://schema.org/ReservationConfirmed",
        "underName": {"@type": "Person", "name": name},
        "reservationFor": {
            "@type": "Flight",
            "flightNumber": flown,
            "airline": {"@type": "Airline", "name": "Invented Air", "iataCode": "AY"},
            "departureAirport": airport(ends[0]),
            "departureTime": leaves,
            "arrivalAirport": airport(ends[1]),
            "arrivalTime": lands,
        },
        **more,
    }


def hotel(checkout: str = "2026-11-28T11:00:00", **more: Any) -> dict[str, Any]:
    return {
        "@context": "http://schema.org",
        "@type": "LodgingReservation",
        "reservationNumber": "H-778",
        "underName": {"@type": "Person", "name": MARA},
        "reservationFor": {
            "@type": "LodgingBusiness",
            "name": "Harbour House",
            "address": {
                "@type": "PostalAddress",
                "streetAddress": "1 Wharf Lane",
                "addressLocality": "London",
                "addressCountry": "GB",
            },
        },
        "checkinTime": "2026-11-26T15:00:00",
        **({"checkoutTime": checkout} if checkout else {}),
        **more,
    }


def train(**more: Any) -> dict[str, Any]:
    return {
        "@type": "TrainReservation",
        "reservationNumber": "T-9",
        "underName": {"name": MARA},
        "reservationFor": {
            "@type": "TrainTrip",
            "trainNumber": "9S12",
            "departureStation": {"name": "London Euston, London"},
            "departureTime": "2026-11-28T13:00:00+00:00",
            "arrivalStation": {"name": "Manchester Piccadilly, Manchester"},
            "arrivalTime": "2026-11-28T15:10:00+00:00",
        },
        **more,
    }


def bus() -> dict[str, Any]:
    return {
        "@type": "BusReservation",
        "reservationNumber": "B-1",
        "reservationFor": {
            "busNumber": "720",
            "departureBusStop": {"name": "Helsinki, Finland"},
            "arrivalBusStop": {"name": "Turku, Finland"},
            "departureTime": "2026-11-25T10:00",
            "arrivalTime": "2026-11-25T12:10",
        },
    }


def car() -> dict[str, Any]:
    return {
        "@type": "RentalCarReservation",
        "reservationNumber": "C-5",
        "reservationFor": {"@type": "RentalCar", "rentalCompany": {"name": "Harbour Cars"}},
        "pickupLocation": {"name": "Heathrow Airport"},
        "pickupTime": "2026-11-26T09:45:00+00:00",
        "dropoffLocation": {"name": "Heathrow Airport"},
        "dropoffTime": "2026-11-28T12:00:00+00:00",
    }


def event() -> dict[str, Any]:
    return {
        "@type": "EventReservation",
        "reservationNumber": "E-3",
        "reservationFor": {
            "@type": "Event",
            "name": "Gala",
            "startDate": "2026-11-26T19:00:00+00:00",
            "location": {"name": "Quay Hall", "address": "Quay Road, London"},
        },
    }


def table() -> dict[str, Any]:
    return {
        "@type": "FoodEstablishmentReservation",
        "reservationNumber": "F-2",
        "partySize": 4,
        "startTime": "2026-11-27T20:00:00+00:00",
        "reservationFor": {"@type": "FoodEstablishment", "name": "The Lamp", "address": "London"},
    }


ALL = (flight, hotel, train, bus, car, event, table)


def page(*found: dict[str, Any]) -> str:
    script = json.dumps(list(found))
    block = f'<script type="application/ld+json">{script}</script>'
    return f"<html><body><p>Hello</p>{block}</body></html>"


MICRODATA = """<!DOCTYPE html><html><body>
<div itemscope itemtype="http://schema.org/LodgingReservation">
<meta itemprop="reservationNumber" content="H-901">
<link itemprop="reservationStatus" href="http://schema.org/Confirmed">
<div itemprop="underName" itemscope itemtype="http://schema.org/Person">
<meta itemprop="name" content="Mara Lindqvist"></div>
<div itemprop="reservationFor" itemscope itemtype="http://schema.org/LodgingBusiness">
<meta itemprop="name" content="Norrsken Inn"><div itemprop="address" itemscope
itemtype="http://schema.org/PostalAddress"><meta itemprop="addressLocality" content="Helsinki">
<meta itemprop="addressCountry" content="FI"></div></div>
<meta itemprop="checkinDate" content="2026-11-25">
<meta itemprop="checkoutDate" content="2026-11-26">
</div></body></html>"""


def mail(
    subject: str,
    *found: dict[str, Any],
    sent: str = "Tue, 10 Nov 2026 09:00:00 +0000",
    text: str = "",
) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"] = "bookings@invented.example", "assistant@heron.example"
    made["Subject"], made["Date"] = subject, sent
    made.set_content(text or "Your booking.")
    if found:
        made.add_alternative(page(*found), subtype="html")
    return made


def attached(made: EmailMessage, data: bytes, kind: str, name: str) -> EmailMessage:
    main, _, sub = kind.partition("/")
    made.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return made


def mbox(*mails: EmailMessage) -> bytes:
    head = b"From MAILER-DAEMON Tue Nov 10 09:00:00 2026\n"
    bodies = [one.as_bytes().replace(b"\nFrom ", b"\n>From ") for one in mails]
    return b"\n".join(head + body.rstrip(b"\n") + b"\n" for body in bodies)


def zipped(**files: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "."), data)
    return out.getvalue()


def wallet(**content: Any) -> bytes:
    return zipped(pass__json=json.dumps({"formatVersion": 1, **content}).encode())


AIR_PASS = wallet(
    description="Boarding pass",
    relevantDate="2026-11-26T07:15+02:00",
    boardingPass={"transitType": "PKTransitTypeAir", "primaryFields": []},
    barcodes=[{"format": "PKBarcodeFormatAztec", "message": ONE_LEG}],
)
TRAIN_PASS = wallet(
    description="Ticket",
    boardingPass={
        "transitType": "PKTransitTypeTrain",
        "primaryFields": [
            {"key": "origin", "value": "Helsinki, Finland"},
            {"key": "destination", "value": "Tampere, Finland"},
        ],
        "secondaryFields": [
            {"key": "d", "semantics": {"originalDepartureDate": "2026-11-25T10:00+02:00"}},
            {"key": "passenger", "value": MARA},
        ],
    },
)


def invite(title: str = "Board meeting", start: str = "20261127T100000Z") -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", "UID:board-1", f"SUMMARY:{title}"]
    lines += [f"DTSTART:{start}", "LOCATION:Quay Hall\\, London", "END:VEVENT", "END:VCALENDAR"]
    return "\r\n".join([*lines, ""]).encode()


def moved(node: Any, days: int) -> Any:
    """The same booking some days later."""
    if isinstance(node, dict):
        return {key: moved(value, days) for key, value in node.items()}
    if not isinstance(node, str):
        return node
    shift = timedelta(days=days)
    return DAY.sub(lambda found: f"{date.fromisoformat(found[0]) + shift}", node)


def six_mails(days: int = 0) -> bytes:
    """A journey of which the way home is not booked yet; it begins on 26 November 2026 or later."""
    changed = flight(leaves="2026-11-26T08:55:00+02:00", lands="2026-11-26T10:10:00+00:00")
    mails = [
        ("Your flight to London", 10, [flight()]),
        ("Your room at Harbour House", 10, [hotel(checkout="")]),
        ("Rental car", 11, [car()]),
        ("Your gala evening", 12, [event()]),
        ("Change of your flight", 13, [changed]),
        ("Newsletter", 14, []),
    ]
    return mbox(
        *(
            mail(subject, *(moved(one, days) for one in found), sent=_sent(day, days))
            for subject, day, found in mails
        )
    )


def _sent(day: int, days: int) -> str:
    return format_datetime(datetime(2026, 11, day, 9, tzinfo=UTC) + timedelta(days=days))
