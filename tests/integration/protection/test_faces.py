"""A face that a person confirmed becomes a sighting of the card that looks out for it."""

import pytest
from tests.factories import member, operation, signed_in
from tests.integration.protection import test_plates
from tests.integration.surveillance import faces

from varangian.platform.access.roles import Role
from varangian.surveillance.services.faces import records
from varangian.threats.models import BoloSighting
from varangian.threats.services import bolo

pytestmark = pytest.mark.django_db


def test_confirmed_on_the_page_it_stands_on_the_card_by_the_hand_that_confirmed(monkeypatch):
    faces.pretend(monkeypatch)
    scene = operation()
    leader, analyst = member(scene, Role.DETAIL_LEADER), member(scene, Role.ANALYST)
    desk = member(scene, Role.OPERATOR)
    drawn = bolo.draw_card(actor=analyst, operation=scene, reviewer=desk, **test_plates.GIVEN)
    card = bolo.issue_card(actor=leader, card=drawn)
    camera = faces.gate(scene)
    records.sign_record(actor=leader, record=faces.drawn(analyst, scene, camera))
    entry = faces.listed(analyst, scene, leader, case_kind="bolo", case_id=card.pk, reference="")
    match = faces.candidate(camera, entry)
    client, page = signed_in(desk), f"/surveillance/faces/matches/{match.pk}/"
    assert "Why do you look?" in client.get(page).content.decode()
    assert "Shot 1" not in client.post(page, {"purpose": ""}).content.decode()
    shown = client.post(page, {"purpose": "Watch at the gate"}).content.decode()
    assert "Shot 3 before Gate" in shown and 'data-key="y"' in shown and 'data-key="n"' in shown
    answer = client.post(f"{page}decide/", {"verdict": "confirmed"})
    assert answer.status_code == 302
    sighting = BoloSighting.objects.get()
    assert (sighting.card, sighting.state, sighting.decided_by) == (card, "confirmed", desk)
    assert signed_in(member(scene, Role.OFFICER)).get(page).status_code == 404
