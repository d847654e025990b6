"""Every endpoint x every role x foreign team: nothing is shown, nothing is touched.

Generated from the urlconf and the OpenAPI schema. PostgreSQL enforces row security while the
requests run, so each answer passed both walls.
"""

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from varangian.platform.access.roles import Role
from varangian.platform.audit.models import AuditEntry

from . import expected, routes
from .routes import REFERENCES, Endpoint
from .world import MARK, NAME

pytestmark = pytest.mark.django_db
HIDDEN = (403, 404)
WRITES = ("insert", "update", "delete")
HOUSEKEEPING = {
    "administrator": ("people/", "alerts/channels/", "phones/", "api/v1/phones"),
    "auditor": ("audit/",),
}
"""Pages about the house itself, and for whom they are."""

PAGES, API = routes.pages(), routes.operations()
ALL = [*PAGES, *API]


def each(endpoints: list[Endpoint]) -> Any:
    return pytest.mark.parametrize("endpoint", endpoints, ids=[one.name for one in endpoints])


def ask(client: Client, endpoint: Endpoint, ids: dict[str, Any]) -> Any:
    method, address = endpoint.method.lower(), endpoint.address(ids)
    if method == "get":
        return client.get(address)
    if not endpoint.api:
        named = {name: str(ids[key]) for name, key in REFERENCES.items()}
        return client.post(address, named)
    kind, fields = routes.body(endpoint, ids)
    if kind == "multipart/form-data":
        from django.core.files.uploadedfile import SimpleUploadedFile

        upload = SimpleUploadedFile("matrix.ics", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
        return getattr(client, method)(address, {**fields, "file": upload})
    text = json.dumps(fields) if kind else ""
    return getattr(client, method)(address, text, content_type="application/json")


def words(answer: Any) -> str:
    raw = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return raw.decode(errors="replace")


def leaks(answer: Any) -> bool:
    told = words(answer)
    return MARK in told or NAME in told


def hidden(answer: Any) -> bool:
    """Refused, or a list with nothing in it."""
    if answer.status_code in HIDDEN:
        return True
    return answer.status_code == 200 and words(answer).startswith('{"items": [], ')


def touched(house: SimpleNamespace) -> int:
    """Writes to records of team A, as the triggers saw them; and the place of its log."""
    rows = AuditEntry.objects.filter(kind__in=WRITES, compartment__in=house.world.compartments)
    return rows.count()


def persons(house: SimpleNamespace, endpoint: Endpoint) -> Iterator[tuple[str, Client]]:
    for name, client in house.clients.items():
        if not name.startswith("foreign "):
            continue
        own = HOUSEKEEPING.get(name.removeprefix("foreign "), ())
        if not endpoint.route.startswith(own or ("\0",)):
            yield name, client


def test_the_matrix_knows_every_gap():
    assert routes.untaught() == []


def test_row_security_is_in_force(house):
    """The matrix would prove half as much if its requests spoke as a superuser."""
    house.clients["own detail_leader"].get("/")
    with connection.cursor() as cursor:
        cursor.execute(
            "select current_user, rolbypassrls or rolsuper from pg_roles "
            "where rolname = current_user"
        )
        assert cursor.fetchone() == ("varangian_app", False)


@each([one for one in ALL if one.gaps and not one.about & routes.OPEN])
def test_foreign_person_meets_a_wall(house, endpoint):
    before = touched(house)
    for name, client in persons(house, endpoint):
        answer = ask(client, endpoint, house.world.ids)
        allowed = HIDDEN if endpoint.api else (*HIDDEN, 405)
        assert answer.status_code in allowed, f"{name}: {answer.status_code} {words(answer)[:300]}"
        assert not leaks(answer), name
    assert touched(house) == before


@each([one for one in ALL if not one.gaps and one.method == "GET"])
def test_foreign_list_shows_nothing_of_team_a(house, endpoint):
    named = {name: str(house.world.ids[key]) for name, key in REFERENCES.items()}
    asked = [{}, named, {"q": "quay"}, {"q": house.world.ids["operation"]}]
    for name, client in persons(house, endpoint):
        for query in asked:
            answer = client.get(endpoint.address({}), query)
            shown = f"{name} {query}: {answer.status_code}"
            if query == {} and endpoint.api:
                assert answer.status_code == 200, shown
            assert answer.status_code in (200, 302, *HIDDEN, 405, 422), shown
            assert not leaks(answer), shown


@each([one for one in ALL if not one.gaps and one.method != "GET"])
def test_foreign_write_that_names_team_a_touches_nothing(house, endpoint):
    _, fields = routes.body(endpoint, house.world.ids) if endpoint.api else ("", {})
    before = touched(house)
    for name, client in persons(house, endpoint):
        answer = ask(client, endpoint, house.world.ids)
        shown = f"{name}: {answer.status_code} {words(answer)[:300]}"
        assert answer.status_code < 500, shown
        assert not leaks(answer), shown
        if set(fields) & {"engagement", "principal", "operation"}:
            assert answer.status_code in HIDDEN, shown
    assert touched(house) == before


@each([one for one in ALL if one.about & routes.OPEN])
def test_feeds_of_the_house_ask_for_a_seat(house, endpoint):
    for name in ("administrator", "auditor", "nobody"):
        answer = ask(house.clients[f"foreign {name}"], endpoint, house.world.ids)
        assert answer.status_code in (*HIDDEN, 405), name
    for name, client in persons(house, endpoint):
        answer = ask(client, endpoint, house.world.ids)
        assert answer.status_code < 500 and not leaks(answer), name


def sent_to_the_door(answer: Any, endpoint: Endpoint) -> bool:
    if endpoint.api:
        problem = answer.headers["Content-Type"] == "application/problem+json"
        return answer.status_code == 401 and problem
    if answer.status_code == 405:
        return True
    return answer.status_code == 302 and answer.headers["Location"].startswith("/account/login/")


def test_anonymous_stays_at_the_door(house):
    inside = []
    for endpoint in ALL:
        answer = ask(house.clients["anonymous"], endpoint, house.world.ids)
        if leaks(answer) or not sent_to_the_door(answer, endpoint):
            inside.append((endpoint.name, answer.status_code))
    assert inside == []


@pytest.mark.parametrize("route", sorted(routes.PUBLIC))
def test_public_pages_tell_nothing(house, route):
    answer = house.clients["anonymous"].get(f"/{route}".replace("<secret>", "no-such-secret"))
    assert answer.status_code in (200, 404, 503) and not leaks(answer)


INSIDE = {"exercise", "inject", "delivery"}


@each([one for one in ALL if one.about & INSIDE])
def test_an_exercise_is_closed_to_strangers_and_to_its_members_in_life(house, endpoint):
    entered = {"exercise": True} if not endpoint.api else {}
    before = touched(house)
    for name, client in house.clients.items():
        if name == "anonymous":
            continue
        stranger = name.startswith("foreign ")
        answer = ask(_entered(client, **entered) if stranger else client, endpoint, house.world.ids)
        assert answer.status_code in (*HIDDEN, 405), f"{name}: {answer.status_code}"
        assert not leaks(answer), name
    assert touched(house) == before


def _entered(client: Client, **flags: Any) -> Client:
    session = client.session
    session.update(flags)
    session.save()
    return client


@each([one for one in API if one.gaps])
def test_role_within_the_team(house, endpoint):
    """Who may, gets past the door (the body may still be refused for what it says)."""
    action = expected.action(endpoint.schema, endpoint.method)
    if action is None:
        return
    for role in Role:
        with RolledBack():
            answer = ask(house.clients[f"own {role.value}"], endpoint, house.world.ids)
        shown = f"{role.value} {action}: {answer.status_code} {words(answer)[:300]}"
        assert answer.status_code < 500, shown
        assert hidden(answer) == (role not in expected.roles(action)), shown


@each([one for one in PAGES if one.gaps])
def test_page_within_the_team_never_breaks(house, endpoint):
    for role in (Role.DETAIL_LEADER, Role.DRIVER, Role.CLIENT):
        with RolledBack():
            answer = ask(house.clients[f"own {role.value}"], endpoint, house.world.ids)
        assert answer.status_code < 500, f"{role.value}: {words(answer)[:300]}"


@pytest.mark.parametrize("role", ["driver", "client"])
@pytest.mark.parametrize(
    "address",
    [
        "/threats/{operation}/",
        "/threats/{operation}/register.csv",
        "/threats/sources/{threat}/",
        "/threats/risks/{risk}/",
        "/log/of/{operation}/export.pdf",
        "/log/of/{operation}/export.zip",
    ],
)
def test_driver_and_client_open_no_register_and_no_export(house, role, address):
    client = house.clients[f"own {role}"]
    assert client.get(address.format(**house.world.ids)).status_code in HIDDEN
    leader = house.clients["own detail_leader"].get(address.format(**house.world.ids))
    assert leader.status_code == 200, "the address itself is wrong"


class RolledBack:
    """What one person does is gone before the next one comes."""

    def __enter__(self) -> None:
        from django.db import transaction

        self.point = transaction.savepoint_create()

    def __exit__(self, *_: object) -> None:
        from django.db import transaction

        transaction.savepoint_rollback(self.point)
