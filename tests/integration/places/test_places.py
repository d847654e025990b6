"""Places: who may put them on the map, what moves with them, and what the row gives away."""

import json

import pytest
from django.db import connection
from django.test import Client
from tests import factories

from varangian.config.commands import root
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.operations.services import add_movement
from varangian.places import queries, services
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.platform.access.services import issue_token
from varangian.platform.audit.models import AuditEntry
from varangian.platform.thread.queries import stale_by_record
from varangian.platform.thread.services import tie

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader():
    return factories.person("Lea Leader")


@pytest.fixture
def operation(leader):
    return factories.operation(leader, slug="helsinki")


@pytest.fixture
def contract(operation):
    return operation.engagement


def add(contract, actor=SYSTEM, **fields):
    given = {"name": "Hotel Invented", "kind": "hotel", **fields}
    return services.add_place(
        actor=actor, compartment_id=contract.compartment_id, key_id=contract.key_id, **given
    )


@pytest.fixture
def hotel(contract):
    return add(contract, address="1 Invented Street")


def test_short_names_say_the_kind_and_nothing_else(contract):
    assert [add(contract).slug for _ in range(3)] == ["hotel", "hotel-2", "hotel-3"]
    assert add(contract, kind="trauma_centre", name="St Invented").slug == "trauma-centre"
    other = factories.engagement()
    assert add(other).slug == "hotel"


def test_a_place_without_a_position_is_plainly_unlocated(leader, hotel, contract):
    assert (hotel.located, hotel.precision) == (False, "unlocated")
    assert list(queries.places(leader, unlocated=True)) == [hotel]
    placed = services.locate_place(actor=leader, place=hotel, latitude=60.1234567, longitude=24.9)
    assert placed.position == [60.123457, 24.9]
    assert (placed.precision, placed.located_by) == ("exact", leader)
    assert not queries.places(leader, unlocated=True)


@pytest.mark.parametrize(
    "wrong", [[91, 0], [0, 181], [float("nan"), 0], ["x", 1], [1], [], None, "60, 24", [1, 2, 3]]
)
def test_no_place_on_earth(leader, hotel, wrong):
    with pytest.raises(Refused):
        services.change_place(actor=leader, place=hotel, position=wrong)
    hotel.refresh_from_db()
    assert not hotel.located and hotel.precision == "unlocated"


@pytest.mark.parametrize("wrong", [{"kind": "castle"}, {"name": "  "}])
def test_what_a_place_needs(contract, leader, hotel, wrong):
    with pytest.raises(Refused):
        add(contract, **wrong)
    with pytest.raises(Refused):
        services.change_place(actor=leader, place=hotel, **wrong)
    with pytest.raises(Refused, match="cannot be changed"):
        services.change_place(actor=leader, place=hotel, slug="x")


def test_a_changed_place_marks_the_legs_that_touch_it(leader, operation, contract, hotel):
    leg = add_movement(
        actor=leader, operation=operation, kind="road", title="To hotel", destination=hotel
    )
    tie(
        left=("place", hotel.pk),
        right=("movement", leg.pk),
        relation="where",
        compartment_id=leg.compartment_id,
    )
    services.change_place(actor=leader, place=hotel, phone="+358 1")
    assert stale_by_record(leader, "movement", [leg.pk])[leg.pk] == ["Place hotel changed: phone"]
    count = AuditEntry.objects.filter(table_name="places_place").count()
    services.change_place(actor=leader, place=hotel, phone="+358 1")
    entries = AuditEntry.objects.filter(table_name="places_place")
    last = entries.order_by("-pk").first()
    assert entries.count() == count or "phone" not in (last.changes or {})


def test_a_leg_added_by_hand_hears_of_its_places_too(leader, operation, hotel):
    leg = add_movement(
        actor=leader, operation=operation, kind="road", title="To hotel", destination=hotel
    )
    services.locate_place(actor=leader, place=hotel, latitude=60, longitude=24)
    assert stale_by_record(leader, "movement", [leg.pk])[leg.pk] == [
        "Place hotel changed: position"
    ]


def test_a_blanked_place_keeps_nothing(leader, operation, hotel):
    services.locate_place(actor=leader, place=hotel, latitude=60, longitude=24)
    services.blank_place(actor=leader, place=hotel)
    hotel.refresh_from_db()
    assert (hotel.name, hotel.position, hotel.address, hotel.slug) == ("[erased]", [], "", "erased")
    assert hotel.precision == "unlocated"


@pytest.mark.parametrize("role", Role)
def test_each_role(operation, contract, hotel, role):
    user = factories.member(operation, role)
    sees = role is not Role.CLIENT
    assert list(queries.places(user)) == ([hotel] if sees else [])
    client = factories.signed_in(user)
    assert client.get("/places/").status_code == 200
    assert client.get(f"/places/{hotel.pk}/").status_code == (200 if sees else 404)
    at_desk = factories.member(contract, role)
    if role in (Role.DETAIL_LEADER, Role.ANALYST, Role.OPERATOR):
        services.change_place(actor=at_desk, place=hotel, phone="1")
    else:
        with pytest.raises(Denied):
            services.change_place(actor=at_desk, place=hotel, phone="1")


def test_whoever_sees_it_from_below_does_not_change_it(operation, contract, hotel):
    officer = factories.member(operation, Role.OFFICER)
    client = factories.signed_in(officer)
    sent = {"name": "Hijacked", "kind": "hotel"}
    assert client.post(f"/places/{hotel.pk}/", sent).status_code == 403
    hotel.refresh_from_db()
    assert hotel.name == "Hotel Invented"


def test_a_foreign_team_finds_nothing(hotel):
    stranger = factories.person()
    factories.operation(stranger)
    with pytest.raises(NotFound):
        services.change_place(actor=stranger, place=hotel, phone="1")
    with pytest.raises(NotFound):
        queries.place(stranger, hotel.pk)
    client = factories.signed_in(stranger)
    assert client.get(f"/places/{hotel.pk}/").status_code == 404
    assert b"Invented" not in client.get("/places/").content


def test_the_page_of_a_place(leader, hotel):
    client = factories.signed_in(leader)
    address = f"/places/{hotel.pk}/"
    assert b"1 Invented Street" in client.get(address).content
    sent = {"name": "Grand Invented", "kind": "hotel", "latitude": "60.5", "longitude": "24.5"}
    assert client.post(address, sent)["Location"] == address
    hotel.refresh_from_db()
    assert (hotel.name, hotel.position) == ("Grand Invented", [60.5, 24.5])
    wrong = client.post(address, sent | {"latitude": "95"})
    assert b"90" in wrong.content
    client.post(address, {"name": "Grand Invented", "kind": "hotel"})
    hotel.refresh_from_db()
    assert hotel.position == [60.5, 24.5], "an empty position is left as it was"


def test_half_a_position_is_said(leader, hotel):
    client = factories.signed_in(leader)
    sent = {"name": "Hotel Invented", "kind": "hotel", "latitude": "60.5"}
    answer = client.post(f"/places/{hotel.pk}/", sent)
    assert answer.status_code != 302 and b"longitude" in answer.content
    hotel.refresh_from_db()
    assert not hotel.located


def test_the_list_is_filtered(leader, contract, hotel):
    add(contract, name="Invented Hall", kind="venue", position=[60.1, 24.9])
    client = factories.signed_in(leader)
    shown = {
        query: client.get(f"/places/?{query}").content.decode()
        for query in ("", "kind=venue", "unlocated=1", "page=99&kind=castle")
    }
    assert "Hotel Invented" in shown[""] and "Invented Hall" in shown[""]
    assert "Hotel Invented" not in shown["kind=venue"]
    assert "Invented Hall" not in shown["unlocated=1"]


def test_the_list_costs_few_queries(leader, contract, django_assert_max_num_queries):
    for _ in range(50):
        add(contract)
    client = factories.signed_in(leader)
    client.get("/places/")
    with django_assert_max_num_queries(20):
        client.get("/places/")


def test_api(leader, operation, hotel):
    _, secret = issue_token(user=leader, label="t", writes=True)
    client = Client(headers={"authorization": f"Bearer {secret}"})
    assert client.get("/api/v1/places?unlocated=true").json()["count"] == 1
    address = f"/api/v1/places/{hotel.pk}"
    body = json.dumps({"position": [60.5, 24.5]})
    changed = client.patch(address, body, content_type="application/json")
    assert changed.json() | {"position": [60.5, 24.5], "precision": "exact"} == changed.json()
    wrong = client.patch(address, '{"position": [200, 0]}', content_type="application/json")
    assert wrong.status_code == 422 and wrong["Content-Type"] == "application/problem+json"
    for body in ('{"kind": "castle"}', '{"name": ""}', '{"position": null}', '{"name": null}'):
        wrong = client.patch(address, body, content_type="application/json")
        assert wrong.status_code == 422, body


def test_command_line(leader, hotel, capsys):
    assert root(["place", "list", "--json", "--unlocated"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["name"] == "Hotel Invented"
    assert root(["place", "locate", str(hotel.pk), "60.5", "24.5", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["position"] == [60.5, 24.5]
    with pytest.raises(Refused, match="no place on earth"):
        root(["place", "locate", str(hotel.pk), "95", "24.5"])
    with pytest.raises(NotFound):
        root(["place", "locate", str(contract_id()), "60", "24"])


def contract_id():
    from varangian.kernel.ids import new_id

    return new_id()


def test_the_row_is_sealed(hotel):
    services.locate_place(actor=SYSTEM, place=hotel, latitude=60.5, longitude=24.5)
    with connection.cursor() as cursor:
        cursor.execute("select row_to_json(p)::text from places_place p")
        row = cursor.fetchone()[0]
    for plain in ("Invented", "60.5", "24.5"):
        assert plain not in row and plain.encode().hex() not in row
