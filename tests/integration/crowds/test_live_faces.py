"""The same watch by page, API, command and phone."""

import json
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from tests import factories
from tests.integration.crowds.test_live import drawn
from tests.unit.engines.crowdflow.plans import text

from varangian.config.commands import root
from varangian.crowds import services
from varangian.crowds.models import CrowdCounter, CrowdReading, CrowdWatch
from varangian.crowds.queries import live as reads
from varangian.crowds.queries import venues as queries
from varangian.crowds.services import watching
from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.roles import Role
from varangian.protection.queries import phone_crowd
from varangian.protection.services import outbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    leader = factories.person("Lea Leader")
    operation = factories.operation(leader)
    plan = services.new_plan(
        actor=leader, operation=operation, data=text(drawn()), file_name="hall.geojson"
    )
    return SimpleNamespace(leader=leader, operation=operation, plan=plan)


def act(body, seq=1):
    return outbox.Act(uuid4(), "crowd_click", now(), seq, "phone", body)


def test_by_page(world):
    client = factories.signed_in(world.leader)
    at = f"/crowds/{world.plan.pk}/live/"
    assert b"No counter stands" in client.get(at).content
    given = {"name": "North", "kind": "http", "into": "floor", "period_s": 10}
    made = client.post(f"{at}counters/", given).content.decode()
    assert "/count/" in made and "North is registered" in made
    assert client.post(f"{at}counters/", {**given, "name": ""}).status_code == 422
    trigger = {"level": "red", "what": "people", "value": 30, "zone": ""}
    assert client.post(f"{at}triggers/", trigger).status_code == 302
    assert client.post(f"{at}start/", {"expected": 900, "give": 5}).status_code == 302
    watch = CrowdWatch.objects.get()
    CrowdWatch.objects.update(started_at=now() - timedelta(seconds=40))
    client.post(f"/crowds/watches/{watch.pk}/count/", {"zone": "floor", "people": 50})
    watching.step_all()
    client.post(f"/crowds/watches/{watch.pk}/principal/", {"at": "20, 10", "level": "0"})
    words = client.get(f"{at}now/").content.decode()
    assert "never heard" in words and "data-trade" in words
    assert client.get(at).status_code == 200
    film = client.get(f"/crowds/watches/{watch.pk}/moments/").json()
    assert film["zones"][0]["d"].startswith("M") and film["moments"]
    assert client.post(f"/crowds/watches/{watch.pk}/end/").status_code == 302
    over = client.get(f"/crowds/watches/{watch.pk}/").content.decode()
    assert "data-summary" in over and f"about=crowd_watch:{watch.pk}" in over


def test_by_api(world):
    client = factories.signed_in(world.leader)
    at = f"/api/v1/venues/{world.plan.pk}"

    def post(path, **body):
        return client.post(path, json.dumps(body), content_type="application/json")

    made = post(f"{at}/counters", name="North", kind="http", into="floor").json()
    assert made["url"].rpartition("/count/")[2]
    click = post(f"{at}/counters", name="Door 2", kind="clicker", into="floor").json()
    assert click["url"] is None
    assert post(f"{at}/triggers", level="red", what="people", value=9).status_code == 201
    watch = post(f"{at}/watches", expected=100).json()
    assert post(f"/api/v1/crowd-counters/{click['id']}/clicks", entered=4).json() == {"kept": 1}
    assert (
        post(f"/api/v1/crowd-watches/{watch['id']}/counts", zone="floor", people=7).status_code
        == 201
    )
    told = post(f"/api/v1/crowd-watches/{watch['id']}/counts", zone="cellar", people=7)
    assert told.status_code == 422 and "cellar" in told.content.decode()
    assert client.get(f"/api/v1/crowd-watches/{watch['id']}").json()["on"]
    assert client.get(f"{at}/watches").json()["items"][0]["expected"] == 100
    ended = post(f"/api/v1/crowd-watches/{watch['id']}/end").json()
    assert not ended["on"] and ended["summary"]["readings"] == 2
    assert client.delete(f"/api/v1/crowd-counters/{made['id']}").status_code == 200


def test_an_officer_clicks_on_the_phone_also_late(world):
    one, _ = services.add_counter(
        actor=world.leader, plan=world.plan, name="Door 2", kind="clicker", into="floor"
    )
    officer = factories.member(world.operation, Role.OFFICER)
    assert phone_crowd.clickers(officer, world.operation) == []
    services.start_watch(actor=world.leader, version=queries.newest(world.leader, world.plan))
    assert phone_crowd.clickers(officer, world.operation)[0]["name"] == "Door 2"
    done = act({"counter": str(one.pk), "entered": 12, "left": 1})
    for _ in range(2):
        answer = outbox.receive(actor=officer, device="phone", acts=[done])
    assert answer[0]["state"] == "done" and "12 in, 1 out" in answer[0]["words"]
    assert CrowdReading.objects.get().by == officer
    wrong = outbox.receive(actor=officer, device="phone", acts=[act({"counter": "x"}, 2)])
    assert wrong[0]["state"] == "refused"


def test_a_recorded_evening_by_command(world, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("VARANGIAN_AS", world.leader.email)
    file, pk = tmp_path / "evening.csv", str(world.plan.pk)
    rows = ["seconds,counter,entered,left", *(f"{10 * k},North,{20 * k},0" for k in range(40))]
    file.write_text("\n".join([*rows, "395,=floor,800,10"]))
    line = ["crowd", "live", "replay", pk, str(file), "--speed", "0", "--json"]
    with pytest.raises(Refused, match="no counter North"):
        root(line)
    assert root(["crowd", "live", "add-counter", pk, "North", "http", "--into", "floor",
                 "--period", "10"]) == 0  # fmt: skip
    capsys.readouterr()
    assert root(line) == 0
    shown = json.loads(capsys.readouterr().out)
    floor = next(zone for zone in shown["now"]["zones"] if zone["zone"] == "floor")
    assert floor["low"] <= 790 <= floor["high"]
    assert CrowdCounter.objects.get().heard_at
    for rest in (["show"], ["list"], ["counters"], ["triggers"], ["end"]):
        assert root(["crowd", "live", *rest, pk]) == 0
    assert not reads.watch_on(world.leader, world.plan)
    file.write_text("0,North,many,0\n")
    with pytest.raises(Refused, match="line 1"):
        root(line)
