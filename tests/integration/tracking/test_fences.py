"""Fences are drawn, moved and taken away by page and API, and say what is wrong in words."""

import json

import pytest
from tests.factories import member, person, signed_in
from tests.integration.platform.access.test_api import bearer
from tests.integration.tracking.test_watching import (  # noqa: F401
    FAR,
    HERE,
    OUT,
    at,
    circle,
    device,
    heard,
    scene,
)

from varangian.kernel.results import Denied, Refused
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.tracking.models import Fence, FenceSide
from varangian.tracking.queries.fences import fences
from varangian.tracking.services import watching
from varangian.tracking.services.fences import add_fence, change_fence, remove_fence

pytestmark = pytest.mark.django_db
SQUARE = [[60.169, 24.938], [60.169, 24.942], [60.171, 24.942], [60.171, 24.938]]
BOW_TIE = [SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]]


@pytest.fixture
def leader(scene):  # noqa: F811
    return member(scene, Role.DETAIL_LEADER, person())


def outline(scene, **fields):  # noqa: F811
    given = {"name": "Yard", "kind": "outline", "ring": SQUARE, **fields}
    return add_fence(actor=SYSTEM, operation=scene, **given)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"ring": BOW_TIE}, "Two sides of the outline cross near 60.17"),
        ({"ring": [[60.17, 24.94], [60.17, 24.9401], [60.1701, 24.94]]}, "too small"),
        ({"ring": [[40, 0], [40, 9], [49, 9], [49, 0]]}, "too large"),
        ({"ring": [[60.1, 24.9], [91, 24.9], [60.2, 25.0]]}, "corner 2"),
        ({"margin_m": 300}, "The margin (300 m) is wider than the fence itself (11"),
        ({"purpose": "x" * 301}, "A purpose has up to 300"),
    ],
)
def test_what_cannot_be_watched_is_refused_in_words(scene, given, words):  # noqa: F811
    with pytest.raises(Refused) as why:
        outline(scene, **given)
    assert words in str(why.value)
    assert not Fence.objects.exists()


def test_a_closed_outline_is_kept_once_and_its_purpose_is_sealed(scene):  # noqa: F811
    made = outline(scene, ring=[*SQUARE, SQUARE[0]], purpose="The door of the flat")
    assert made.ring == SQUARE and made.key_id == scene.key_id
    assert Fence.objects.get().purpose == "The door of the flat"


def test_a_fence_that_moves_finds_out_anew_who_is_inside(scene, heard):  # noqa: F811
    one, fence = device(scene), circle(scene)
    at(one, HERE)
    watching.watch_fences()
    assert FenceSide.objects.get().inside
    change_fence(actor=SYSTEM, fence=fence, name="Renamed")
    assert FenceSide.objects.exists()
    change_fence(actor=SYSTEM, fence=fence, position=list(FAR))
    assert not FenceSide.objects.exists()
    for place in (HERE, HERE, FAR, FAR, FAR):
        at(one, place)
        watching.watch_fences()
    assert [told["kind"] for told in heard] == ["enter"]


def test_with_a_margin_the_edge_may_be_paced(scene, heard):  # noqa: F811
    one = device(scene)
    circle(scene, margin_m=150)
    edge = (60.1727, 24.94)
    for place in (HERE, edge, edge, edge, OUT, OUT):
        at(one, place)
        watching.watch_fences()
    assert [told["position"] for told in heard] == [OUT]


def test_who_may_not_change_it_sees_it_only(scene, leader):  # noqa: F811
    made = outline(scene, purpose="The door of the flat")
    officer = member(scene, Role.OFFICER, person())
    for change in (
        lambda: change_fence(actor=officer, fence=made, name="x"),
        lambda: remove_fence(actor=officer, fence=made),
    ):
        with pytest.raises(Denied):
            change()
    browser = signed_in(officer)
    shown = browser.get(f"/tracking/fences/{made.pk}/").content
    assert b"The door of the flat" in shown and b"data-draw=" not in shown
    assert browser.get(f"/tracking/of/{scene.slug}/fences/new/").status_code == 403
    assert browser.post(f"/tracking/fences/{made.pk}/", {"name": "x"}).status_code == 403
    stranger = signed_in(person())
    for path in (f"/tracking/fences/{made.pk}/", f"/tracking/of/{scene.slug}/fences/"):
        assert stranger.get(path).status_code == 404


def test_the_form_says_beside_the_field_what_is_wrong(scene, leader):  # noqa: F811
    browser = signed_in(leader)
    new = f"/tracking/of/{scene.slug}/fences/new/"
    plain = {"name": "Yard", "about": "all", "tells": "both", "urgency": "attention"}
    for given, words in (
        ({"kind": "circle", "radius_m": 100}, "Put the middle on the map"),
        ({"kind": "circle", "position": "60.17", "radius_m": 100}, "Write latitude, longitude"),
        ({"kind": "outline"}, "Draw the outline on the map"),
        ({"kind": "outline", "ring": "60.1, 24.9\nhere"}, "line 2: here"),
        ({"kind": "outline", "ring": lines(BOW_TIE)}, "Two sides of the outline cross"),
        ({"kind": "leash"}, "Say how far it reaches"),
        (
            {"kind": "circle", "position": "60.17, 24.94", "radius_m": 50, "margin_m": 60},
            "The margin",
        ),
    ):
        answer = browser.post(new, plain | given)
        assert answer.status_code == 422 and words in answer.content.decode(), words
    assert not Fence.objects.exists()
    assert browser.post(new, plain | {"kind": "outline", "ring": lines(SQUARE)}).status_code == 302
    [made] = fences(leader, scene)
    moved = [[lat + 0.01, lon] for lat, lon in SQUARE]
    page = f"/tracking/fences/{made.pk}/"
    assert browser.post(page, plain | {"kind": "outline", "ring": lines(moved)}).status_code == 302
    made.refresh_from_db()
    assert made.ring[0] == pytest.approx([60.179, 24.938])
    hidden = browser.get(f"/tracking/of/{scene.slug}/map.json?without={made.pk}").json()
    assert [row["properties"]["kind"] for row in hidden["features"]].count("fence") == 0
    listed = browser.get(f"/tracking/of/{scene.slug}/fences/").content.decode()
    assert "Outline, 4 corners" in listed and "nobody known" in listed
    assert browser.post(f"{page}remove/").status_code == 302
    assert not fences(leader, scene)


def lines(ring):
    return "\n".join(f"{lat}, {lon}" for lat, lon in ring)


def test_the_api_does_the_same(scene, leader):  # noqa: F811
    client = bearer(leader)
    head = {"content_type": "application/json"}
    path = f"/api/v1/operations/{scene.slug}/fences"
    given = {"name": "Yard", "kind": "outline", "ring": BOW_TIE, "purpose": "The yard"}
    refused = client.post(path, json.dumps(given), **head)
    assert refused.status_code == 422 and "cross" in refused.content.decode()
    made = client.post(path, json.dumps(given | {"ring": SQUARE, "margin_m": 20}), **head).json()
    assert (made["ring"], made["margin_m"], made["purpose"]) == (SQUARE, 20, "The yard")
    one = f"/api/v1/fences/{made['id']}"
    change = {"kind": "circle", "position": list(HERE), "radius_m": 80}
    changed = client.patch(one, json.dumps(change), **head).json()
    assert (changed["kind"], changed["ring"], changed["purpose"]) == ("circle", [], "The yard")
    assert client.get(one).json() == changed
    assert client.delete(one).status_code == 200 and client.get(one).status_code == 404
