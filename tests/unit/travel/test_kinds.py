"""Kind and endpoints of an entry, as people write them."""

import pytest

from varangian.travel.itineraries.endpoints import find_ends
from varangian.travel.itineraries.kinds import flight_number, is_virtual, judge


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Flight LH2462 MUC-HEL", "flight"),
        ("LH 2462", "flight"),
        ("MUC-HEL", "flight"),
        ("Munich (MUC) to Helsinki (HEL)", "flight"),
        ("Drive: Hotel Kamp to Finlandia Hall", "road"),
        ("Transfer Airport -> Hotel", "road"),
        ("Hotel transfer", "road"),
        ("Train Helsinki - Tampere", "train"),
        ("Hotel Norrsken", "stay"),
        ("Übernachtung in der Residenz", "stay"),
        ("Dinner at Hotel Norrsken", "meeting"),
        ("Meeting on flight safety", "meeting"),
        ("Q3 2026 numbers", "other"),
        ("Buy a carpet", "other"),
        ("CEO-CFO talk", "other"),
    ],
)
def test_kind_of_a_title(title, kind):
    verdict = judge(title, "", "", False, "")
    assert verdict.kind == kind
    assert verdict.reason


@pytest.mark.parametrize(
    ("title", "kind", "ends"),
    [
        ("Flight LH2462 MUC-HEL", "flight", ("MUC", "HEL")),
        ("LH2462 Munich - Helsinki", "flight", ("Munich", "Helsinki")),
        ("Munich (MUC) to Helsinki (HEL)", "flight", ("Munich (MUC)", "Helsinki (HEL)")),
        ("Drive: Hotel Kamp to Finlandia Hall", "road", ("Hotel Kamp", "Finlandia Hall")),
        ("Drive from the hotel to Finlandia Hall", "road", ("the hotel", "Finlandia Hall")),
        ("Transfer Airport -> Hotel", "road", ("Airport", "Hotel")),
        ("Fahrt von Messe Riem nach Freising", "road", ("Messe Riem", "Freising")),
        ("Train Helsinki – Tampere", "train", ("Helsinki", "Tampere")),
        ("Introduction to Finland", "meeting", ("", "")),
    ],
)
def test_ends_in_a_title(title, kind, ends):
    found = find_ends(title, kind, "", "")
    assert (found.origin, found.destination) == ends


def test_ends_in_the_description_but_not_from_a_mail_head():
    mail = "From: Ann <ann@example.org>\nTo: Bob <bob@example.org>\n"
    lines = "From: Munich Airport 14:30\nArrival: 24 Nov 16:00\nTo: Hotel Norrsken\n"
    found = find_ends("Car", "road", "", mail + lines)
    assert (found.origin, found.destination) == ("Munich Airport", "Hotel Norrsken")


def test_location_is_where_a_movement_starts():
    found = find_ends("Pick-up by driver", "road", "Hotel Norrsken", "")
    assert (found.origin, found.destination) == ("Hotel Norrsken", "")


def test_route_in_the_location():
    found = find_ends("Car", "road", "Hotel Norrsken to Harbour Hall", "")
    assert (found.origin, found.destination) == ("Hotel Norrsken", "Harbour Hall")


def test_place_of_a_stay_from_its_title():
    assert find_ends("Check-in: Hotel Norrsken", "stay", "", "").location == "Hotel Norrsken"


@pytest.mark.parametrize(
    ("title", "certain", "number"),
    [
        ("Flight XX 12", True, "XX 12"),
        ("XX 12", False, ""),
        ("BA 117", False, "BA 117"),
        ("B6 glass", False, ""),
        ("AY 10:30", True, ""),
    ],
)
def test_flight_numbers(title, certain, number):
    assert flight_number(title, certain) == number


@pytest.mark.parametrize(
    ("place", "virtual"),
    [
        ("Microsoft Teams Meeting", True),
        ("https://example.org/meet", True),
        ("+49 89 1234567", True),
        ("TBC", True),
        ("Harbour Hall", False),
        ("https://maps.example.org/@60.1,24.9,15z", False),
    ],
)
def test_virtual_places(place, virtual):
    assert is_virtual(place) is virtual
