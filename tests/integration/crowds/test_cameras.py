"""Cameras of an operation count for its venue: from a reader to the band of a zone."""

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from tests import factories
from tests.factories import signed_in
from tests.integration.platform.access.test_api import bearer
from tests.integration.surveillance.test_cameras import camera, grip
from tests.unit.engines.crowdflow.plans import hall, text

from varangian.config.commands import root
from varangian.crowds import services
from varangian.crowds.models import CrowdReading, CrowdWatch
from varangian.crowds.queries import live as reads
from varangian.crowds.queries import venues as queries
from varangian.crowds.services import watching
from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Denied, Refused
from varangian.platform.access.roles import Role
from varangian.surveillance.services import placing
from varangian.surveillance.services.behaviours import rule_camera
from varangian.surveillance.services.counts import add_counts

pytestmark = pytest.mark.django_db
RULES = """format: 1
picture: [640, 360]
rules:
  - {id: pit, title: The pit, rule: zone, area: [[0, 0], [200, 0], [200, 300], [0, 300]]}
  - {id: gate, title: The gate, rule: line, line: [[10, 20], [200, 20]]}
"""


@pytest.fixture
def world():
    leader = factories.person("Lea Leader")
    operation = factories.operation(leader)
    plan = services.new_plan(
        actor=leader, operation=operation, data=text(hall(people=600)), file_name="hall.geojson"
    )
    eye = camera(operation)
    placing.claim(grip=grip(eye), owner="w")
    rule_camera(actor=leader, camera=eye, text=RULES)
    version = queries.newest(leader, plan)
    return SimpleNamespace(leader=leader, operation=operation, plan=plan, version=version, eye=eye)


def bind(world, zone="pit", **given):
    given = {"into": "floor", **given}
    return services.add_camera(
        actor=world.leader, plan=world.plan, camera=world.eye.pk, zone=zone, **given
    )


def said(world, people=80, per_m2=0.6, passed=(0, 0)):
    pit = {"zone": "pit", "door": False, "entered": 9, "left": 1, "inside": people,
           "most": people, "per_m2": per_m2}  # fmt: skip
    gate = {"zone": "gate", "door": True, "entered": passed[0], "left": passed[1]}
    add_counts(grip=grip(world.eye), rows=[pit, gate])


def looked_at(watch, **ago):
    CrowdWatch.objects.filter(pk=watch.pk).update(started_at=now() - timedelta(seconds=30))
    CrowdReading.objects.update(at=now() - timedelta(**(ago or {"seconds": 15})))
    watching.step_all()
    watch.refresh_from_db()
    return {row["zone"]: row for row in watch.picture["zones"]}, watch.picture["counters"]


def test_what_a_camera_counts_is_the_band_of_the_zone(world):
    bind(world)
    said(world)
    assert not CrowdReading.objects.exists()
    watch = services.start_watch(actor=world.leader, version=world.version)
    said(world)
    (heard,) = CrowdReading.objects.all()
    assert (heard.zone, heard.people, heard.within, heard.entered) == ("floor", 80, 12, None)
    zones, counters = looked_at(watch)
    assert (zones["floor"]["low"], zones["floor"]["people"], zones["floor"]["high"]) == (68, 80, 92)
    assert [row["name"] for row in counters] == [f"{world.eye.name}: The pit"]
    assert not counters[0]["silent"]


def test_people_so_close_that_it_sees_too_few_are_not_believed(world):
    bind(world)
    services.start_watch(actor=world.leader, version=world.version)
    said(world, per_m2=1.8)
    assert not CrowdReading.objects.exists()


def test_a_line_of_a_camera_is_a_door(world):
    bind(world, "gate")
    watch = services.start_watch(actor=world.leader, version=world.version)
    said(world, passed=(12, 2))
    (heard,) = CrowdReading.objects.all()
    assert (heard.entered, heard.left, heard.people) == (12, 2, None)
    zones, _ = looked_at(watch)
    assert zones["floor"]["low"] <= 10 <= zones["floor"]["high"]
    with pytest.raises(Refused, match="no two places"):
        bind(world, "gate", into="")


def test_a_replayed_evening_hears_no_camera(world):
    bind(world)
    services.start_watch(actor=world.leader, version=world.version, replayed=True)
    said(world)
    assert not CrowdReading.objects.exists()


def test_what_cannot_be_bound_is_refused(world):
    one = bind(world)
    with pytest.raises(Conflict):
        bind(world)
    with pytest.raises(Conflict, match="counts this zone"):
        bind(world, "picture")
    with pytest.raises(Refused, match="cellar"):
        bind(world, "picture", into="cellar")
    with pytest.raises(Refused, match="is an area"):
        bind(world, "picture", into="")
    with pytest.raises(Refused):
        bind(world, "nothing")
    with pytest.raises(Refused, match="by what it counts"):
        services.add_counter(
            actor=world.leader, plan=world.plan, name="x", kind="seen", into="floor"
        )
    services.remove_counter(actor=world.leader, counter=one)
    assert bind(world).pk != one.pk


def test_a_camera_of_another_operation_is_not_there_and_hears_nothing(world):
    other = factories.operation(world.leader)
    stranger = camera(other)
    placing.claim(grip=grip(stranger), owner="w")
    rule_camera(actor=world.leader, camera=stranger, text=RULES)
    world.eye = stranger
    with pytest.raises(Refused):
        bind(world)
    assert {one.source for one in services.offered(world.leader, world.plan)} != {stranger.pk}


def test_only_who_changes_crowds_binds_a_camera(world):
    officer = factories.member(world.operation, Role.OFFICER)
    with pytest.raises(Denied):
        services.add_camera(
            actor=officer, plan=world.plan, camera=world.eye.pk, zone="pit", into="floor"
        )


def test_page_api_and_console_bind_the_same(world, capsys):
    client = signed_in(world.leader)
    page = f"/crowds/{world.plan.pk}/live/"
    shown = client.get(page).content.decode()
    assert "Cameras of the operation" in shown and "The gate (a line)" in shown
    given = {"place": f"{world.eye.pk}:pit", "into": "floor"}
    assert client.post(f"{page}cameras/", given).status_code == 302
    assert f"{world.eye.name}: The pit → floor" in client.get(page).content.decode()
    api = bearer(world.leader)
    rows = api.get(f"/api/v1/venues/{world.plan.pk}/cameras").json()
    assert [row["zone"] for row in rows] == ["picture", "pit", "gate"]
    made = api.post(
        f"/api/v1/venues/{world.plan.pk}/cameras",
        json.dumps({"camera": str(world.eye.pk), "zone": "gate", "into": "floor"}),
        content_type="application/json",
    )
    assert made.status_code == 201 and made.json()["camera"] == str(world.eye.pk)
    services.remove_counter(actor=world.leader, counter=reads.eyes(world.leader, world.plan)[0])
    words = ["--as", world.leader.email, "crowd", "live", "add-camera", str(world.plan.pk)]
    free = next(z for z in ("gate", "pit") if z not in [
        one.outside_id for one in reads.eyes(world.leader, world.plan)])  # fmt: skip
    assert root([*words, str(world.eye.pk), free, "--into", "floor", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["kind"] == "seen"
    assert root([*words[:4], "cameras", str(world.plan.pk), "--json"]) == 0
    assert reads.eyes(world.leader, world.plan).count() == 2
