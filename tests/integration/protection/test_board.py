"""The Board: what is now, what is next, what needs a person; for each role, at a bounded price."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from tests import factories
from tests.integration.intelligence.feeds import feed, item

from varangian.alerts.services import raise_alert
from varangian.config.commands import root
from varangian.intelligence.services import import_feed
from varangian.kernel.clock import now
from varangian.operations.models import Movement
from varangian.operations.services import (
    add_movement,
    add_post,
    change_operation,
    set_operation_state,
)
from varangian.places.services import add_place
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.platform.access.services import issue_token
from varangian.platform.thread.services import changed, tie
from varangian.protection.queries import board

pytestmark = pytest.mark.django_db
PARTS = ("tiles/", "next/", "stale/", "readiness/", "map.json", "timeline.json")


@pytest.fixture
def leader():
    return factories.person("Lea Leader")


@pytest.fixture
def operation(leader):
    return factories.operation(
        leader, slug="helsinki", starts=now(), ends=now() + timedelta(days=2)
    )


def place(operation, name="Hall", kind="venue", position=(60.17, 24.94)):
    contract = operation.engagement
    return add_place(
        actor=SYSTEM,
        compartment_id=contract.compartment_id,
        key_id=contract.key_id,
        name=name,
        kind=kind,
        position=list(position) if position else None,
    )


def leg(operation, title, begins, ends=None, state="planned", **fields):
    """``begins`` and ``ends`` in hours from now."""
    given = {"kind": "road", **fields}
    added = add_movement(
        actor=SYSTEM,
        operation=operation,
        title=title,
        starts=now() + timedelta(hours=begins),
        ends=None if ends is None else now() + timedelta(hours=ends),
        **given,
    )
    Movement.objects.filter(pk=added.pk).update(state=state)
    return added


@pytest.fixture
def day(operation):
    leg(operation, "Night in the hotel", -8, 30, kind="stay", destination=place(operation))
    leg(operation, "Airport to hall", -0.5, 0.5, "under_way")
    leg(operation, "Speech", 1, 2)
    leg(operation, "Called off", 1, 2, "cancelled")
    leg(operation, "Hall to airport", 3, 4)
    leg(operation, "Next month", 700, 701)
    leg(operation, "Last week", -200, -199, "complete")
    return operation


def words(tiles) -> dict[str, str]:
    return {tile["label"]: tile["words"] for tile in tiles}


def test_now_and_next(leader, day):
    ahead = board.next_up(leader)
    assert {m.title for m in ahead["running"]} == {"Night in the hotel", "Airport to hall"}
    assert [m.title for m in ahead["coming"]] == ["Speech", "Hall to airport"]
    shown = words(board.tiles(leader, board.next_up(leader), []))
    assert shown["Now, ends"] == "Airport to hall", "a journey says more than a stay"
    assert shown["Next,"] == "Speech"
    assert shown["To look at again"] == "Nothing stale"
    assert "None open" in shown.values()


def test_a_quiet_house(leader, operation):
    shown = words(board.tiles(leader, board.next_up(leader), []))
    assert (shown["Now"], shown["Next"]) == ("No movement", "Nothing planned")


def test_alerts_on_the_tiles(leader, day):
    raise_alert(operation=day, title="Storm", source="signal", dedupe="a", urgency="now")
    raise_alert(operation=day, title="Rain", source="signal", dedupe="b")
    (tile,) = [t for t in board.tiles(leader, board.next_up(leader), []) if t["words"] == "2 open"]
    assert (tile["label"], tile["tone"]) == ("Alerts, 1 to act on now", "red")


def test_stale_with_captions_and_reasons(leader, day):
    speech = Movement.objects.filter(operation=day, serial=3).get()
    post = add_post(actor=leader, operation=day, title="Door man", role="sap", edition="advance")
    where = day.compartment_id
    tie(left=("movement", speech.pk), right=("post", post.pk), relation="n", compartment_id=where)
    changed(node=("movement", speech.pk), reason="Leg 3 changed: starts")
    changed(node=("movement", speech.pk), reason="Leg 3 changed: ends")
    found = board.stale(leader)
    (row,) = found["rows"]
    assert (row["caption"], row["reason"]) == ("Door man", "Leg 3 changed: ends")
    assert found["count"] == 1 and row["url"].endswith(f"{post.pk}/")
    assert words(board.tiles(leader, board.next_up(leader), []))["To look at again"] == "1 stale"
    assert not board.stale(factories.person())["rows"]
    set_operation_state(
        actor=leader, operation=day, state="cancelled" if day.state != "active" else "closed"
    )
    assert board.stale(leader) == {"rows": [], "count": 0}, "nothing waits of what is over"


def test_the_map_shows_legs_places_shelters_and_hazards(leader, day):
    hall, airport = place(day), place(day, "Airport", "airport", (60.317, 24.963))
    leg(day, "Drive", 5, 6, origin=airport, destination=hall)
    place(day, "Invented Hospital", "trauma_centre", (60.19, 24.91))
    place(day, "Lost haven", "safe_haven", None)
    start = now() + timedelta(hours=5)
    import_feed(actor=SYSTEM, data=feed(item("s1", start), item("far", start, at=[0, 0])))
    features = board.map_features(leader)["features"]
    kinds = [f["properties"]["kind"] for f in features]
    titles = {f["properties"]["title"] for f in features}
    assert kinds.count("movement") == 1 and kinds.count("hazard") == 1
    assert {"Invented Hospital", "Storm s1"} <= titles and "Lost haven" not in titles
    rows = board.timeline(leader)["rows"]
    (hit,) = [row for row in rows if row["hazards"] and row["title"] == "Drive"]
    assert hit["hazards"][0]["tone"] == "amber"


def test_the_time_line_is_that_of_the_window(leader, day):
    found = board.timeline(leader)
    assert found["zone"] == "Europe/Helsinki" and found["from"] < now() < found["to"]
    titles = {row["title"] for row in found["rows"]}
    assert {"Speech", "Night in the hotel"} <= titles
    assert not {"Next month", "Last week"} & titles


def test_what_is_under_way_comes_first(leader, operation):
    from varangian.operations.models import Operation

    soon = factories.operation(leader, title="Soon", starts=now() + timedelta(hours=1))
    running = factories.operation(leader, title="Running", starts=now() - timedelta(days=9))
    Operation.objects.filter(pk=running.pk).update(state="active")
    Operation.objects.filter(pk=soon.pk).update(state="planned")
    closed = factories.operation(leader, title="Closed")
    Operation.objects.filter(pk=closed.pk).update(state="closed")
    slugs = [o.slug for o in board.operations(leader)]
    assert slugs == [running.slug, soon.slug, "helsinki"]


@pytest.mark.parametrize("role", Role)
def test_each_role(day, role):
    raise_alert(operation=day, title="Storm over leg", source="signal", dedupe="a")
    client = factories.signed_in(factories.member(day, role))
    page = client.get("/")
    assert page.status_code == 200 and b"Airport to hall" in page.content
    handles = role not in (Role.DRIVER, Role.CLIENT)
    assert (b"Storm over leg" in page.content) == handles
    for part in PARTS:
        assert client.get(f"/board/{part}").status_code == 200, part
    assert (b"Two days in Helsinki" in client.get("/board/readiness/").content) == (
        role in (Role.DETAIL_LEADER, Role.ANALYST, Role.OPERATOR)
    )


def test_strangers_see_an_empty_board(day):
    stranger = factories.person()
    client = factories.signed_in(stranger)
    page = client.get("/")
    assert b"No operation is open" in page.content
    for part in PARTS:
        assert b"Airport to hall" not in client.get(f"/board/{part}").content


def test_those_without_content_are_sent_to_their_own_work():
    runs = factories.signed_in(factories.person(is_administrator=True)).get("/")
    audits = factories.signed_in(factories.person(is_auditor=True)).get("/")
    assert runs.status_code == audits.status_code == 302
    assert (runs["Location"], audits["Location"]) != ("/", "/")
    assert "audit" in audits["Location"] and "people" in runs["Location"]
    assert Client().get("/").status_code == 302


def test_the_price_of_the_board(leader, operation, django_assert_max_num_queries):
    hall = place(operation)
    posts = []
    for number in range(40):
        moved = leg(operation, f"Leg {number}", number, number + 0.5, destination=hall)
        raise_alert(
            operation=operation,
            title=f"Alert {number}",
            source="signal",
            dedupe=str(number),
            movement=moved,
        )
        posts.append(
            add_post(
                actor=leader,
                operation=operation,
                title=f"Post {number}",
                role="ppo",
                edition="ppo",
            )
        )
    for post in posts:
        tie(
            left=("operation", operation.pk),
            right=("post", post.pk),
            relation="n",
            compartment_id=operation.compartment_id,
        )
    changed(node=("operation", operation.pk), reason="The operation changed: kind")
    client = factories.signed_in(leader)
    client.get("/")
    for address, most in (("/", 70), ("/board/stale/", 15), ("/board/tiles/", 55)):
        with django_assert_max_num_queries(most):
            assert client.get(address).status_code == 200
    for address in ("/board/next/", "/board/map.json", "/board/timeline.json"):
        with django_assert_max_num_queries(15):
            assert client.get(address).status_code == 200


def test_the_price_does_not_grow_with_operations(leader, django_assert_max_num_queries):
    contract = factories.engagement(leader)
    who = factories.principal(contract)
    for number in range(30):
        factories.operation(leader, engagement=contract, principal=who, title=f"Day {number}")
    client = factories.signed_in(leader)
    client.get("/")
    for address in ("/board/next/", "/board/map.json", "/board/timeline.json"):
        with django_assert_max_num_queries(15):
            client.get(address)


def test_api_and_command_line(leader, day, capsys):
    _, secret = issue_token(user=leader, label="t", writes=False)
    client = Client(headers={"authorization": f"Bearer {secret}"})
    row = client.get("/api/v1/board").json()
    named = {"operations", "running", "coming", "alerts", "unread", "stale", "readiness"}
    assert set(row) == named
    assert [m["title"] for m in row["coming"]] == ["Speech", "Hall to airport"]
    assert client.get("/api/v1/board/map").json()["type"] == "FeatureCollection"
    assert root(["board", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [o["slug"] for o in found["operations"]] == ["helsinki"]
    assert root(["board"]) == 0


def test_changing_the_zone_changes_the_time_line(leader, day):
    change_operation(actor=leader, operation=day, time_zone="Asia/Tokyo")
    assert board.timeline(leader)["zone"] == "Asia/Tokyo"
