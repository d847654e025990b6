"""Sightings from the field become patterns that a person judges."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from tests.factories import member, operation, person
from typer.testing import CliRunner

from varangian.alerts.models import Alert
from varangian.kernel.clock import now
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.log.models import LogEntry
from varangian.platform.access.roles import Role
from varangian.platform.audit.models import AuditEntry
from varangian.protection.commands.patterns import sighting
from varangian.protection.queries.patterns import pattern, patterns
from varangian.protection.services.field import report
from varangian.protection.services.patterns import judge, look_again

pytestmark = pytest.mark.django_db
PLACES = ((60.17, 24.94), (60.21, 24.94), (60.17, 25.05))
NAME = "A8C123"


@pytest.fixture
def scene():
    leader = person("Lea")
    where = operation(leader)
    officer = member(where, Role.OFFICER, person("Olli"))
    for number in range(30):
        see(where, officer, PLACES[number % 3], plate=f"XYZ-{100 + number}", days=number % 4)
    return where, leader, officer


def see(where, officer, place, *, days=0, what="vehicle", **content):
    return report(
        actor=officer, operation=where, kind="sighting", act=uuid4(),
        at=now() - timedelta(days=days, minutes=5),
        content={"what": what, "position": list(place), **content},
    )  # fmt: skip


def thrice(scene):
    where, _, officer = scene
    for days, place in enumerate(PLACES):
        see(where, officer, place, days=days, plate="abc 123", text="Grey van", behaviour="odd")


def test_a_car_at_three_places_on_three_days_is_the_only_pattern(scene):
    where, leader, _ = scene
    assert patterns(leader, where).report.patterns == ()
    thrice(scene)
    found = patterns(leader, where)
    (one,) = found.report.patterns
    assert one.name == NAME and found.state(one) == "open"
    assert {found.reports[pk].content["plate"] for pk in one.sightings} == {"abc 123"}


def test_it_is_seen_over_operations_of_the_same_principal_only(scene):
    where, leader, officer = scene
    thrice(scene)
    other = operation(leader, engagement=where.engagement, principal=where.principal)
    assert [one.name for one in patterns(leader, other).report.patterns] == [NAME]
    stranger = person("Sten")
    theirs = operation(stranger)
    assert patterns(stranger, theirs).seen == 0


def test_a_new_pattern_asks_once_and_a_denied_one_only_when_it_grows(scene):
    where, leader, officer = scene
    thrice(scene)
    assert look_again(where.pk) == 1 and look_again(where.pk) == 1
    (alert,) = Alert.objects.filter(source="pattern")
    assert alert.title == f"Seen again: {NAME}, 3 places on 3 days"
    assert alert.urgency == "attention"
    judge(actor=leader, operation=where, name=NAME, verdict="denied", words="The baker's van")
    assert look_again(where.pk) == 0
    see(where, officer, (60.25, 24.8), plate="ABC-123")
    assert look_again(where.pk) == 0
    see(where, officer, (60.27, 24.7), plate="ABC-123")
    assert look_again(where.pk) == 1, "it has grown by two since"


def test_followed_up_it_stands_in_the_log_and_asks_now(scene):
    where, leader, _ = scene
    thrice(scene)
    judge(actor=leader, operation=where, name=NAME, verdict="confirmed", words="Same driver")
    assert Alert.objects.get(source="pattern").urgency == "now"
    events = [row.body["event"] for row in LogEntry.objects.filter(operation=where)]
    assert any(event.startswith("Seen too often to be chance: A8C123") for event in events)
    assert AuditEntry.objects.filter(purpose="pattern confirmed").exists()


def test_a_verdict_needs_a_person_a_reason_and_a_pattern(scene):
    where, leader, officer = scene
    thrice(scene)
    with pytest.raises(Refused, match="reason"):
        judge(actor=leader, operation=where, name=NAME, verdict="denied", words=" ")
    with pytest.raises(NotFound):
        judge(actor=leader, operation=where, name="ZZZ", verdict="denied", words="Nobody")
    with pytest.raises(Refused, match="verdict"):
        judge(actor=leader, operation=where, name=NAME, verdict="maybe", words="Perhaps")
    with pytest.raises(Denied):
        judge(actor=officer, operation=where, name=NAME, verdict="denied", words="Mine")
    with pytest.raises(Denied):
        driver = member(where, Role.DRIVER, person("Dora"))
        pattern(driver, where, NAME)


def test_two_officers_who_write_differently_describe_one_person(scene):
    where, leader, officer = scene
    for number in range(40):
        coat = ("black", "blue", "brown", "white")[number % 4]
        bag = ("a black bag", "a blue bag", "jeans", "trainers")[number // 4 % 4]
        words = f"Someone in a {coat} coat with {bag}"
        see(where, officer, PLACES[number % 3], what="person", text=words, days=number % 4)
    for days, (place, words) in enumerate(
        zip(PLACES, ("Orange parka, red rucksack", "red bag and orange jacket, waits",
                     "ORANGE ANORAK / RED BACKPACK"), strict=True)
    ):  # fmt: skip
        see(where, officer, place, what="person", text=words, days=days)
    names = [one.name for one in patterns(leader, where).report.patterns]
    assert names[:1] == ["red bag, orange coat"]


def test_a_sighting_without_a_place_is_counted_and_not_weighed(scene):
    where, leader, officer = scene
    see(where, officer, (0, 0), plate="ABC-123")
    assert patterns(leader, where).placeless == 1


def test_a_file_is_weighed_without_a_database(tmp_path):
    file = tmp_path / "seen.jsonl"
    rows = [
        {"at": f"2027-03-0{1 + k % 4}T08:{k:02}:00Z", "lat": PLACES[k % 3][0],
         "lon": PLACES[k % 3][1], "kind": "vehicle", "plate": f"XYZ-{100 + k}"}
        for k in range(30)
    ]  # fmt: skip
    for k in range(3):
        rows.append(rows[k] | {"at": f"2027-03-0{5 + k}T08:00:00Z", "plate": "ABC-123"})
    rows.append(rows[0] | {"lat": 100})
    file.write_text("\n".join(json.dumps(row) for row in rows))
    done = CliRunner().invoke(sighting, ["correlate", str(file), "--json"])
    assert done.exit_code == 0, done.output
    shape = json.loads(done.stdout)
    assert [one["name"] for one in shape["patterns"]] == [NAME]
    assert shape["unread"][0]["row"] == 34
