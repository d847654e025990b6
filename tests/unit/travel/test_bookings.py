"""Each reader of bookings: what it understands, and what it says of the rest."""

from datetime import UTC, datetime

import pytest
from tests import bookings as b

from varangian.kernel.results import Refused
from varangian.travel.itineraries.bundles import unpacked
from varangian.travel.itineraries.reader import near_year, person
from varangian.travel.itineraries.reading import ReadFile, read_file
from varangian.travel.itineraries.sniff import kind_of

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def read(data: bytes | str, zone: str = "UTC", now: datetime = NOW) -> ReadFile:
    return read_file(data if isinstance(data, bytes) else data.encode(), now=now, zone=zone)


def legs(found: ReadFile) -> list[dict]:
    return [leg for leg in found.legs if not leg["implied"]]


def said(found: ReadFile) -> str:
    return " / ".join(f"{p['where']}: {p['what']} {p['mend']}" for p in found.problems)


def one(data: bytes | str, **given) -> dict:
    (leg,) = legs(read(data, **given))
    return leg


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b.ONE_LEG, "boarding pass"),
        (b.PNR, "pnr"),
        (b.SABRE, "pnr"),
        (b.GALILEO, "pnr"),
        (b.CSV, "table"),
        (b.GPX, "tracks"),
        (b.KML, "tracks"),
        (b.MICRODATA, "page"),
        (b.page(b.flight()), "page"),
        (b.mail("x", b.flight()).as_string(), "mail"),
        (b.six_mails().decode(), "mailbox"),
        (b.invite().decode(), "calendar"),
        ("\ufeffBEGIN:VCALENDAR\n", "calendar"),
        ('{"@type": "FlightReservation"}', "json"),
        ("Dear all, see you on Friday", ""),
        ("", ""),
    ],
)
def test_a_file_is_known_by_its_content(data, kind):
    assert kind_of(data.encode()) == kind


def test_a_flight_stands_on_the_clocks_of_its_two_airports():
    leg = one(b.page(b.flight()))
    assert (leg["starts"], leg["zone"]) == ("2026-11-26T07:55:00+02:00", "Europe/Helsinki")
    assert (leg["ends"], leg["end_zone"]) == ("2026-11-26T09:10:00+00:00", "Europe/London")
    assert leg["flight_number"] == "AY 1331" and leg["reservation"] == "X4K9QP"
    assert leg["origin"]["precision"] == "airport" and leg["travellers"] == [b.MARA]
    assert leg["confidence"] == "clear"


def test_every_kind_of_reservation_becomes_an_entry():
    found = read(b.page(*[make() for make in b.ALL]))
    assert not found.problems
    kinds = [(leg["kind"], leg["role"]) for leg in legs(found)]
    assert sorted(kinds) == sorted(
        [("flight", "leg"), ("train", "leg"), ("road", "leg"), ("stay", "stop")]
        + [("event", "stop")] * 4
    )


def test_microdata_is_read_like_json():
    leg = one(b.MICRODATA)
    assert leg["title"] == "Norrsken Inn" and leg["reservation"] == "H-901"
    assert leg["zone"] == "Europe/Helsinki" and leg["travellers"] == [b.MARA]


def test_a_broken_block_does_not_cost_the_others():
    broken = b.page(b.flight()).replace("<p>", '<script type="application/ld+json">{"@</script><p>')
    found = read(broken)
    assert len(legs(found)) == 1 and "broken" in said(found)


def test_an_offset_that_is_not_of_the_place_is_told():
    found = read(b.page(b.flight(leaves="2026-11-26T07:55:00Z", lands="2026-11-26T13:10:00Z")))
    assert "not on the clock of Europe/Helsinki" in said(found)
    assert legs(found)[0]["starts"] == "2026-11-26T09:55:00+02:00"


def test_an_unknown_airport_stays_unlocated_and_the_flight_stays():
    found = read(b.page(b.flight(ends=("HEL", "QQX"))))
    (leg,) = legs(found)
    assert leg["destination"]["precision"] == "unlocated"
    assert leg["destination"]["name"] == "unknown airport (QQX)"
    assert "QQX is not known" in said(found)


def test_nights_when_the_clock_is_turned():
    gone = read(b.page(b.flight(leaves="2027-03-28T03:30:00", lands="2027-03-28T06:10:00")))
    assert "does not exist" in said(gone) and legs(gone)[0]["starts"].endswith("T04:30:00+03:00")
    twice = read(b.page(b.flight(leaves="2026-10-25T03:30:00", lands="2026-10-25T06:10:00")))
    assert "comes twice" in said(twice) and legs(twice)[0]["starts"].endswith("T03:30:00+03:00")


def test_across_the_date_line_one_lands_before_one_left_by_the_clock():
    leg = legs(read(b.GALILEO))[-1]
    assert leg["starts"] == "2026-11-29T19:30:00+13:00"
    assert leg["ends"] == "2026-11-29T10:25:00-08:00"
    west = read(
        "X4K9QP/AB\n 1. FJ  871 Y  01DEC NANHNL HS2   1000P  0610A -1  E TU\n".replace("-1", "")
    )
    (leg,) = legs(west)
    assert leg["starts"][:10] == "2026-12-01"


def test_two_flights_at_once_are_both_kept_and_told():
    other = b.flight(number="ZZZ999", flown="2", ends=("HEL", "CDG"))
    other["reservationFor"]["arrivalTime"] = "2026-11-26T10:10:00+01:00"
    found = read(b.page(b.flight(), other))
    assert len(legs(found)) == 2 and "overlaps" in said(found)
    apart = b.flight(number="ZZZ999", flown="2", ends=("HEL", "CDG"), name=b.TEEMU)
    apart["reservationFor"]["arrivalTime"] = "2026-11-26T10:10:00+01:00"
    assert "overlaps" not in said(read(b.page(b.flight(), apart)))


def test_who_flies_together_is_on_one_leg():
    leg = one(b.page(b.flight(), b.flight(name=b.TEEMU)))
    assert leg["travellers"] == [b.MARA, b.TEEMU]


def test_a_reservation_of_an_unknown_kind_is_told_and_kept():
    found = read(b.page({"@type": "ShuttleReservation", "reservationNumber": "S1"}))
    assert "ShuttleReservation" in said(found) and "S1" in found.problems[0]["raw"]


def test_a_mailbox_reports_each_mail_and_the_later_word_holds():
    found = read(b.six_mails())
    assert [part["entries"] for part in found.parts] == [1, 1, 2, 1, 1, 0]
    flight = next(leg for leg in legs(found) if leg["kind"] == "flight")
    assert flight["starts"] == "2026-11-26T08:55:00+02:00"
    assert "08:55 EET instead of 26 Nov 07:55" in said(found)
    assert "Newsletter" in said(found) and found.problems[-1]["raw"]
    assert found.words == "mailbox" and len(legs(found)) == 5


def test_the_order_in_the_mailbox_does_not_matter():
    later = b.mail(
        "Change", b.flight(leaves="2026-11-26T08:55:00+02:00"), sent="Thu, 12 Nov 2026 09:00 +0000"
    )
    found = read(b.mbox(later, b.mail("First", b.flight())))
    assert legs(found)[0]["starts"] == "2026-11-26T08:55:00+02:00"


def test_a_cancellation_takes_its_leg():
    off = b.flight(reservationStatus="http://schema.org/ReservationCancelled")
    sent = "Thu, 12 Nov 2026 09:00:00 +0000"
    leg = one(b.mbox(b.mail("Your flight", b.flight()), b.mail("Cancelled", off, sent=sent)))
    assert leg["cancelled"] and leg["starts"]
    bare = {"@type": "FlightReservation", "reservationNumber": "X4K9QP"}
    bare["reservationStatus"] = "ReservationCancelled"
    found = read(b.mbox(b.mail("Your flight", b.flight()), b.mail("Off", bare, sent=sent)))
    assert legs(found)[0]["cancelled"] and "X4K9QP is cancelled" in said(found)
    alone = one(b.mail("Off", bare).as_bytes())
    assert alone["cancelled"] and alone["starts"] is None and alone["reservation"] == "X4K9QP"


def test_what_is_attached_to_a_mail_is_read_too():
    made = b.attached(b.mail("Meeting", b.hotel()), b.invite(), "text/calendar", "m.ics")
    made = b.attached(made, b.AIR_PASS, "application/octet-stream", "p.bin")
    made = b.attached(made, b"\x89PNG", "image/png", "logo.png")
    found = read(made.as_bytes())
    assert sorted(leg["kind"] for leg in legs(found)) == ["event", "flight", "stay"]
    assert "signature" in said(found)
    assert len(found.parts) == 3


def test_a_mail_in_a_mail_and_a_record_in_its_text():
    inner, outer = b.mail("Inner", b.flight()), b.mail("Fwd: flight")
    outer.add_attachment(inner)
    assert len(legs(read(outer.as_bytes()))) == 1
    assert len(legs(read(b.mail("Record", text=b.PNR).as_bytes()))) == 5


def test_a_boarding_pass_names_day_seat_and_traveller_but_no_time():
    leg = one(b.ONE_LEG)
    assert (leg["starts"], leg["ends"], leg["all_day"]) == ("2026-11-26T00:00:00+02:00", None, True)
    assert leg["travellers"] == [b.TEEMU] and leg["checked_in"] and "14C" in leg["notes"]
    assert any("no time of day" in reason for reason in leg["reasons"])


def test_a_pass_of_another_day_is_another_flight():
    sent = b.attached(b.mail("x", b.flight()), b.ONE_LEG.encode(), "text/x-pass", "p.txt")
    assert len(legs(read(sent.as_bytes()))) == 1
    other = b.ONE_LEG.replace("330Y", "333Y").encode()
    sent = b.attached(b.mail("x", b.flight()), other, "text/x-pass", "p.txt")
    assert len({leg["uid"] for leg in legs(read(sent.as_bytes()))}) == 2


def test_both_legs_of_a_pass_and_one_that_breaks_off():
    found = read(b.TWO_LEGS)
    assert [leg["flight_number"] for leg in legs(found)] == ["AY 1331", "BA 117"]
    cut = read(b.TWO_LEGS[:70])
    assert len(legs(cut)) == 1 and "breaks off" in said(cut)


def test_the_year_of_a_pass():
    january = b.ONE_LEG.replace("330Y", "005Y")
    assert one(january, now=datetime(2026, 12, 30, tzinfo=UTC))["starts"].startswith("2027-01-05")
    issued = b.ONE_LEG[:-3] + "10B>507WWW5363"  # issued on day 363 of a year that ends in 5
    issued = issued.replace("330Y", "003Y")
    assert one(issued, now=datetime(2026, 11, 1, tzinfo=UTC))["starts"].startswith("2026-01-03")
    bad = read(b.ONE_LEG.replace("330Y", "9X9Y"))
    assert legs(bad)[0]["starts"] is None and "no day of the year" in said(bad)


def test_passes_of_the_wallet():
    leg = one(b.AIR_PASS)
    assert leg["flight_number"] == "AY 1331" and leg["reservation"] == "X4K9QP"
    train = one(b.TRAIN_PASS)
    assert train["kind"] == "train" and train["starts"] == "2026-11-25T10:00:00+02:00"
    bundle = b.zipped(a__pkpass=b.AIR_PASS, b__pkpass=b.TRAIN_PASS, c__pkpass=b"PK\x03\x04 no")
    found = read(bundle)
    assert len(legs(found)) == 2 and "broken" in said(found)


def test_a_zip_that_would_burst_is_not_opened():
    with pytest.raises(Refused, match="would unpack to"):
        read(b.zipped(pass__json=b" " * 50_000_000))
    with pytest.raises(Refused, match="no wallet pass"):
        read(b.zipped(readme__txt=b"hello"))
    with pytest.raises(Refused, match="more than"):
        read(b.zipped(**{f"f{n}__txt": b"" for n in range(600)}))


def test_the_head_of_a_zip_that_lies_about_its_size_is_not_believed():
    from varangian.travel.itineraries import bundles

    data = b.zipped(pass__json=b"x" * 5_000)
    info = bundles.members(data)["pass.json"]
    info.file_size = 10
    with pytest.raises(Refused):
        unpacked(data, info, 1_000)


def test_lines_of_three_booking_systems():
    found = read(b.PNR)
    first, second = [leg for leg in legs(found) if leg["kind"] == "flight"]
    assert first["starts"] == "2026-11-26T07:55:00+02:00" and first["reservation"] == "X4K9QP"
    assert second["ends"] == "2026-11-27T11:25:00-05:00"
    assert first["travellers"] == [b.MARA, b.TEEMU]
    hotel = next(leg for leg in legs(found) if leg["kind"] == "stay")
    assert hotel["title"] == "Harbour House Hotel" and hotel["end_known"]
    cars = [leg["starts"] for leg in legs(found) if "rental car" in leg["title"]]
    assert cars == ["2026-11-26T09:30:00+00:00", "2026-11-27T07:00:00+00:00"]
    assert [leg["ends"] for leg in legs(read(b.SABRE))] == [
        "2026-11-26T09:10:00+00:00",
        "2026-11-27T23:25:00-05:00",
    ]
    assert legs(read(b.GALILEO))[1]["ends"] == "2026-11-28T07:25:00+08:00"


def test_states_of_a_segment_and_a_line_that_nobody_understands():
    found = read(b.PNR.replace("HELLHR HK2", "HELLHR HX2").replace("LHRJFK HK2", "LHRJFK HL2"))
    first, second = [leg for leg in legs(found) if leg["kind"] == "flight"]
    assert first["cancelled"] and not second["cancelled"] and "not confirmed" in said(found)
    odd = read(b.PNR + "  8 HHL ?? gibberish\n")
    assert "line 8" in said(odd) and "not understood" in said(odd)


def test_a_table_names_the_rows_that_are_bad_and_keeps_them():
    found = read(b.CSV)
    assert [leg["kind"] for leg in legs(found)] == ["flight", "road", "event"]
    assert "row 4: The row has no usable start" in said(found)
    assert "row 5: The end lies before the start" in said(found)
    kept = [p["raw"] for p in found.problems if p["raw"]]
    assert any("next Friday" in raw for raw in kept)


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_delimiters_and_encodings_of_tables(sign, encoding):
    rows = [["start", "kind", "place", "title"], ["2026-11-26 09:00", "stay", "Malmö", "Gästhaus"]]
    leg = one("\n".join(sign.join(row) for row in rows).encode(encoding))
    assert (leg["title"], leg["zone"]) == ("Gästhaus", "Europe/Stockholm")


def test_dates_with_strokes_are_read_as_the_table_shows():
    american = "date,time,title,place\n11/26/2026,09:00,A,London\n11/05/2026,10:00,B,London\n"
    assert [leg["starts"][:10] for leg in legs(read(american))] == ["2026-11-05", "2026-11-26"]
    unclear = read("date,time,title,place\n05/11/2026,09:00,A,London\n")
    assert legs(unclear)[0]["starts"][:10] == "2026-11-05" and "day/month" in said(unclear)


def test_drawn_routes_are_planned_road_legs():
    found = read(b.GPX)
    north, south = legs(found)
    assert (north["title"], north["kind"]) == ("North way", "road")
    assert north["ends"] == "2026-11-26T10:12:00+00:00"
    assert south["starts"] is None and south["origin"]["name"] == "Quay"
    assert south["destination"]["position"] == [60.14, 24.92]
    assert "impossible" in said(found) and "single points" in said(found)
    assert len(legs(read(b.WAYPOINTS))) == 2
    assert one(b.KML)["ends"] == "2026-11-26T10:20:00+00:00"
    assert one(b.zipped(doc__kml=b.KML.encode()))["title"] == "Drive in"


def test_hostile_markup_is_refused():
    bomb = '<?xml version="1.0"?><!DOCTYPE g [<!ENTITY a "x">]><gpx>&a;</gpx>'
    with pytest.raises(Refused, match="broken"):
        read(bomb)
    with pytest.raises(Refused, match="JSON"):
        read("[" * 100_000)


def test_a_missing_extra_is_said_in_words(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "extruct.jsonld", None)
    for data in (b.page(b.flight()), b.six_mails()):
        with pytest.raises(Refused, match="extra travel"):
            read(data)


def test_days_without_a_year():
    assert near_year(1, 5, NOW).isoformat() == "2027-01-05"
    assert near_year(11, 1, NOW).isoformat() == "2026-11-01"
    assert near_year(11, 26, NOW, weekday=4).isoformat() == "2027-11-26"
    assert near_year(2, 30, NOW) is None


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("LINDQVIST/MARA MRS", "Mara Lindqvist"),
        ("LINDQVIST/MARAMRS", "Mara Lindqvist"),
        ("AALTO/TEEMU", "Teemu Aalto"),
        ("Mara Lindqvist", "Mara Lindqvist"),
    ],
)
def test_names(written, name):
    assert person(written) == name
