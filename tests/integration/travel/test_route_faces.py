"""Routes over the API and at the console: the same deeds, the same refusals."""

import json

import pytest
from django.test import Client

from varangian.config.commands import root
from varangian.kernel.results import NotFound, Refused
from varangian.platform.access.services import issue_token
from varangian.platform.ui import console

from .test_routes import box, driver, home, leader, leg, operation, plan, town  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_named():
    yield
    console.act_for("")


def bearer(user) -> Client:
    _, secret = issue_token(user=user, label="t", writes=True)
    return Client(headers={"authorization": f"Bearer {secret}"})


def post(client, address, **body):
    return client.post(f"/api/v1{address}", json.dumps(body), content_type="application/json")


@pytest.fixture
def run(capsys):
    def said(*words, as_json=True, who=""):
        capsys.readouterr()
        named = ["--as", who] if who else []
        assert root([*named, "route", *words, *(["--json"] if as_json else [])]) == 0
        told = capsys.readouterr()
        return json.loads(told.out) if as_json else told.out + told.err

    return said


def test_a_day_over_the_api(town, leg, operation, leader, driver):  # noqa: F811
    leader.__dict__.pop("_reach", None)
    desk, wheel = bearer(leader), bearer(driver)
    listed = f"/operations/{operation.slug}/route-plans"
    wish = {"movement": str(leg.pk), "budget": 1.3, "window_minutes": 20}
    assert post(wheel, listed, **wish).status_code == 403
    made = post(desk, listed, **wish)
    assert made.status_code == 201, made.content
    row = made.json()
    assert 0 < row["bound"] < 1 and "meets the car with at most" in row["words"]
    assert "edges" not in row["routes"][0] and row["routes"][0]["cues"]
    assert wheel.get(f"/api/v1{listed}").json()["count"] == 0, "not of the leg"
    at = f"/route-plans/{row['id']}"
    assert post(desk, f"{at}/role", route="R2", role="emergency").status_code == 200
    assert post(wheel, f"{at}/approve").status_code == 404
    assert post(desk, f"{at}/approve").json()["state"] == "approved"
    sealed = post(desk, f"{at}/draw").json()
    assert len(sealed["commitment"]) == 64 and "choice" not in sealed
    assert wheel.get(f"/api/v1{at}/draw").status_code == 404
    assert post(desk, f"{at}/release").status_code == 200
    assert "choice" not in wheel.get(f"/api/v1{at}/draw").json(), "not of the leg"
    named = post(desk, f"{at}/watchers", email=driver.email, watches=True)
    assert named.status_code == 200, named.content
    shown = wheel.get(f"/api/v1{at}/draw").json()
    assert shown["nonce"] is None and shown["route"].startswith("R") and shown["departs_at"]
    done = post(wheel, f"{at}/driven", words="Quiet").json()
    assert done["driven"]["seal_fits"] and done["nonce"]
    assert post(desk, f"{at}/withdraw", reason="late").status_code == 409


def test_a_closure_over_the_api(plan, leader):  # noqa: F811
    desk = bearer(leader)
    lon, lat = plan.payload["routes"][0]["geometry"][6]
    answer = post(desk, f"/route-plans/{plan.pk}/replan", area=box(lon, lat), reason="Flood")
    assert answer.status_code == 201 and answer.json()["version"] == 2
    bad = post(desk, f"/route-plans/{answer.json()['id']}/replan", area={"type": "Point"})
    assert bad.status_code == 422 and "not an area" in bad.content.decode()


def test_a_day_at_the_console(run, town, leg, operation, leader, tmp_path):  # noqa: F811
    leader.__dict__.pop("_reach", None)
    at = (operation.slug, str(leg.serial))
    with pytest.raises(NotFound, match="no route plan"):
        run("show", *at)
    made = run("make", *at, "--budget", "1.3", "--window", "20")
    assert made["version"] == 1 and len(made["routes"]) > 1
    lon, lat = made["routes"][0]["geometry"][6]
    file = tmp_path / "closed.geojson"
    file.write_text(json.dumps(box(lon, lat)))
    assert run("replan", *at, "--closed", str(file), "--reason", "Flood")["version"] == 2
    with pytest.raises(Refused, match="named person"):
        run("approve", *at)
    who = {"who": leader.email}
    assert run("approve", *at, **who)["state"] == "approved"
    assert "choice" not in run("draw", *at, **who)
    assert run("release", *at, **who)["released_at"]
    assert run("show", *at, "--draw", **who)["nonce"] is None
    assert run("driven", *at, "--route", "other", "--words", "Police closed it", **who)[
        "driven"
    ] == {
        "route": "other",
        "as_drawn": False,
        "seal_fits": True,
        "words": "Police closed it",
        "minutes": None,
    }
    table = run("show", *at, as_json=False)
    assert "R1" in table and "Invented, Apache-2.0" in table
