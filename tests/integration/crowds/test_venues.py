"""Venues on record: imports are drafts, versions never change, runs are kept when whole."""

import json

import pytest
from PIL import Image
from tests import factories
from tests.unit.engines.crowdflow.drawings import dxf
from tests.unit.engines.crowdflow.ifc_model import hall as building
from tests.unit.engines.crowdflow.plans import feature, get, hall, text

from varangian.crowds import services
from varangian.crowds.models import CrowdRun, VenueVersion
from varangian.crowds.queries import venues as queries
from varangian.engines.crowdflow.principal import advise
from varangian.kernel.results import Conflict, Denied, NotFound, Refused
from varangian.platform.access.roles import Role
from varangian.platform.jobs import long_work
from varangian.platform.storage.services import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader():
    return factories.person("Lea Leader")


@pytest.fixture
def operation(leader):
    return factories.operation(leader)


def drawn():
    document = hall(people=600)
    document["features"] += [
        feature("car", "vehicle", "Point", [46, 6]),
        feature("room", "safe_room", "Point", [38, 23]),
        feature("p1", "post", "Point", [20, 2]),
        feature("lane", "screening", "Point", [9, -8]),
    ]
    return document


@pytest.fixture
def plan(leader, operation):
    return services.new_plan(
        actor=leader, operation=operation, data=text(drawn()), file_name="hall.geojson"
    )


def test_an_import_is_a_draft_with_findings_and_its_original(leader, operation):
    document = hall()
    get(document, "west")["geometry"]["coordinates"] = [[10, 10], [10, 12]]
    data = text(document)
    plan = services.new_plan(actor=leader, operation=operation, data=data, file_name="a.geojson")
    found = queries.newest(leader, plan)
    assert plan.current is None and found.number == 1 and found.source == "geojson"
    row = next(row for row in found.findings if row["code"] == "door_off_wall")
    assert row["at"] == [10, 11] and row["mend"] and found.faults >= 1
    assert read(found.original) == data and len(found.digest) == 64


def test_a_dxf_and_a_second_drawing_of_the_same_venue(leader, operation):
    plan = services.new_plan(
        actor=leader, operation=operation, data=dxf(), file_name="hall.dxf", name="North hall"
    )
    again = services.import_version(
        actor=leader, plan=plan, data=text(drawn()), file_name="b.geojson", note="as built"
    )
    assert [v.number for v in queries.versions(leader, plan)] == [2, 1]
    assert again.source == "geojson" and queries.version(leader, plan, 1).source == "dxf"


def test_a_building_model_is_kept_as_it_came(leader, operation):
    pytest.importorskip("ifcopenshell", reason="the extra ifc is not installed")
    data = building().text()
    plan = services.new_plan(actor=leader, operation=operation, data=data, file_name="hall.ifc")
    found = queries.newest(leader, plan)
    assert found.source == "ifc" and read(found.original) == data and not found.faults
    assert found.original.media_type == "application/x-step"
    assert [row["code"] for row in found.findings] == ["floor_built"]


def test_a_picture_waits_to_be_traced(leader, operation, tmp_path):
    Image.new("RGB", (400, 200), "white").save(tmp_path / "hall.png")
    plan = services.new_plan(
        actor=leader, operation=operation, data=(tmp_path / "hall.png").read_bytes(),
        file_name="hall.png", metres_wide=40,
    )  # fmt: skip
    first = queries.newest(leader, plan)
    assert first.picture and first.document["picture"]["metres"] == [40, 20]
    with pytest.raises(Refused):
        services.put_in_force(actor=leader, version=first)
    traced = services.save_version(
        actor=leader, plan=plan, document={**first.document, **drawn()}, base=1
    )
    assert traced.picture_id == first.picture_id and traced.source == "editor"
    assert traced.document["picture"] == first.document["picture"]


def test_a_version_never_changes_and_another_is_not_overwritten(leader, plan):
    one = queries.newest(leader, plan)
    two = services.save_version(actor=leader, plan=plan, document=drawn(), base=1, note="moved")
    assert (one.number, two.number) == (1, 2)
    with pytest.raises(Conflict, match="Version 2"):
        services.save_version(actor=leader, plan=plan, document=drawn(), base=1)
    with pytest.raises(Exception, match="append"):
        VenueVersion.objects.filter(pk=one.pk).update(number=9)


def test_a_leader_puts_a_version_in_force(leader, operation, plan):
    officer = factories.member(operation, Role.OFFICER)
    analyst = factories.member(operation, Role.ANALYST)
    version = queries.newest(officer, plan)
    for person in (officer, analyst):
        with pytest.raises(Denied):
            services.put_in_force(actor=person, version=version)
    services.save_version(actor=analyst, plan=plan, document=drawn(), base=1)
    services.put_in_force(actor=leader, version=version)
    plan.refresh_from_db()
    assert queries.version(leader, plan).number == 1 and plan.in_force_by == leader


def test_who_need_not_know_finds_nothing(leader, plan):
    stranger = factories.person()
    assert not queries.plans(stranger).exists()
    with pytest.raises(NotFound):
        queries.plan(stranger, plan.pk)
    with pytest.raises(NotFound):
        services.save_version(actor=stranger, plan=plan, document=drawn(), base=1)


def test_a_venue_of_a_place_is_seen_from_an_operation_below(leader, operation):
    place = factories.place(operation, leader, name="Old Hall", position=[60.1, 24.9], kind="venue")
    plan = services.new_plan(actor=leader, place=place, data=text(drawn()), file_name="a.geojson")
    officer = factories.member(operation, Role.OFFICER)
    assert queries.plan(officer, plan.pk).place == place
    with pytest.raises(Refused, match="belongs"):
        services.new_plan(actor=leader, data=text(drawn()), file_name="a.geojson")


def test_a_run_keeps_bands_a_film_and_the_way_out(leader, plan):
    version = queries.newest(leader, plan)
    run = services.ask_run(actor=leader, version=version, people=400, runs=3)
    services.run_later(run)
    assert run.state == CrowdRun.State.DONE, run.words
    t95 = run.result["after"]["t95"]
    assert t95[0] <= t95[1] <= t95[2] and "before" not in run.result
    maps = queries.way_maps_of(queries.run(leader, run.pk))
    found = advise(maps, level=0, at=(20, 10))
    assert {o.what for o in found.options} >= {"go now", "safe room"}


def test_a_what_if_keeps_both_sides(leader, plan):
    version = queries.newest(leader, plan)
    run = services.ask_run(
        actor=leader, version=version, people=500, runs=4, blocked=["east"], incident=[20, 3]
    )
    services.run_later(run)
    assert run.state == CrowdRun.State.DONE, run.words
    assert {"before", "after", "moves"} <= set(run.result) and run.film_before
    assert run.result["after"]["t95"][1] > run.result["before"]["t95"][1]


@pytest.mark.parametrize(
    ("wish", "said"),
    [({"people": 0}, "people"), ({"people": 9, "runs": 0}, "runs"),
     ({"people": 9, "blocked": ["nowhere"]}, "nowhere"),
     ({"people": 9, "surge_gate": "nowhere", "surge_people": 5}, "nowhere")],
)  # fmt: skip
def test_a_run_that_cannot_be_is_refused_at_once(leader, plan, wish, said):
    with pytest.raises(Refused, match=said):
        services.ask_run(actor=leader, version=queries.newest(leader, plan), **wish)
    assert not CrowdRun.objects.exists()


def test_a_stopped_run_keeps_nothing(leader, plan):
    run = services.ask_run(actor=leader, version=queries.newest(leader, plan), people=300, runs=3)
    services.stop_run(actor=leader, row=run)
    services.run_now(run.pk)
    run.refresh_from_db()
    assert run.state == CrowdRun.State.STOPPED and not run.result and run.film is None
    with pytest.raises(Refused):
        services.stop_run(actor=leader, row=run)


def test_it_hears_the_stop_while_it_runs(leader, plan, monkeypatch):
    monkeypatch.setattr(long_work, "TELL_EVERY", 0.0)
    run = services.ask_run(actor=leader, version=queries.newest(leader, plan), people=300, runs=6)
    seen = []

    def tell(step, share):
        seen.append(share)
        if len(seen) == 2:
            CrowdRun.objects.filter(pk=run.pk).update(stop=True)

    services.run_now(run.pk, tell)
    run.refresh_from_db()
    assert run.state == CrowdRun.State.STOPPED and run.film is None and len(seen) < 6


def test_a_run_that_another_worker_ended_stays_as_it_ended(leader, plan, monkeypatch):
    """A worker that was taken for dead comes to its end after the one that took over."""
    monkeypatch.setattr(long_work, "TELL_EVERY", 0.0)
    run = services.ask_run(actor=leader, version=queries.newest(leader, plan), people=300, runs=3)

    def ended(step, share):
        CrowdRun.objects.filter(pk=run.pk).update(state=CrowdRun.State.DONE)

    services.run_now(run.pk, ended)
    run.refresh_from_db()
    assert run.state == CrowdRun.State.DONE and run.film is None
    services.run_now(run.pk)
    run.refresh_from_db()
    assert run.film is None, "what has ended is not computed again"


def test_what_fails_says_why(leader, plan):
    run = services.ask_run(actor=leader, version=queries.newest(leader, plan), people=150_000)
    services.run_later(run)
    assert run.state == CrowdRun.State.FAILED and "fit" in run.words
    assert json.dumps(run.wish)
