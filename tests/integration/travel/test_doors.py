"""Doors of places: on the page, over the API, at the console; a retired one is in no new plan."""

import json

import pytest
from tests import factories

from varangian.config.commands import root
from varangian.kernel.results import Conflict, Denied, NotFound, Refused
from varangian.platform.access.roles import Role
from varangian.travel import services
from varangian.travel.models import PlaceDoor
from varangian.travel.queries import route_days as queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader():
    return factories.person("Lea Leader")


@pytest.fixture
def operation(leader):
    return factories.operation(leader)


@pytest.fixture
def place(operation, leader):
    return factories.place(operation, leader, name="Harbour court", position=[54.5, 11.0])


@pytest.fixture
def desk(place, leader):
    leader.__dict__.pop("_reach", None)
    return factories.signed_in(leader, fresh=True)


def test_a_door_is_added_moved_and_retired_on_the_page(desk, place, leader):
    at = f"/travel/places/{place.pk}/doors/"
    empty = desk.get(at).content.decode()
    assert "None noted" in empty and "Doors" in desk.get(f"/places/{place.pk}/").content.decode()
    given = {"name": "North gate", "position": "54.5010, 11.0010", "kind": "point"}
    assert desk.post(at, given).status_code == 302
    (door,) = queries.doors(leader)
    assert door.position == [54.501, 11.001]
    text = desk.get(at).content.decode()
    assert "North gate" in text and "54.50100" in text and "Move" in text
    shown = json.loads(desk.get(f"/travel/places/{place.pk}/doors.json").content)["features"]
    assert [one["properties"]["title"] for one in shown] == ["North gate", "Harbour court"]
    moved = {**given, "position": "54.5020, 11.0020"}
    assert desk.post(f"/travel/doors/{door.pk}/", moved).status_code == 302
    door.refresh_from_db()
    assert door.position == [54.502, 11.002]
    assert desk.post(f"/travel/doors/{door.pk}/retire/").status_code == 302
    assert not queries.doors(leader).exists() and PlaceDoor.objects.count() == 1
    assert desk.get(f"/travel/doors/{door.pk}/").status_code == 404


def test_what_is_no_door_is_said_beside_its_field(desk, place):
    at = f"/travel/places/{place.pk}/doors/"
    for fields, words in (
        ({"name": "Yard", "position": "here"}, "no position"),
        ({"name": "Yard", "position": "95, 11"}, "not on the earth"),
        ({"name": "Yard", "position": "11.0, 54.5"}, "km from Harbour court"),
        ({"name": "  ", "position": "54.5, 11"}, "required"),
    ):
        answer = desk.post(at, fields)
        assert answer.status_code == 422 and words in answer.content.decode(), words
        assert f'value="{fields["position"]}"' in answer.content.decode(), "nothing typed is lost"


def test_a_guest_of_the_place_looks_and_changes_nothing(place, operation, leader):
    officer = factories.member(operation, Role.DRIVER)
    door = services.add_door(actor=leader, place=place, name="Yard", position=(54.5, 11.0))
    client = factories.signed_in(officer, fresh=True)
    text = client.get(f"/travel/places/{place.pk}/doors/").content.decode()
    assert "Yard" in text and "Add door" not in text and "Retire" not in text
    given = {"name": "Back", "position": "54.5, 11.0"}
    assert client.post(f"/travel/places/{place.pk}/doors/", given).status_code == 403
    assert client.post(f"/travel/doors/{door.pk}/retire/").status_code == 403
    with pytest.raises(Denied):
        services.change_door(actor=officer, door=door, name="Mine")


def test_names_and_numbers_of_doors(place, leader):
    add = {"actor": leader, "place": place, "position": (54.5, 11.0)}
    made = [services.add_door(**add, name=f"Door {n}") for n in range(6)]
    with pytest.raises(Refused, match="at most 6"):
        services.add_door(**add, name="One more")
    with pytest.raises(Refused, match="of that name"):
        services.change_door(actor=leader, door=made[0], name="door 1")
    services.retire_door(actor=leader, door=made[1])
    assert services.change_door(actor=leader, door=made[0], name="Door 1").name == "Door 1"
    with pytest.raises(Conflict, match="retired"):
        services.retire_door(actor=leader, door=made[1])
    with pytest.raises(NotFound):
        queries.door(leader, made[1].pk)


def test_doors_over_the_api(desk, place):
    given = {"place": str(place.pk), "name": "Yard", "lat": 54.5, "lon": 11.0}
    made = desk.post("/api/v1/place-doors", given, content_type="application/json")
    assert made.status_code == 201, made.content
    at = f"/api/v1/place-doors/{made.json()['id']}"
    moved = desk.patch(at, {"lat": 54.501, "lon": 11.001}, content_type="application/json")
    assert (moved.json()["lat"], moved.json()["name"]) == (54.501, "Yard")
    half = desk.patch(at, {"lat": 54.5}, content_type="application/json")
    assert half.status_code == 422 and "two figures" in half.content.decode()
    assert desk.delete(at).status_code == 204
    assert desk.get("/api/v1/place-doors").json()["count"] == 0


def test_doors_at_the_console(place, capsys):
    def said(*words):
        capsys.readouterr()
        assert root(["door", *words]) == 0
        told = capsys.readouterr()
        return told.out if "--json" in words else told.out + told.err

    row = json.loads(said("add", place.slug, "Yard", "54.5,11.0", "--json"))
    assert "Yard" in said("list", place.slug)
    moved = json.loads(said("move", row["id"], "--at", "54.501,11.001", "--name", "Gate", "--json"))
    assert (moved["lat"], moved["name"]) == (54.501, "Gate")
    assert "Gate is retired" in said("retire", row["id"])
    assert json.loads(said("list", place.slug, "--json")) == []
