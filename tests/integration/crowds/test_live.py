"""A venue is watched: counters are heard once, bands are kept, triggers ask for a person."""

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from tests import factories
from tests.unit.engines.crowdflow.plans import feature, get, hall, text

from varangian.alerts.models import Alert
from varangian.crowds import counted, door, services
from varangian.crowds.models import CrowdMoment, CrowdReading, CrowdWatch
from varangian.crowds.queries import live as reads
from varangian.crowds.queries import venues as queries
from varangian.crowds.services import hearing, watching
from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Denied, NotFound, Refused
from varangian.platform.access.roles import Role
from varangian.platform.access.services import digest

pytestmark = pytest.mark.django_db


def drawn():
    document = hall(people=600)
    document["features"] += [
        feature("car", "vehicle", "Point", [46, 6]),
        feature("room", "safe_room", "Point", [38, 23]),
    ]
    get(document, "floor")["properties"]["name"] = "Main floor"
    return document


@pytest.fixture
def world():
    leader = factories.person("Lea Leader")
    operation = factories.operation(leader)
    plan = services.new_plan(
        actor=leader, operation=operation, data=text(drawn()), file_name="hall.geojson"
    )
    version = queries.newest(leader, plan)
    return SimpleNamespace(leader=leader, operation=operation, plan=plan, version=version)


def counter(world, name="North", **given):
    given = {"kind": "http", "into": "floor", "period_s": 10, **given}
    return services.add_counter(actor=world.leader, plan=world.plan, name=name, **given)


def evening(world, one, *, steps=60, people=10, began=None, **given):
    """A recorded evening: so many people every ten seconds."""
    watch = services.start_watch(actor=world.leader, version=world.version, replayed=True, **given)
    began = began or now() - timedelta(hours=1)
    words = [
        counted.Word(k * people, 0, at=began + timedelta(seconds=10 * k)) for k in range(steps)
    ]
    hearing.hear(counter=one, words=words)
    watching.step_all()
    watch.refresh_from_db()
    return watch


def test_words_become_a_band_and_moments(world):
    one, _ = counter(world)
    watch = evening(world, one)
    floor = next(row for row in watch.picture["zones"] if row["zone"] == "floor")
    assert floor["low"] <= 590 <= floor["high"] and floor["low"] < floor["high"]
    assert floor["label"] == "Main floor" and 0.5 < floor["per_m2"] < 1
    kept = reads.moments(world.leader, watch)
    assert 15 < len(kept) < 25 and not CrowdReading.objects.filter(taken=False).exists()
    with pytest.raises(Exception, match="append"):
        CrowdMoment.objects.update(at=now())


def test_a_counter_is_heard_by_its_token_and_each_word_once(world):
    one, secret = counter(world)
    words = counted.read(b'[{"in": 5, "out": 1, "id": "a"}, {"entered": 9, "left": 1, "id": "b"}]')
    assert hearing.hear_token(digest=digest(secret), words=words) == 0
    services.start_watch(actor=world.leader, version=world.version)
    assert hearing.hear_token(digest=digest(secret), words=words) == 2
    assert hearing.hear_token(digest=digest(secret), words=words) == 0
    assert hearing.hear_token(digest=digest("other"), words=words) is None
    services.remove_counter(actor=world.leader, counter=one)
    assert hearing.hear_token(digest=digest(secret), words=words) is None


def test_a_counter_over_mqtt(world):
    counter(world, kind="mqtt", outside_id="gate-7")
    services.start_watch(actor=world.leader, version=world.version)
    assert door.on_told(world.operation.pk, "gate-7", {"entered": 3, "left": 0})
    assert not door.on_told(world.operation.pk, "gate-8", {"entered": 3, "left": 0})
    assert CrowdReading.objects.get().entered == 3


def test_a_camera_counts_a_zone_and_what_it_under_counts_is_not_believed(world):
    one, _ = counter(world, kind="camera")
    said = {"at": 12.5, "zones": [{"zone": "z", "people": 80, "under_counted": False}], "doors": []}
    watch = services.start_watch(actor=world.leader, version=world.version)
    hearing.hear(counter=one, words=counted.read(json.dumps(said).encode()))
    found = CrowdReading.objects.get()
    assert (found.zone, found.people, found.within) == ("floor", 80, 12)
    said["zones"][0]["under_counted"] = True
    assert counted.read_row(said) == []
    CrowdWatch.objects.filter(pk=watch.pk).update(started_at=now() - timedelta(seconds=30))
    watching.step_all()


WRONG = [b"{", b"[]", b"[3]", b'{"x": 1}', b'{"in": "many"}', b'{"in": true}', b'{"in": 1e12}']


@pytest.mark.parametrize("body", WRONG)
def test_what_cannot_be_read_says_so(body):
    with pytest.raises(counted.Unreadable):
        counted.read(body)


def test_triggers_ask_for_a_person_once(world):
    add = {"actor": world.leader, "version": world.version, "what": "people"}
    services.add_trigger(level="amber", value=300, zone="floor", **add)
    services.add_trigger(level="red", value=500, **add)
    one, _ = counter(world)
    watch = evening(world, one)
    found = {a.urgency: a for a in Alert.objects.filter(source="crowd_watch")}
    assert set(found) == {"now", "attention"} and found["now"].about == watch.pk
    assert "Main floor: amber" in found["attention"].title
    count = Alert.objects.count()
    hearing.hear(counter=one, words=[counted.Word(600, 0, at=now())])
    watching.step_all()
    assert Alert.objects.count() == count
    services.add_trigger(level="red", value=700, **add)
    assert [t.value for t in reads.triggers(world.leader, world.version).filter(level="red")] == [
        700
    ]


def test_it_foretells_with_those_expected_once_it_has_shown_that_it_can(world):
    services.add_trigger(
        actor=world.leader, version=world.version, what="people", level="red", value=5000
    )
    one, _ = counter(world)
    watch = evening(world, one, steps=90, expected=2000)
    whole = watch.picture["zones"][0]
    assert {row["seconds"] for row in whole["soon"]} >= {30, 60}
    services.end_watch(actor=world.leader, watch=watch)
    again = services.start_watch(actor=world.leader, version=world.version)
    assert again.memory["skill"][""]["errors"]["30"] and "room" not in again.memory


def test_a_dead_counter_is_named(world):
    one, _ = counter(world)
    other, _ = counter(world, name="South")
    watch = services.start_watch(actor=world.leader, version=world.version, replayed=True)
    began = now() - timedelta(hours=1)
    for k in range(60):
        at = began + timedelta(seconds=10 * k)
        hearing.hear(counter=one, words=[counted.Word(k * 5, 0, at=at)])
        if k < 30:
            hearing.hear(counter=other, words=[counted.Word(k * 5, 0, at=at)])
    watching.step_all()
    watch.refresh_from_db()
    rows = {row["name"]: row for row in watch.picture["counters"]}
    assert rows["South"]["silent"] and rows["South"]["bridged"] > 100 and not rows["North"]["fault"]
    floor = watch.picture["zones"][1]
    assert floor["bridged"] and floor["low"] <= 590 <= floor["high"]


def test_the_principal_is_advised_with_the_crowd_as_it_is(world):
    one, _ = counter(world)
    watch = evening(world, one, people=2)
    officer = factories.member(world.operation, Role.OFFICER)
    calm = services.place_principal(actor=officer, watch=watch, x=20, y=10).advice
    assert calm["options"] and calm["trade"]
    hearing.hear(counter=one, words=[counted.Word(2500, 0, at=now())])
    services.count(actor=officer, watch=watch, zone="floor", people=2200)
    watching.step_all()
    CrowdWatch.objects.update(advised_at=now() - timedelta(minutes=1))
    watching.step_all()
    watch.refresh_from_db()
    assert watch.advice["options"][0]["moving"] > calm["options"][0]["moving"] + 3
    with pytest.raises(Refused, match="floor"):
        services.place_principal(actor=officer, watch=watch, x=400, y=10)


def test_clicks_and_counts_by_hand(world):
    one, secret = counter(world, kind="clicker")
    assert not secret
    officer = factories.member(world.operation, Role.OFFICER)
    with pytest.raises(Refused, match="watches"):
        services.click(actor=officer, counter=one, entered=3, left=0)
    watch = services.start_watch(actor=world.leader, version=world.version)
    assert services.click(actor=officer, counter=one, entered=3, left=1, key="k1") == 1
    assert services.click(actor=officer, counter=one, entered=3, left=1, key="k1") == 0
    assert reads.clickers(officer, world.operation) == [one]
    with pytest.raises(Refused, match="cellar"):
        services.count(actor=officer, watch=watch, zone="cellar", people=3)


def test_an_end_keeps_a_summary_and_goes_into_the_log(world):
    one, _ = counter(world)
    watch = evening(world, one)
    services.end_watch(actor=world.leader, watch=watch)
    watch.refresh_from_db()
    assert watch.summary["most"] and watch.summary["readings"] == 60
    with pytest.raises(Refused, match="ended"):
        services.end_watch(actor=world.leader, watch=watch)
    with pytest.raises(Refused, match="ended"):
        services.count(actor=world.leader, watch=watch, zone="floor", people=3)


def test_one_watch_at_a_time_and_who_may(world):
    officer = factories.member(world.operation, Role.OFFICER)
    client = factories.member(world.operation, Role.CLIENT)
    with pytest.raises(Denied):
        services.start_watch(actor=officer, version=world.version)
    watch = services.start_watch(actor=world.leader, version=world.version)
    with pytest.raises(Conflict):
        services.start_watch(actor=world.leader, version=world.version)
    assert reads.watch(officer, watch.pk) == watch
    for person in (client, factories.person()):
        with pytest.raises(NotFound):
            reads.watch(person, watch.pk)


@pytest.mark.parametrize(
    ("given", "said"),
    [({"into": ""}, "joins"), ({"into": "cellar"}, "cellar"), ({"kind": "abacus"}, "no such"),
     ({"missed": 0.6}, "useless"), ({"kind": "mqtt"}, "MQTT"), ({"period_s": 0}, "word")],
)  # fmt: skip
def test_a_counter_that_cannot_be_is_refused(world, given, said):
    with pytest.raises(Refused, match=said):
        counter(world, **given)


NO_TRIGGER = [{"value": 0}, {"zone": "cellar"}, {"what": "per_m2", "value": 90}, {"level": "pink"}]


@pytest.mark.parametrize("given", NO_TRIGGER)
def test_a_trigger_that_cannot_be_is_refused(world, given):
    given = {"level": "red", "what": "people", "value": 5, **given}
    with pytest.raises(Refused):
        services.add_trigger(actor=world.leader, version=world.version, **given)


def test_what_is_not_known_now_is_not_known_soon(world):
    """A forecast is never narrower than the count that it goes on from."""
    one, _ = counter(world)
    watch = evening(world, one, steps=90, expected=2000)
    whole = watch.picture["zones"][0]
    low, _, high = whole["soon"][0]["band"]
    assert high - low >= whole["high"] - whole["low"] - 1
