"""Feeds and signals on screen, over the API and at the console."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests import factories
from tests.integration.intelligence.feeds import feed, item

from varangian.config.commands import root
from varangian.intelligence import services
from varangian.intelligence.models import Connector, FeedImport, Signal
from varangian.kernel import clock
from varangian.kernel.results import Refused
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.platform.access.services import issue_token

pytestmark = pytest.mark.django_db
FOLDER = Path(__file__).parents[2] / "fixtures" / "feeds"


@pytest.fixture(autouse=True)
def the_day_before(team):
    with clock.frozen(team.start - timedelta(hours=20)):
        yield


def upload(data: bytes, name: str = "storm.json"):
    return SimpleUploadedFile(name, data)


def bearer(user, *, writes: bool = True) -> Client:
    _, secret = issue_token(user=user, label="t", writes=writes)
    return Client(headers={"authorization": f"Bearer {secret}"})


@pytest.fixture
def record(team) -> FeedImport:
    data = feed(item("s1", team.start, instruction="Wait inside."), item("x", team.start, at=None))
    return services.import_feed(actor=SYSTEM, data=data, name="storm.json")


@pytest.mark.parametrize("role", Role)
def test_each_role(team, record, role):
    user = factories.member(team.operation, role)
    client = factories.signed_in(user)
    sees = role is not Role.CLIENT
    assert (b"Storm s1" in client.get("/intelligence/").content) == sees
    signal = Signal.objects.filter(native_id="s1").get()
    address = f"/intelligence/signals/{signal.pk}/"
    assert client.get(address).status_code == (200 if sees else 404)
    page = client.get(f"/intelligence/imports/{record.pk}/")
    assert page.status_code == (200 if sees else 404)
    assert client.get("/intelligence/feeds/").status_code == 200
    features = client.get("/intelligence/map.json").json()["features"]
    assert len(features) == (1 if sees else 0)
    imports = role in (Role.DETAIL_LEADER, Role.ANALYST, Role.OPERATOR)
    sent = client.post("/intelligence/import/", {"file": upload(feed()), "kind": "auto"})
    assert sent.status_code == (302 if imports else 403)
    sent = client.post("/intelligence/feeds/switch/", {"name": "gdacs", "on": "1"})
    assert sent.status_code == (302 if imports else 403)


@pytest.mark.parametrize("fields", [{}, {"is_administrator": True}, {"is_auditor": True}])
def test_people_without_a_seat(team, record, fields):
    client = factories.signed_in(factories.person(**fields))
    assert b"Storm s1" not in client.get("/intelligence/").content
    assert b"storm.json" not in client.get("/intelligence/feeds/").content
    assert client.get(f"/intelligence/imports/{record.pk}/").status_code == 404
    assert client.get("/intelligence/map.json").json()["features"] == []


def test_pages_say_what_is_there(team, record):
    client = factories.signed_in(team.leader)
    signal = Signal.objects.get(native_id="s1")
    page = client.get(f"/intelligence/signals/{signal.pk}/").content.decode()
    assert "Wait inside." in page and "Storm s1" in page
    assert "storm.json" in client.get("/intelligence/feeds/").content.decode()
    for query in ("kind=weather", "state=", "state=cancelled&page=7", "kind=nonsense"):
        assert client.get(f"/intelligence/?{query}").status_code == 200
    (feature,) = client.get("/intelligence/map.json").json()["features"]
    assert feature["properties"]["radius_km"] == 5


def test_import_by_page(team):
    client = factories.signed_in(team.leader)
    sent = client.post("/intelligence/import/", {"file": upload(feed(item("s1", team.start)))})
    page = client.get(sent["Location"]).content.decode()
    assert "storm.json" in page
    none = client.post("/intelligence/import/", {})
    assert none.status_code == 422 and b"Choose a file first" in none.content
    bad = client.post("/intelligence/import/", {"file": upload(b"nothing")})
    assert bad.status_code == 422 and FeedImport.objects.count() == 1
    wrong = client.post("/intelligence/import/", {"file": upload(feed()), "kind": "stars"})
    assert wrong.status_code == 422


def test_hostile_words_of_a_source_stay_words(team):
    hostile = item("s1", team.start, title="<script>alert(1)</script>", link="javascript:alert(1)")
    services.import_feed(actor=SYSTEM, data=feed(hostile), name="<b>x</b>")
    client = factories.signed_in(team.leader)
    signal = Signal.objects.get()
    for address in ("", f"signals/{signal.pk}/", "feeds/"):
        page = client.get(f"/intelligence/{address}").content.decode()
        assert "<script>alert(1)" not in page and "<b>x</b>" not in page
        assert 'href="javascript:' not in page


def test_the_health_page_shows_failures(team):
    services.switch(actor=SYSTEM, name="gdacs", on=True)
    Connector.objects.update(failures=3, last_error="HTTPStatusError: 503", every_minutes=10)
    page = factories.signed_in(team.leader).get("/intelligence/feeds/").content.decode()
    assert "503" in page and "usgs-earthquakes" in page


def test_switching_by_page(team):
    client = factories.signed_in(team.leader)
    client.post("/intelligence/feeds/switch/", {"name": "gdacs", "on": "1"})
    assert Connector.objects.get().enabled
    client.post("/intelligence/feeds/switch/", {"name": "gdacs", "on": "0"})
    assert not Connector.objects.get().enabled
    lost = client.post("/intelligence/feeds/switch/", {"name": "unheard", "on": "1"})
    assert lost.status_code == 422 and b"no such connector" in lost.content


def test_pages_cost_few_queries(team, django_assert_max_num_queries):
    data = feed(*(item(f"s{n}", team.start, at=[16.0, 48.0]) for n in range(60)))
    for _ in range(3):
        services.import_feed(actor=SYSTEM, data=data)
    client = factories.signed_in(team.leader)
    client.get("/intelligence/")
    for address in ("/intelligence/", "/intelligence/feeds/", "/intelligence/map.json"):
        with django_assert_max_num_queries(20):
            assert client.get(address).status_code == 200


def test_api(team):
    client = bearer(team.leader)
    sent = client.post("/api/v1/feeds/import", {"file": upload(feed(item("s1", team.start)))})
    assert sent.status_code == 201, sent.content
    assert sent.json()["counts"] == {
        "items": 1,
        "problems": 0,
        "new": 1,
        "updated": 0,
        "cancelled": 0,
        "unchanged": 0,
        "outdated": 0,
    }
    (row,) = client.get("/api/v1/signals?kind=weather").json()["items"]
    assert (row["native_id"], row["state"]) == ("s1", "active")
    assert client.get(f"/api/v1/signals/{row['id']}").json()["title"] == "Storm s1"
    assert client.get("/api/v1/signals?state=cancelled").json()["count"] == 0
    assert client.get("/api/v1/feeds/imports").json()["count"] == 1
    (alert,) = client.get("/api/v1/alerts").json()["items"]
    assert alert["minutes"] == 40
    body = json.dumps({"on": True})
    on = client.post("/api/v1/connectors/gdacs", body, content_type="application/json")
    assert on.json()["enabled"] is True
    assert client.get("/api/v1/connectors").json()["count"] == 1


def test_api_refusals(team, record):
    client = bearer(team.leader)
    bad = client.post("/api/v1/feeds/import", {"file": upload(b"nothing")})
    assert bad.status_code == 422 and bad["Content-Type"] == "application/problem+json"
    body = json.dumps({"on": True})
    lost = client.post("/api/v1/connectors/unheard", body, content_type="application/json")
    assert lost.status_code == 422
    driver = bearer(factories.member(team.operation, Role.DRIVER))
    denied = driver.post("/api/v1/feeds/import", {"file": upload(feed())})
    assert denied.status_code == 403
    reading = bearer(team.leader, writes=False)
    assert reading.post("/api/v1/feeds/import", {"file": upload(feed())}).status_code == 403
    outside = bearer(factories.person())
    assert outside.get("/api/v1/signals").json()["count"] == 0
    signal = record.signals.first()
    assert outside.get(f"/api/v1/signals/{signal.pk}").status_code == 404


def test_command_line_import(team, tmp_path, capsys):
    path = tmp_path / "storm.json"
    path.write_bytes(feed(item("s1", team.start), item("bad", team.start, at=[500, 900])))
    assert root(["feed", "import", str(path), "--json"]) == 0
    out = capsys.readouterr()
    row = json.loads(out.out)
    said = {"id", "at", "name", "kind", "counts", "problems", "alerts", "matching_job"}
    assert set(row) == said and row["matching_job"] is None
    assert (row["kind"], row["name"]) == ("geojson", "storm.json")
    assert row["counts"]["items"] >= 1 and row["problems"]
    assert row["problems"][0]["where"] in out.err
    (alert,) = row["alerts"]
    assert (alert["minutes"], alert["distance_km"]) == (40, 0.0)
    assert "Airport to hotel" in alert["title"]
    assert root(["feed", "import", str(path)]) == 0
    assert root(["signal", "list", "--json", "--kind", "weather"]) == 0
    out = capsys.readouterr().out
    assert {row["native_id"] for row in json.loads(out[out.index("[") :])} == {"s1", "bad"}


def test_an_import_as_the_plain_role_says_that_matching_is_queued(
    team, tmp_path, capsys, monkeypatch
):
    """The plain role sees no foreign team: its count of alerts would be no count."""
    path = tmp_path / "storm.json"
    path.write_bytes(feed(item("s1", team.start)))
    monkeypatch.setenv("VARANGIAN_DB_ROLE", "app")
    assert root(["feed", "import", str(path), "--json"]) == 0
    out = capsys.readouterr()
    assert json.loads(out.out)["matching_job"] > 0
    assert "matching is queued as job" in out.err and "0 alerts" not in out.err


@pytest.mark.parametrize("name", ["cap.xml", "gdacs.xml", "usgs.json", "hazards.geojson"])
def test_command_line_reads_each_kind(team, capsys, name):
    kind = "geojson" if name.startswith("hazards") else name.split(".")[0]
    for given in ("auto", kind):
        assert root(["feed", "import", str(FOLDER / name), "--kind", given, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["kind"] == kind


def test_command_line_connectors(team, capsys, tmp_path):
    assert root(["feed", "list", "--json"]) == 0
    rows = {row["name"]: row["enabled"] for row in json.loads(capsys.readouterr().out)}
    assert rows == {"gdacs": False, "usgs-earthquakes": False}
    assert root(["feed", "on", "gdacs", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["enabled"] is True
    assert root(["feed", "off", "gdacs", "--json"]) == 0
    with pytest.raises(Refused, match="no such connector"):
        root(["feed", "on", "unheard"])
    with pytest.raises(Refused, match="no such file"):
        root(["feed", "import", str(tmp_path / "none")])
    assert root(["feed", "import"]) == 2
