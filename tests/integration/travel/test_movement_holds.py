"""A leg that would come too early: said, places to wait proposed, one taken; three faces."""

# ruff: noqa: F811 fixtures are shared by import

import json
from datetime import timedelta

import pytest
from tests import factories

from varangian.config.commands import root
from varangian.engines.routing import match
from varangian.kernel.results import Denied, Refused
from varangian.travel import services
from varangian.travel.queries import movement_board as queries
from varangian.travel.queries import movement_holds as holds
from varangian.travel.shapes.movement_board import leg_row

from .test_movement_board import START, car, driver, home, leader, leg, operation, plan, routes  # noqa: F401

pytestmark = pytest.mark.django_db
READY = START + timedelta(minutes=30)


@pytest.fixture
def yard(plan, operation, leader):
    """A door on the way, at which a car may wait."""
    line = queries.line_of(plan.payload)
    lon, lat = match.place_at(line, line.metres * 0.6)
    place = factories.place(operation, leader, name="Old mill", position=[lat, lon])
    return services.add_door(
        actor=leader, place=place, name="yard", position=(lat, lon), waits=True
    )


@pytest.fixture
def early(leg, yard, leader):
    return services.make_tracking_plan(actor=leader, movement=leg, not_before=READY)


def test_who_comes_too_early_is_told_where_to_wait(leg, early, leader):
    row = leg_row(leader, leg)
    assert row["not_before"] == READY and row["early"] > 0.95
    assert "before its destination is ready" in row["early_words"]
    found = holds.proposals(leader, early)
    assert found[0].name == "Old mill, yard" and found[0].sure and found[0].wait_s > 600
    made = services.take_hold(actor=leader, movement=leg, key=found[0].key)
    assert made.version == early.version + 1 and "waits there until" in made.reason
    (hold,) = [mark for mark in made.payload["marks"] if mark["kind"] == "hold"]
    assert hold["name"] == "Old mill, yard" and hold["until"]
    row = leg_row(leader, leg)
    assert row["early"] < 0.25 and row["eta"] >= READY - timedelta(minutes=1)
    again = services.make_tracking_plan(actor=leader, movement=leg, corridor_m=200)
    assert again.payload["not_before"] == READY.isoformat(), "what is not given stays"
    assert any(mark["until"] for mark in again.payload["marks"])
    free = services.make_tracking_plan(actor=leader, movement=leg, any_time=True)
    assert holds.proposals(leader, free) == []


def test_what_makes_no_sense_is_refused(leg, early, leader, driver):
    make = {"actor": leader, "movement": leg}
    with pytest.raises(Refused, match="ready before the leg begins"):
        services.make_tracking_plan(**make, not_before=START - timedelta(hours=1))
    with pytest.raises(Refused, match="due before its destination"):
        services.make_tracking_plan(**make, not_before=START + timedelta(hours=2))
    with pytest.raises(Refused, match="No such place"):
        services.take_hold(**make, key="nowhere")
    with pytest.raises(Denied):
        services.take_hold(actor=driver, movement=leg)
    services.make_tracking_plan(**make, any_time=True)
    with pytest.raises(Refused, match="comes when its destination is ready"):
        services.take_hold(**make)


def test_on_the_page_over_the_api_and_at_the_console(leg, early, leader, operation, capsys):
    leader.__dict__.pop("_reach", None)
    desk = factories.signed_in(leader, fresh=True)
    page = f"/travel/board/leg/{leg.pk}/"
    text = desk.get(page).content.decode()
    for words in ("Too early: where to wait", "Old mill, yard", "Wait here", "Not before"):
        assert words in text, words
    form = desk.get(f"{page}plan/").content.decode()
    assert "Do not arrive before" in form and f"{READY:%Y-%m-%dT%H:%M}" in form
    rows = desk.get(f"/api/v1/movements/{leg.pk}/track/holds").json()["holds"]
    assert rows[0]["name"] == "Old mill, yard"
    capsys.readouterr()
    serial = str(leg.serial)
    assert root(["movement", "hold", operation.slug, serial, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["key"] == rows[0]["key"]
    answer = desk.post(f"{page}act/", {"deed": "hold", "key": rows[0]["key"]})
    assert answer.status_code == 302
    assert "waits until" in desk.get(page).content.decode()
    kept = desk.get(f"{page}plan/").content.decode()
    assert 'name="mark_until" value="20' in kept
    assert root(["movement", "track", operation.slug, serial, "--make", "--ready", "any"]) == 0
    made = desk.post(
        f"/api/v1/movements/{leg.pk}/track",
        {"not_before": READY.isoformat(), "marks": []}, content_type="application/json",
    )  # fmt: skip
    assert made.status_code == 201, made.content
    taken = desk.post(
        f"/api/v1/movements/{leg.pk}/track/holds", {}, content_type="application/json"
    )
    assert taken.status_code == 201 and taken.json()["marks"][0]["kind"] == "hold"
    with pytest.raises(Refused, match="no time"):
        root(["movement", "track", operation.slug, serial, "--make", "--ready", "soon"])
