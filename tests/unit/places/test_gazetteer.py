"""Texts of places to points, and texts that must stay without one."""

import subprocess
import sys
import time

import pytest

from varangian.places.coordinates import find_coordinates, without_coordinates
from varangian.places.gazetteer import resolve, same_airport


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("60.1699, 24.9384", (60.1699, 24.9384)),
        ("Gate 3, 60.1699, 24.9384", (60.1699, 24.9384)),
        ("60°10'12\"N 24°56'18\"E", (60.17, 24.93833)),
        ("N 60 10.2 E 24 56.3", (60.17, 24.93833)),
        ("33.5S 70.6W", (-33.5, -70.6)),
        ("geo:60.17,24.94;u=35", (60.17, 24.94)),
        ("https://maps.example.org/maps/@60.17,24.94,15z", (60.17, 24.94)),
        ("https://maps.example.org/?q=60.17,24.94", (60.17, 24.94)),
        ("https://map.example.org/?mlat=60.17&mlon=24.94#map=15/1/2", (60.17, 24.94)),
    ],
)
def test_coordinates(text, point):
    found = resolve(text)
    assert found.precision == "exact"
    assert found.point == pytest.approx(point, abs=1e-4)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Hotel Aurora, 60.1682, 24.9431", "Hotel Aurora"),
        ("Gate 3 (60°10'12\"N 24°56'18\"E)", "Gate 3"),
        ("60.1682, 24.9431", "60.1682, 24.9431"),
        ("Room 12", "Room 12"),
    ],
)
def test_the_name_is_what_stands_beside_the_coordinates(text, name):
    assert without_coordinates(text) == name


@pytest.mark.parametrize("text", ["95.00, 200.00", "Room 12.5, 3.2", "24.11.2026, 25.11.2026", ""])
def test_no_coordinates(text):
    assert find_coordinates(text) is None


def test_coordinates_of_the_source_win_but_not_null_island():
    assert resolve("HEL", geo=(60.0, 25.0)).point == (60.0, 25.0)
    assert resolve("HEL", geo=(0.0, 0.0)).precision == "airport"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("HEL", "HEL"),
        ("EFHK", "HEL"),
        ("Munich (MUC)", "MUC"),
        ("Munich MUC", "MUC"),
        ("MUC Terminal 2", "MUC"),
        ("Munich Airport", "MUC"),
        ("Flughafen München", "MUC"),
        ("Helsinki-Vantaa Airport", "HEL"),
        ("Heathrow", "LHR"),
        ("Heathrow Airport, United Kingdom", "LHR"),
    ],
)
def test_airports(text, code):
    found = resolve(text)
    assert (found.precision, found.code) == ("airport", code)
    assert found.located


def test_several_airports_of_a_city_are_never_guessed():
    found = resolve("London Airport")
    assert found.precision == "ambiguous"
    assert not found.located
    assert "LHR" in {candidate.code for candidate in found.candidates}


@pytest.mark.parametrize(
    ("text", "precision", "country"),
    [
        ("Helsinki", "city", "FI"),
        ("Helsinki, Finland", "city", "FI"),
        ("München", "city", "DE"),
        ("Москва", "city", "RU"),
        ("Paris", "country-less", "FR"),
        ("Paris, France", "city", "FR"),
        ("Paris, Texas, USA", "city", "US"),
        ("Cambridge MA", "city", "US"),
        ("Cambridge, UK", "city", "GB"),
        ("Tbilisi, Georgia", "city", "GE"),
    ],
)
def test_cities(text, precision, country):
    found = resolve(text)
    assert (found.precision, found.country) == (precision, country)
    assert found.tz


@pytest.mark.parametrize("text", ["Cambridge", "Birmingham", "Springfield", "Valencia"])
def test_namesakes_are_returned_not_chosen(text):
    found = resolve(text)
    assert found.precision == "ambiguous"
    assert found.point is None
    assert len(found.candidates) > 1


def test_country_and_neighbourhood_choose_between_namesakes():
    assert resolve("Cambridge", country="GB").country == "GB"
    assert resolve("Valencia", near=(39.5, -0.4)).country == "ES"


@pytest.mark.parametrize(
    "text",
    [
        "Hotel Kämp, Pohjoisesplanadi 29, 00100 Helsinki, Finland",
        "Finlandia Hall, Helsinki",
        "Some Hotel Helsinki",
    ],
)
def test_addresses_stay_unlocated_with_a_hint(text):
    found = resolve(text)
    assert (found.precision, found.point, found.city_hint) == ("unlocated", None, "Helsinki")


@pytest.mark.parametrize(
    "text",
    ["Airport", "the Hotel", "Office", "Board room", "USA", "Finland", "Hotel X (USA)", "Room 4"],
)
def test_nothing_known(text):
    assert resolve(text) is None


def test_hotel_at_an_airport_is_not_the_airport():
    assert not resolve("Hilton Munich Airport (MUC)").located


def test_same_airport():
    assert same_airport("HEL", "Helsinki-Vantaa Airport")
    assert not same_airport("HEL", "MUC")
    assert not same_airport("Hotel", "Hotel")


def test_fast_once_loaded():
    resolve("Helsinki")
    started = time.perf_counter()
    for n in range(200):
        resolve("Tampere, Finland" + " " * (n % 2))
    assert (time.perf_counter() - started) / 200 < 0.002


def test_memory_stays_small():
    """A process that has looked up an airport and a city holds less than 60 MB more."""
    code = (
        "import resource\n"
        "from varangian.places.gazetteer import resolve\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "assert resolve('HEL').located and resolve('Helsinki').located\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) / 1024 < 60
