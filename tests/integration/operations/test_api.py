"""The spine over the API: problem documents, repeated writes, scopes of tokens."""

import json

import pytest
from django.test import Client
from tests import factories

from varangian.operations import services
from varangian.operations.models import Engagement, Movement, Operation
from varangian.platform.access.models import Replay
from varangian.platform.access.roles import Role
from varangian.platform.access.services import issue_token

pytestmark = pytest.mark.django_db
API = "/api/v1"


def bearer(user, *, writes: bool = True) -> Client:
    _, secret = issue_token(user=user, label="t", writes=writes)
    return Client(headers={"authorization": f"Bearer {secret}"})


def send(client, method, path, body=None, **headers):
    return getattr(client, method)(
        f"{API}{path}", json.dumps(body or {}), content_type="application/json", headers=headers
    )


@pytest.fixture
def leader():
    return factories.person("Lea Leader")


@pytest.fixture
def operation(leader):
    return factories.operation(leader, slug="helsinki")


@pytest.fixture
def leg(leader, operation):
    return services.add_movement(actor=leader, operation=operation, kind="road", title="To hall")


def is_problem(answer, status: int) -> dict:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status and body["title"]
    return body


def test_engagement_principal_operation_leg_post(leader):
    client = bearer(leader)
    made = send(client, "post", "/engagements", {"title": "North", "client": "Invented plc"})
    assert (made.status_code, made.json()["slug"]) == (201, "north")
    who = factories.principal(Engagement.objects.get(), slug="kite")
    new = {"engagement": "north", "principal": "kite", "title": "Day", "time_zone": "Asia/Tokyo"}
    opened = send(client, "post", "/operations", new)
    assert opened.status_code == 201
    assert opened.json() | {"slug": "day", "principal": "kite", "state": "draft"} == opened.json()
    assert Operation.objects.get().key_id == who.key_id
    leg = {
        "kind": "road",
        "title": "To hall",
        "starts": "2026-12-01T10:00:00+09:00",
        "zone": "Asia/Tokyo",
    }
    added = send(client, "post", "/operations/day/movements", leg).json()
    assert (added["serial"], added["end_known"], added["version"]) == (1, False, 1)
    shown = client.get(f"{API}/movements/{added['id']}").json()
    assert shown["title"] == "To hall"
    post = {"title": "PPO", "role": "ppo", "edition": "ppo"}
    made = send(client, "post", "/operations/day/posts", post).json()
    held = send(client, "post", f"/posts/{made['id']}/holder", {"email": leader.email}).json()
    assert held["holder"] == "Lea Leader"
    gone = send(client, "post", f"/posts/{made['id']}/holder", {"email": None}).json()
    assert gone["holder"] is None
    moved = send(client, "post", "/operations/day/state", {"state": "planned"}).json()
    assert moved["state"] == "planned"
    changed = send(client, "patch", "/operations/day", {"intent": "Protect KITE"}).json()
    assert changed["intent"] == "Protect KITE"
    assert client.get(f"{API}/operations").json()["count"] == 1
    assert client.get(f"{API}/operations/day/map").json()["type"] == "FeatureCollection"


def test_refusals_are_problem_documents(leader, operation, leg):
    client = bearer(leader)
    wrong = send(client, "post", "/operations/helsinki/state", {"state": "closed"})
    assert is_problem(wrong, 422)["mend"].startswith("Possible now")
    is_problem(client.get(f"{API}/operations/nowhere"), 404)
    is_problem(send(client, "post", "/operations/helsinki/movements", {"kind": "road"}), 422)
    is_problem(client.get(f"{API}/operations?limit=500"), 422)
    is_problem(Client().get(f"{API}/operations"), 401)
    stale = {"title": "x", "expected_version": 7}
    is_problem(send(client, "patch", f"/movements/{leg.pk}", stale), 409)
    driver = bearer(factories.member(operation, Role.DRIVER))
    is_problem(send(driver, "patch", f"/movements/{leg.pk}", {"title": "x"}), 403)
    reading = bearer(leader, writes=False)
    is_problem(send(reading, "patch", f"/movements/{leg.pk}", {"title": "x"}), 403)
    leg.refresh_from_db()
    assert leg.title == "To hall"


def test_a_foreign_team_gets_404_everywhere(operation, leg, leader):
    post = services.add_post(
        actor=leader, operation=operation, title="PPO", role="ppo", edition="ppo"
    )
    stranger = factories.person()
    factories.operation(stranger)
    client = bearer(stranger)
    for path in (
        "/operations/helsinki",
        "/operations/helsinki/movements",
        "/operations/helsinki/posts",
        "/operations/helsinki/map",
        f"/movements/{leg.pk}",
        f"/engagements/{operation.engagement.slug}",
    ):
        is_problem(client.get(f"{API}{path}"), 404)
    for path, body in (
        ("/operations/helsinki/state", {"state": "planned"}),
        ("/operations/helsinki/movements", {"kind": "road", "title": "x"}),
        (f"/movements/{leg.pk}/state", {"state": "confirmed"}),
        (f"/posts/{post.pk}/holder", {"email": stranger.email}),
    ):
        is_problem(send(client, "post", path, body), 404)


def test_a_repeated_write_happens_once(leader, operation):
    client = bearer(leader)
    new = {"kind": "road", "title": "To hall"}
    path = "/operations/helsinki/movements"
    first, second = (
        send(client, "post", path, new, **{"idempotency-key": "one"}) for _ in range(2)
    )
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json() and Movement.objects.count() == 1
    other = send(client, "post", path, new | {"title": "Other"}, **{"idempotency-key": "one"})
    is_problem(other, 422)
    assert Movement.objects.count() == 1
    send(client, "post", path, new, **{"idempotency-key": "two"})
    assert Movement.objects.count() == 2
    assert all(b"To hall" not in bytes(row.body) for row in Replay.objects.all())


def test_a_refused_write_may_be_tried_again_with_the_same_key(leader, operation):
    client = bearer(leader)
    key = {"idempotency-key": "once"}
    for _ in range(2):
        wrong = send(client, "post", "/operations/helsinki/state", {"state": "closed"}, **key)
        is_problem(wrong, 422)
    assert not Replay.objects.exists()


def test_keys_of_two_people_do_not_meet(leader, operation):
    operator = factories.member(operation, Role.OPERATOR)
    new = {"kind": "road", "title": "To hall"}
    for user in (leader, operator):
        answer = send(
            bearer(user),
            "post",
            "/operations/helsinki/movements",
            new,
            **{"idempotency-key": "k"},
        )
        assert answer.status_code == 201
    assert Movement.objects.count() == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"zone": "Mars/Phobos"},
        {"zone": "../../etc/passwd"},
        {"kind": "teleport"},
        {"title": "   "},
        {"starts": "2026-12-01T10:00:00Z", "ends": "2026-12-01T09:00:00Z"},
        {"starts": "yesterday"},
    ],
)
def test_values_that_no_screen_could_show_are_refused(leader, operation, wrong):
    client = bearer(leader)
    new = {"kind": "road", "title": "To hall", "zone": "UTC"}
    is_problem(send(client, "post", "/operations/helsinki/movements", new | wrong), 422)
    assert not Movement.objects.exists()
    leg = services.add_movement(actor=leader, operation=operation, kind="road", title="Good")
    if "kind" not in wrong:
        is_problem(send(client, "patch", f"/movements/{leg.pk}", wrong), 422)


def test_a_time_without_a_zone_is_on_the_clock_of_the_leg(leader, operation):
    client = bearer(leader)
    new = {
        "kind": "road",
        "title": "To hall",
        "zone": "Europe/Helsinki",
        "starts": "2026-12-01T10:00:00",
    }
    added = send(client, "post", "/operations/helsinki/movements", new)
    assert added.status_code == 201
    assert added.json()["starts"] == "2026-12-01T10:00:00+02:00"
    assert Movement.objects.get().starts.isoformat() == "2026-12-01T08:00:00+00:00"
    body = {"ends": "2026-12-01T10:30:00"}
    send(client, "patch", f"/movements/{added.json()['id']}", body)
    assert Movement.objects.get().ends.isoformat() == "2026-12-01T08:30:00+00:00"


@pytest.mark.parametrize("wrong", [{"time_zone": "Mars/Phobos"}, {"kind": "coup"}, {"title": ""}])
def test_operations_that_no_screen_could_show_are_refused(leader, operation, wrong):
    client = bearer(leader)
    is_problem(send(client, "patch", "/operations/helsinki", wrong), 422)
    new = {
        "engagement": operation.engagement.slug,
        "principal": operation.principal.slug,
        "title": "Day",
    }
    is_problem(send(client, "post", "/operations", new | wrong), 422)
    assert Operation.objects.count() == 1


def test_a_session_needs_its_csrf_token(leader, operation):
    client = Client(enforce_csrf_checks=True)
    client.force_login(leader, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(f"{API}/operations/helsinki").status_code == 200
    is_problem(send(client, "post", "/operations/helsinki/state", {"state": "planned"}), 403)
    operation.refresh_from_db()
    assert operation.state == "draft"


def test_pages_of_the_list(leader):
    contract = factories.engagement(leader)
    who = factories.principal(contract)
    for number in range(5):
        factories.operation(leader, engagement=contract, principal=who, title=f"Day {number}")
    client = bearer(leader)
    first = client.get(f"{API}/operations?limit=2").json()
    last = client.get(f"{API}/operations?limit=2&offset=4").json()
    assert (len(first["items"]), first["count"], first["next"]) == (2, 5, 2)
    assert (len(last["items"]), last["next"]) == (1, None)
