"""The same venue by page, API and command."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests import factories
from tests.integration.crowds.test_venues import drawn
from tests.unit.engines.crowdflow.drawings import dxf
from tests.unit.engines.crowdflow.plans import text

from varangian.config.commands import root
from varangian.crowds import services
from varangian.crowds.models import VenuePlan
from varangian.crowds.queries import venues as queries
from varangian.platform.access.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader():
    return factories.person("Lea Leader")


@pytest.fixture
def operation(leader):
    return factories.operation(leader)


@pytest.fixture
def plan(leader, operation):
    return services.new_plan(
        actor=leader, operation=operation, data=text(drawn()), file_name="hall.geojson"
    )


def words(answer):
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_an_operation_lists_its_own_venues(leader, operation, plan):
    client = factories.signed_in(leader)
    services.new_plan(
        actor=leader, operation=factories.operation(leader), data=text(drawn()), file_name="x.json",
        name="Elsewhere",
    )  # fmt: skip
    page = words(client.get(f"/crowds/of/{operation.slug}/"))
    assert plan.name in page and "Elsewhere" not in page
    assert f"/crowds/new/?operation={operation.slug}" in page
    assert f'value="{operation.slug}" selected' in words(
        client.get(f"/crowds/new/?operation={operation.slug}")
    )
    stranger = factories.signed_in(factories.person())
    assert stranger.get(f"/crowds/of/{operation.slug}/").status_code == 404


def test_pages(leader, operation, plan):
    client = factories.signed_in(leader, fresh=True)
    assert plan.name in words(client.get("/crowds/"))
    client.get("/crowds/new/")
    upload = SimpleUploadedFile("north.dxf", dxf())
    answer = client.post("/crowds/new/", {"file": upload, "operation": operation.slug})
    made = VenuePlan.objects.exclude(pk=plan.pk).get()
    assert answer["Location"] == f"/crowds/{made.pk}/"
    page = words(client.get(f"/crowds/{plan.pk}/?people=600"))
    assert "data-capacity" in page and "Stewards" in page and "vc-door" in page
    assert "data-lanes" in words(client.get(f"/crowds/{plan.pk}/entry/?people=600"))
    assert "data-editor" in words(client.get(f"/crowds/{plan.pk}/edit/"))
    client.post(f"/crowds/{plan.pk}/versions/1/in-force/")
    assert "in force" in words(client.get(f"/crowds/{plan.pk}/"))
    answer = client.post(
        f"/crowds/{plan.pk}/runs/ask/",
        {"people": 400, "runs": 3, "blocked": ["east"], "incident": "20, 3"},
    )
    page = words(client.get(answer["Location"]))
    assert 'data-t95="before"' in page and 'data-t95="after"' in page
    run = queries.runs(leader, plan).first()
    for side in ("before", "after"):
        film = client.get(f"/crowds/runs/{run.pk}/film/{side}/").json()
        assert film["levels"][0]["frames"]
    page = words(client.get(f"/crowds/{plan.pk}/way-out/?length=40&people=200"))
    assert "data-seconds" in page and "Gaps for extraction" in page
    assert client.get(f"/crowds/runs/{run.pk}/seconds/").json()["levels"]
    page = words(client.get(f"/crowds/runs/{run.pk}/advice/?at=20,10&as=html"))
    assert "data-trade" in page
    assert client.get(f"/crowds/runs/{run.pk}/advice/?at=nowhere").status_code == 422
    assert client.get(f"/crowds/{plan.pk}/versions/1/original/").content == text(drawn())


def test_the_editor_saves_and_keeps_what_is_refused(leader, plan):
    client = factories.signed_in(leader)
    body = json.dumps({"document": drawn(), "base": 1})
    send = {"path": f"/crowds/{plan.pk}/save/", "content_type": "application/json"}
    assert client.post(data=body, **send).json()["version"] == 2
    answer = client.post(data=body, **send)
    assert answer.status_code == 409 and "Version 2" in answer.json()["refused"]


def test_an_officer_looks_and_does_not_change(operation, plan):
    client = factories.signed_in(factories.member(operation, Role.OFFICER))
    page = words(client.get(f"/crowds/{plan.pk}/"))
    assert "Put in force" not in page and ">Draw<" not in page
    assert client.get(f"/crowds/{plan.pk}/edit/").status_code == 403
    assert client.post(f"/crowds/{plan.pk}/runs/ask/", {"people": 9, "runs": 1}).status_code == 403


def test_api(leader, operation):
    client = factories.signed_in(leader)
    answer = client.post(
        "/api/v1/venues",
        {"file": SimpleUploadedFile("h.geojson", text(drawn())), "operation": operation.slug},
    )
    assert answer.status_code == 201, answer.content
    pk = answer.json()["id"]
    assert client.get("/api/v1/venues").json()["items"][0]["id"] == pk
    assert client.get(f"/api/v1/venues/{pk}").json()["versions"][0]["version"] == 1
    assert client.get(f"/api/v1/venues/{pk}/plan").json()["features"]
    assert client.get(f"/api/v1/venues/{pk}/capacity?people=600").json()["staff"]["stewards"] == 4
    assert client.get(f"/api/v1/venues/{pk}/queue?people=400").json()["lanes"] == 1
    kind = {"content_type": "application/json"}
    body = json.dumps({"document": drawn(), "base": 1})
    assert client.post(f"/api/v1/venues/{pk}/versions", body, **kind).status_code == 201
    assert client.post(f"/api/v1/venues/{pk}/in-force?version=2").json()["in_force"] == 2
    body = json.dumps({"people": 300, "runs": 3})
    run = client.post(f"/api/v1/venues/{pk}/runs", body, **kind).json()
    assert run["state"] == "done" and run["result"]["after"]["t95"][1] > 0
    found = client.get(f"/api/v1/crowd-runs/{run['id']}/way-out?x=20&y=10").json()
    assert found["options"] and found["trade"]
    assert client.get(f"/api/v1/crowd-runs/{run['id']}/film").json()["levels"]
    assert client.get("/api/v1/rope-line?length=40&people=200").json()["pens"] == 4


def test_commands(leader, operation, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("VARANGIAN_AS", leader.email)
    (tmp_path / "h.dxf").write_bytes(dxf())
    line = ["venue", "import", str(tmp_path / "h.dxf"), "--operation", operation.slug, "--json"]
    assert root(line) == 0
    pk = json.loads(capsys.readouterr().out)["id"]
    assert root(["venue", "in-force", pk, "1", "--json"]) == 0
    capsys.readouterr()
    assert root(["venue", "run", pk, "--people", "300", "--runs", "3", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["result"]["after"]["t95"]
    for line in (["venue", "list"], ["venue", "show", pk], ["venue", "plan", pk]):
        assert root(line) == 0
