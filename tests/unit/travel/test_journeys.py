"""One journey or several, and what a file that says little may take away."""

from datetime import UTC, datetime

import pytest
from tests import bookings as b

from varangian.travel.itineraries.comparing import is_whole
from varangian.travel.itineraries.reading import read_file, read_journeys

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def home(number: str = "X4K9QP", day: str = "28") -> dict:
    return b.flight(
        number=number,
        leaves=f"2026-11-{day}T15:00:00+00:00",
        lands=f"2026-11-{day}T20:00:00+02:00",
        ends=("LHR", "HEL"),
    )


def titles(reads) -> list[list[str]]:
    return [[leg["title"] for leg in read.legs if not leg["implied"]] for read in reads]


def read(*mails):
    return read_journeys(b.mbox(*mails), now=NOW, zone="UTC")


def test_a_mailbox_of_one_journey_is_one():
    assert len(read_journeys(b.six_mails(), now=NOW, zone="UTC")) == 1


def test_two_trips_are_two_and_each_knows_of_the_other():
    paris = b.moved(b.flight(number="ZZ1", ends=("HEL", "CDG")), 60)
    reads = read(b.mail("A", b.flight()), b.mail("B", paris), b.mail("C", b.hotel()))
    assert len(reads) == 2
    first, second = reads
    assert len(first.parts) == 2 and len(second.parts) == 1
    assert "another journey, 25 Jan 2027" in first.problems[0]["what"]
    assert "another journey, 26 Nov 2026 to" in second.problems[0]["what"]
    assert not {leg["uid"] for leg in first.legs} & {leg["uid"] for leg in second.legs}


def test_a_day_at_home_parts_two_trips():
    paris = b.moved(b.flight(number="ZZ1", ends=("HEL", "CDG")), 4)
    assert len(read(b.mail("A", b.flight()), b.mail("H", home()), b.mail("B", paris))) == 2


def test_who_is_still_away_is_on_one_trip():
    on = b.moved(b.flight(number="ZZ1", ends=("LHR", "CDG")), 20)
    assert len(read(b.mail("A", b.flight()), b.mail("B", on))) == 1


@pytest.mark.parametrize("tie", ["reservation", "mail"])
def test_a_reservation_or_a_mail_ties_two_stretches(tie):
    number = "X4K9QP" if tie == "reservation" else "ZZ1"
    paris = b.moved(b.flight(number=number, ends=("HEL", "CDG")), 60)
    first = b.mail("A", b.flight(), *([paris] if tie == "mail" else []))
    mails = [first] if tie == "mail" else [first, b.mail("B", paris)]
    assert len(read(*mails, b.mail("N"))) == 1


def test_what_has_no_date_goes_with_its_reservation():
    paris = b.moved(b.flight(number="ZZ1", ends=("HEL", "CDG")), 60)
    off = {"@type": "FlightReservation", "reservationNumber": "ZZ1"}
    off["reservationStatus"] = "ReservationCancelled"
    late = b.mail("Off", off, sent="Fri, 13 Nov 2026 09:00:00 +0000")
    first, second = read(b.mail("A", b.flight()), b.mail("B", paris), late, b.mail("News"))
    assert [part["where"] for part in first.parts] == ["mail 1, 'A'", "mail 4, 'News'"]
    assert [leg["cancelled"] for leg in second.legs] == [True]


@pytest.mark.parametrize("data", [b.mail("News").as_bytes(), b.mbox(b.mail("N"), b.mail("M"))])
def test_nothing_read_is_not_whole(data):
    legs = read_file(data, now=NOW, zone="UTC").legs
    assert legs == [] and not is_whole(legs)


def test_one_flight_under_two_reservations_stays_while_one_does():
    two = b.flight(number="BBBBBB", reservationStatus="ReservationCancelled")
    mails = [b.mail("A", b.flight()), b.mail("B", b.flight(number="BBBBBB")), b.mail("Off", two)]
    (read_,) = read(*mails)
    (leg,) = read_.legs
    assert not leg["cancelled"] and leg["reservation"] == "X4K9QP"
    assert any("BBBBBB is cancelled, X4K9QP is not" in p["what"] for p in read_.problems)


def test_what_is_attached_and_not_read_is_told():
    made = b.attached(b.mail("Booking"), b"%PDF-1.7", "application/pdf", "ticket.pdf")
    made = b.attached(made, b"\x89PNG", "image/png", "logo.png")
    told = [p["what"] for p in read_file(made.as_bytes(), now=NOW, zone="UTC").problems]
    assert [words for words in told if "kind of file" in words] == [
        "This kind of file (application/pdf) is not read."
    ]
