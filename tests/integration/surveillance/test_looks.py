"""Looks and counts: kept where the record says so, searched for a purpose, forgotten in time."""

import json
from datetime import timedelta

import pytest
from tests.factories import member, operation, person, signed_in
from tests.integration.platform.access.test_api import bearer
from tests.integration.surveillance.test_behaviours import RULES
from tests.integration.surveillance.test_cameras import camera, grip

from varangian.config.commands import root
from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.platform.audit.models import AuditEntry
from varangian.surveillance.models import SeenLooks, ZoneCount
from varangian.surveillance.queries.looks import searchable
from varangian.surveillance.services import keeping, placing
from varangian.surveillance.services.behaviours import rule_camera
from varangian.surveillance.services.cameras import change_camera
from varangian.surveillance.services.counts import add_counts, counts_since
from varangian.surveillance.services.looks import find_looks, keep_looks
from varangian.surveillance.services.placing import Fenced, Grip

pytestmark = pytest.mark.django_db
WHY = "The man at the side door"


@pytest.fixture
def scene():
    return operation(time_zone="Europe/Helsinki")


@pytest.fixture
def leader(scene):
    return member(scene, Role.DETAIL_LEADER)


@pytest.fixture
def gate(scene, leader):
    one = camera(scene, keeps_looks=True)
    placing.claim(grip=grip(one), owner="w")
    return rule_camera(actor=leader, camera=one, text=RULES)


def seen(one, kind="person", ago=60.0, crop=b"jpeg", **looks):
    head = {"kind": kind, "looks": looks, "began_ago": ago, "ended_ago": ago / 2}
    return keep_looks(grip=grip(one), head=head, crop=crop)


def test_a_camera_keeps_looks_only_when_its_record_and_its_rules_say_so(scene, leader, gate):
    assert placing.beat(grip=grip(gate), health={}).keeps_looks
    assert seen(gate, coat="grey").looks == {"coat": "grey"}
    assert seen(gate, kind="dog") is None
    change_camera(actor=leader, camera=gate, keeps_looks=False)
    assert seen(gate, coat="grey") is None
    change_camera(actor=leader, camera=gate, keeps_looks=True)
    rule_camera(actor=leader, camera=gate, text="")
    assert seen(gate, coat="grey") is None
    with pytest.raises(Fenced):
        keep_looks(grip=Grip(gate.pk, 99, 0), head={}, crop=b"")
    assert SeenLooks.objects.count() == 1


def test_hits_come_in_the_order_of_time_with_what_agrees(leader, gate):
    seen(gate, ago=300, coat="grey", bag="red")
    seen(gate, ago=900, coat="black")
    seen(gate, ago=600, coat="green", bag="red")
    seen(gate, ago=100, kind="car", colour="red")
    found = find_looks(actor=leader, words="grey coat, red bag", purpose=WHY, cameras=[gate])
    assert [one.words for one in found.hits] == [
        "near: black for grey coat; not told: red bag",
        "agrees: grey coat, red bag",
    ]
    assert found.hits[1].crop == b"jpeg" and found.searched == 1
    cars = find_looks(actor=leader, words="a red van", purpose=WHY, cameras=[gate])
    assert [one.row.kind for one in cars.hits] == ["car"]
    assert len(find_looks(actor=leader, words="a car", purpose=WHY, cameras=[gate]).hits) == 1


def test_hours_are_on_the_clock_of_the_operation(leader, gate):
    from zoneinfo import ZoneInfo

    row = seen(gate, ago=60, coat="grey")
    here = row.begun_at.astimezone(ZoneInfo("Europe/Helsinki"))
    before, after = (f"{here - timedelta(minutes=5):%H:%M}", f"{here + timedelta(minutes=5):%H:%M}")

    def hits(hours):
        words = f"grey coat, {hours}"
        return len(find_looks(actor=leader, words=words, purpose=WHY, cameras=[gate]).hits)

    assert hits(f"after {before}, before {after}") == 1
    assert hits(f"after {after}, before {before}") == 0


def test_each_search_is_on_record_and_is_of_a_person_with_a_purpose(leader, gate):
    words = "grey coat"
    find_looks(actor=leader, words=words, purpose=WHY, cameras=[gate])
    entry = AuditEntry.objects.get(kind="search")
    assert entry.record == str(gate.pk) and WHY in entry.purpose and words in entry.purpose
    with pytest.raises(Refused, match="why you look"):
        find_looks(actor=leader, words=words, purpose=" ", cameras=[gate])
    with pytest.raises(Refused, match="not the house"):
        find_looks(actor=SYSTEM, words=words, purpose=WHY, cameras=[gate])
    for nothing, said in (("qwertz", "Nothing in these"), ("red hat", "No camera tells")):
        with pytest.raises(Refused, match=said):
            find_looks(actor=leader, words=nothing, purpose=WHY, cameras=[gate])
    assert AuditEntry.objects.filter(kind="search").count() == 1


def test_nobody_searches_what_they_may_not(scene, gate):
    seen(gate, coat="grey")
    analyst, stranger = member(scene, Role.ANALYST), person()
    for who in (analyst, stranger):
        assert searchable(who) == []
        found = find_looks(actor=who, words="grey coat", purpose=WHY, cameras=[gate])
        assert not found.hits
        assert signed_in(who).get("/surveillance/find/").status_code == 403
    assert searchable(member(scene, Role.OFFICER)) == [gate]
    answer = bearer(stranger).post(
        "/api/v1/camera-search",
        json.dumps({"words": "grey coat", "purpose": WHY}),
        content_type="application/json",
    )
    assert answer.status_code == 403


def test_looks_are_sealed_and_forgotten_with_the_days_of_the_camera(gate):
    from django.db import connection

    seen(gate, coat="turquoise")
    with connection.cursor() as cursor:
        cursor.execute("select looks, crop from surveillance_seenlooks")
        looks, crop = cursor.fetchone()
    assert b"turquoise" not in bytes(looks) and b"jpeg" not in bytes(crop)
    add_counts(grip=grip(gate), rows=[zone()])
    for kept in (SeenLooks, ZoneCount):
        kept.objects.update(expires_at=now() - timedelta(seconds=1))
    assert keeping.forget() == 2 and not SeenLooks.objects.exists()


def test_page_api_and_console_find_the_same(scene, leader, gate, capsys, tmp_path):
    seen(gate, coat="grey", bag="bag")
    page = "/surveillance/find/"
    client = signed_in(leader)
    assert "What a camera can tell" in client.get(page).content.decode()
    said = {"words": "grey coat", "purpose": WHY, "days": "1"}
    shown = client.post(page, said).content.decode()
    assert "agrees: grey coat" in shown and "data:image/jpeg;base64," in shown
    assert client.post(page, said | {"purpose": ""}).status_code == 422
    answer = bearer(leader).post(
        "/api/v1/camera-search", json.dumps(said | {"days": 1, "crops": True}),
        content_type="application/json",
    )  # fmt: skip
    assert answer.status_code == 200 and answer.json()["hits"][0]["looks"]["coat"] == "grey"
    words = ["camera", "find", "grey coat", "--purpose", WHY, "--out", str(tmp_path), "--json"]
    assert root(["--as", leader.email, *words]) == 0
    assert json.loads(capsys.readouterr().out)["records"] == 1
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"jpeg"]


def zone(name="hedge", *, inside=2, entered=3, left=1, per_m2=0.4):
    return {
        "zone": name, "door": False, "entered": entered, "left": left, "inside": inside,
        "most": inside, "per_m2": per_m2,
    }  # fmt: skip


def test_counts_add_up_and_age_into_unknown(leader, gate):
    start = now()
    rows = [zone(), {"zone": "door", "door": True, "entered": 5, "left": 2}]
    add_counts(grip=grip(gate), rows=rows)
    add_counts(grip=grip(gate), rows=[zone(inside=4, per_m2=1.6)])
    hedge, door = sorted(counts_since(gate, start), key=lambda one: one["door"])
    assert (hedge["title"], hedge["entered"], hedge["left"]) == ("Behind the hedge", 6, 2)
    assert (hedge["inside"], hedge["most"], hedge["under_counted"]) == (4, 4, True)
    assert (door["entered"], door["left"], door["inside"]) == (5, 2, None)
    ZoneCount.objects.update(told_at=now() - timedelta(minutes=2))
    assert {one["inside"] for one in counts_since(gate, start)} == {None}
    assert counts_since(gate, now() + timedelta(minutes=2)) == []


def test_counts_stand_on_the_page_in_the_api_and_at_the_console(leader, gate, capsys):
    add_counts(grip=grip(gate), rows=[zone("picture"), zone()])
    shown = signed_in(leader).get(f"/surveillance/cameras/{gate.pk}/?part=counts").content.decode()
    assert "The whole picture" in shown and "Behind the hedge" in shown
    answer = bearer(leader).get(f"/api/v1/cameras/{gate.pk}/counts")
    assert [one["inside"] for one in answer.json()] == [2, 2]
    refused = bearer(leader).get(f"/api/v1/cameras/{gate.pk}/counts?since=2026-11-30T10:00:00")
    assert refused.status_code == 422 and "zone" in refused.content.decode()
    assert root(["--as", leader.email, "vision", "counts", str(gate.pk), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["title"] == "The whole picture"
