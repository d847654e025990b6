"""Score, differences, numbers, statement, ground."""

from datetime import UTC, date, datetime, timedelta

import pytest

from varangian.kernel.geometry import haversine_km
from varangian.travel.dossier.changes import differences
from varangian.travel.dossier.ground import (
    Trip,
    airports_section,
    country_at,
    dates_section,
    practical_section,
    zone_of,
)
from varangian.travel.dossier.library import Checked, country_facts, known_numbers, numbers
from varangian.travel.dossier.score import Said, score
from varangian.travel.dossier.statement import KEYS, PARTS, gaps

AT = datetime(2026, 11, 30, 12, tzinfo=UTC)
HELSINKI = (60.17, 24.94)


def said(source, level, scope="whole", days=1.0):
    return Said(source, scope, level, "words", AT - timedelta(days=days))


def test_the_worst_counts_and_never_an_average():
    found = score([said("us-state", 1), said("uk-fcdo", 1), said("germany", 4)], AT)
    assert found.level == 4 and found.by == ("German Foreign Office",)
    assert found.spread == (
        "On the whole country they differ: 4 by German Foreign Office; "
        "1 by US State Department, UK FCDO",
    )
    assert found.gaps == ("Government of Canada: nothing on file",)


def test_parts_never_raise_the_country_and_are_told_beside_it():
    found = score([said("uk-fcdo", 1), said("uk-fcdo", 4, "part")], AT)
    assert (found.level, found.part, found.parts_worse) == (1, 4, True)


def test_old_and_unreadable_words_do_not_count_and_are_named():
    found = score([said("us-state", 4, days=31), said("canada", None), said("uk-fcdo", 2)], AT)
    assert found.level == 2
    assert any("US State Department: last had 31 d" in words for words in found.gaps)
    assert "Government of Canada: its level cannot be read" in found.gaps
    assert score([], AT).level is None and score([], AT).tone == "grey"
    assert score([], AT).words == "not known"


def content(level=2, words="C, F", hazards=(), residual="little"):
    return {
        "at": AT.isoformat(),
        "score": {"level": level, "part": None},
        "advisories": [{"source": "uk-fcdo", "scope": "whole", "level": level, "words": "w"}],
        "hazards": [{"key": h, "title": h, "level": 3} for h in hazards],
        "sections": [
            {
                "key": "practical",
                "facts": [
                    {"key": "plugs", "label": "Plugs", "words": words, "standing": "unverified"}
                ],
            },
            {
                "key": "dates",
                "facts": [
                    {"key": str(level), "label": "Sun", "words": "up", "standing": "computed"}
                ],
            },
        ],
        "frame": {"residual": residual},
    }


def test_differences_in_words():
    assert differences(content(), content()) == []
    found = differences(content(), content(4, "G", ("Flood",), "much"))
    assert found == [
        "The country rose from 2, increased caution to 4, do not travel",
        "UK FCDO on the whole country rose from 2, increased caution to 4, do not travel",
        "New hazard: Flood",
        "Plugs: C, F is now G",
        "Residual risk was rewritten",
    ]
    assert differences(content(4), content(1))[0].startswith("The country fell from 4")
    assert differences(content(None), content(1))[0].startswith("The country went from not known")


def test_a_statement_needs_every_part_and_an_owner_for_each_plan():
    whole = dict.fromkeys(KEYS, "written")
    assert gaps(whole) == [] and len(gaps({})) == len(PARTS)
    assert gaps({**whole, "evacuation": " "}) == ["no evacuation plan"]
    assert gaps({**whole, "medical_owner": ""}) == ["nobody owns the medical plan"]


def test_numbers_are_shipped_unverified():
    assert {"FI", "GB", "US"} <= set(numbers())
    for row in numbers().values():
        assert all(not (n.source or n.verified_on or n.signed_by) for n in row.numbers)
    [number] = known_numbers("FI", [], AT.date())
    assert (number.number, number.standing) == ("112", "unverified") and "Verify" in number.why


def check(person, days=1, number="112"):
    return Checked("any", number, person, AT.date() - timedelta(days=days), "rang it")


def test_two_people_verify_a_number_for_a_year():
    def known(*checks):
        return {n.number: n.standing for n in known_numbers("FI", checks, AT.date())}

    assert known(check("A")) == {"112": "unverified"}
    assert known(check("A"), check("A", 2)) == {"112": "unverified"}, "the same person twice"
    assert known(check("A"), check("B")) == {"112": "verified"}
    assert known(check("A", 400), check("B", 400)) == {"112": "stale"}
    assert known(check("A", number="999"), check("B", number="999"))["999"] == "verified"
    assert known_numbers("AO", [], AT.date()) == []


def trip(country="FI", point=HELSINKI, days=3, start=datetime(2026, 12, 23, 9, tzinfo=UTC)):
    return Trip(country, point, start, start + timedelta(days=days), "Europe/London")


def words(section):
    return {fact.label: fact.words for fact in section.facts}


def test_ground():
    assert next(iter(words(airports_section(trip())))).startswith("HEL")
    assert country_at(HELSINKI) == "FI" and country_at((-40.0, -120.0)) == ""
    assert zone_of(trip()) == "Europe/Helsinki"
    assert zone_of(trip("US", (40.7, -74.0))) == "America/New_York"
    assert zone_of(trip("US", None)) == "", "several, and nobody knows which"
    got = words(practical_section(trip()))
    assert got["From the operation's clock"] == "2:00 h ahead of Europe/London"
    assert got["Drives on the"] == "right" and got["Plugs"] == "C, F"


def test_clock_change_during_the_stay_is_told():
    start = datetime(2026, 10, 23, 9, tzinfo=UTC)
    got = words(practical_section(trip(start=start)))
    assert got["Clocks change during the stay"] == "From UTC+3:00 to UTC+2:00"


def test_days_of_the_trip():
    got = words(dates_section(trip()))
    assert got["Daylight Wed 23 Dec"].startswith("rises 09:24, sets 15:14 EET")
    pytest.importorskip("holidays")
    assert any("Christmas" in text for text in got.values())
    polar = words(dates_section(trip("NO", (69.65, 18.96))))
    assert polar["Daylight Wed 23 Dec"].startswith("Polar night")
    assert words(dates_section(trip(point=None)))["Daylight"].startswith("Unknown")


def test_without_a_place_airports_are_not_guessed():
    assert airports_section(trip(point=None)).facts == []


def test_the_table_of_countries_names_countries():
    from varangian.places.countries import COUNTRIES

    table = country_facts()
    assert {*table.left, *table.plugs} <= set(COUNTRIES)
    assert haversine_km(HELSINKI, HELSINKI) == 0 and isinstance(table.reviewed, date)
