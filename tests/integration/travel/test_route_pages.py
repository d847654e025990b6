"""Routes on screen: list, plan with map and picture, deeds that ask who is there, the card."""

import json

import pytest
from tests import factories

from varangian.platform.audit.models import AuditEntry
from varangian.travel.models import RoutePlan
from varangian.travel.queries import routes as queries

from .test_routes import box, drawn, driver, home, leader, leg, operation, plan, town  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(leader):  # noqa: F811
    leader.__dict__.pop("_reach", None)
    return factories.signed_in(leader, fresh=True)


def act(client, plan, **fields):  # noqa: F811
    return client.post(f"/travel/routes/{plan.pk}/act/", fields)


def test_a_plan_is_made_on_the_page(desk, town, leg, operation):  # noqa: F811
    page = f"/travel/routes/of/{operation.slug}/"
    assert "No routes planned yet" in desk.get(page).content.decode()
    answer = desk.post(f"{page}make/", {"movement": leg.pk, "extra": "30", "window": "20"})
    plan = RoutePlan.objects.get()  # noqa: F811
    assert answer.headers["Location"] == f"/travel/routes/{plan.pk}/" and plan.budget == 1.3
    assert "1. To the court" in desk.get(page).content.decode()
    refused = desk.post(f"{page}make/", {"movement": leg.pk, "extra": "much"})
    assert refused.status_code == 422 and "no number" in refused.content.decode()


def test_the_plan_page_says_what_it_rests_on(desk, plan):  # noqa: F811
    text = desk.get(f"/travel/routes/{plan.pk}/").content.decode()
    for words in ("meets the car with at most", "Amber city", "2026-01-01", "Invented, Apache-2.0"):
        assert words in text, words
    assert "<svg" in text and "not verified" in text and "Approve" in text
    drawn_ = json.loads(desk.get(f"/travel/routes/{plan.pk}/lines.json").content)["features"]
    ranks = {one["properties"].get("rank") for one in drawn_}
    assert {"primary", "alternate"} <= ranks


def test_from_approval_to_the_drive(desk, plan, leader, driver):  # noqa: F811
    assert act(desk, plan, deed="role", route="R2", role="emergency").status_code == 302
    assert act(desk, plan, deed="approve").status_code == 302
    assert act(desk, plan, deed="draw").status_code == 302
    wheel = factories.signed_in(driver, fresh=True)
    assert wheel.get(f"/travel/routes/{plan.pk}/").status_code == 404, "not of the leg"
    assert act(desk, plan, deed="watch", person=driver.pk).status_code == 302
    assert wheel.get(f"/travel/routes/{plan.pk}/card/").status_code == 404
    text = wheel.get(f"/travel/routes/{plan.pk}/").content.decode()
    assert "nothing released" in text and "Seal (SHA-256)" not in text
    assert "sealed: for you alone" in desk.get(f"/travel/routes/{plan.pk}/card/").content.decode()
    assert act(desk, plan, deed="release").status_code == 302
    card = wheel.get(f"/travel/routes/{plan.pk}/card/").content.decode()
    assert "Leave at" in card and "All turns" in card and "Say each turn" in card
    assert AuditEntry.objects.filter(kind="read", actor=str(driver.pk)).exists()
    assert act(wheel, plan, deed="driven", words="Quiet").status_code == 302
    text = desk.get(f"/travel/routes/{plan.pk}/").content.decode()
    assert "as drawn" in text and "fits" in text and "Not enough to say" in text


def test_a_stale_proof_is_asked_for_again(plan, leader):  # noqa: F811
    leader.set_password("a long invented password")
    leader.save()
    client = factories.signed_in(leader)
    answer = act(client, plan, deed="approve")
    assert answer.status_code == 302 and "reauthenticate" in answer.headers["Location"]
    plan.refresh_from_db()
    assert plan.state == "draft"


def test_a_closure_on_the_page(desk, plan):  # noqa: F811
    assert act(desk, plan, deed="replan", area="nonsense").status_code == 422
    lon, lat = plan.payload["routes"][0]["geometry"][6]
    answer = act(desk, plan, deed="replan", area=json.dumps(box(lon, lat)), reason="Flood")
    fresh = RoutePlan.objects.get(version=2)
    assert answer.headers["Location"].endswith(f"{fresh.pk}/") and fresh.reason == "Flood"
    assert act(desk, fresh, deed="withdraw", reason="Off").status_code == 302
    assert act(desk, fresh, deed="dance").status_code == 422


def test_pages_cost_few_queries(desk, drawn, leader, django_assert_max_num_queries):  # noqa: F811
    desk.get(f"/travel/routes/{drawn.pk}/")
    for page in (f"/travel/routes/{drawn.pk}/", f"/travel/routes/of/{drawn.operation.slug}/"):
        with django_assert_max_num_queries(28):
            assert desk.get(page).status_code == 200
    assert queries.plans(leader).count() == 1


def test_the_card_on_paper_is_noted(desk, drawn, leader):  # noqa: F811
    for given in ({"route": "R1"}, {}):
        answer = desk.post(f"/travel/routes/{drawn.pk}/card.pdf", given)
        assert answer.status_code == 200 and answer.content.startswith(b"%PDF")
    noted = AuditEntry.objects.filter(kind="export", purpose="route card as PDF")
    assert {row.actor for row in noted} == {str(leader.pk)} and noted.count() == 2
