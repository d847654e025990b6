"""A camera stands at a place of its engagement, or where somebody has put it on the map."""

import json

import pytest
from tests.factories import engagement, member, operation, place, signed_in
from tests.integration.surveillance import faces

from varangian.kernel.results import Refused
from varangian.platform.access.roles import Role
from varangian.surveillance.models import Camera
from varangian.surveillance.services.cameras import change_camera

pytestmark = pytest.mark.django_db
AT = [60.1699, 24.9384]
GIVEN = {
    "name": "Lobby", "source": "rtsp://camera.example/a", "purpose": "Who comes in",
    "legal_basis": "Consent", "retention_days": "2", "bearing": "90", "width_deg": "60",
    "reach_m": "30",
}  # fmt: skip


@pytest.fixture
def scene():
    return operation()


@pytest.fixture
def client(scene):
    return signed_in(member(scene, Role.DETAIL_LEADER))


def test_a_place_chosen_in_the_form_puts_it_there(scene, client):
    hotel = place(scene.engagement, name="Hotel Aurora", position=AT)
    page = client.get("/surveillance/cameras/new/").content.decode()
    assert "Hotel Aurora" in page and str(AT[0]) in page
    given = {**GIVEN, "owner": str(scene.compartment_id), "place": str(hotel.pk), "position": ""}
    assert client.post("/surveillance/cameras/new/", given).status_code == 302
    made = Camera.objects.get()
    assert made.position == AT and made.place_id == hotel.pk
    assert "Hotel Aurora" in client.get(f"/surveillance/cameras/{made.pk}/").content.decode()
    change = f"/surveillance/cameras/{made.pk}/change/"
    moved = {**GIVEN, "place": str(hotel.pk), "position": "60.2, 25.0"}
    assert client.post(change, moved).status_code == 302
    assert Camera.objects.get().position == [60.2, 25.0]
    assert client.post(change, {**moved, "place": ""}).status_code == 302
    assert Camera.objects.get().place_id is None


def test_a_place_of_another_engagement_is_none_of_its_places(scene, client):
    camera = faces.gate(scene)
    other = place(engagement(), name="Elsewhere", position=AT)
    with pytest.raises(Refused, match="another engagement"):
        change_camera(actor=member(scene, Role.DETAIL_LEADER), camera=camera, place=other)
    assert (
        "Elsewhere" not in client.get(f"/surveillance/cameras/{camera.pk}/change/").content.decode()
    )


def test_over_the_api(scene, client):
    hotel = place(scene.engagement, position=AT)
    given = {
        "name": "Lobby",
        "source": "rtsp://camera.example/a",
        "purpose": "a",
        "legal_basis": "b",
    }
    body = json.dumps({**given, "place": str(hotel.pk)})
    where = f"/api/v1/operations/{scene.slug}/cameras"
    told = client.post(where, body, content_type="application/json").json()
    assert told["position"] == AT and told["place"] == str(hotel.pk)
