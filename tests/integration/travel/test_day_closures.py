"""A road closes on a recorded day: the rest is mixed anew, what was driven or drawn holds."""

# ruff: noqa: F811 fixtures are shared by import

import json
from datetime import timedelta

import pytest
from tests import factories

from varangian.config.commands import root
from varangian.kernel.results import Conflict, Denied, Refused
from varangian.operations.services import set_movement_state
from varangian.travel import areas, services
from varangian.travel.models import RouteDay, RoutePlan, RouteWork
from varangian.travel.queries import route_days as queries
from varangian.travel.queries import routes as route_queries

from .test_route_days import cars, day, doors, legs, morning  # noqa: F401
from .test_routes import driver, home, leader, operation, town  # noqa: F401

pytestmark = pytest.mark.django_db


def middle_of(plan, number=0):
    """A closed area on a route of the plan, so small that others lead past it."""
    row = plan.payload["routes"][number]
    lon, lat = row["geometry"][len(row["geometry"]) // 2]
    return areas.circle((lat, lon), 40)


def crosses(plan, area):
    from varangian.engines.routing.avoid import crossed

    return any(crossed(row["geometry"], area) for row in plan.payload["routes"])


def approve_and_draw(leader, day):
    services.approve_day(actor=leader, day=day)
    services.draw_day(actor=leader, day=day)


def test_the_whole_day_is_mixed_anew_and_the_old_one_overtaken(day, legs, leader):
    old = list(queries.plans_of(leader, day))
    area = middle_of(old[0])
    fresh = services.close_road(actor=leader, day=day, area=area, reason="Water main broke")
    plans = list(queries.plans_of(leader, fresh))
    assert [plan.movement_id for plan in plans] == [leg.pk for leg in legs]
    assert all(plan.state == "draft" and plan.version == 2 for plan in plans)
    assert not any(crosses(plan, area) for plan in plans)
    assert all(plan.areas == [area] and "Water main broke" in plan.reason for plan in plans)
    for plan in old:
        plan.refresh_from_db()
        assert plan.state == "withdrawn" and "Overtaken by version 2" in plan.reason
    assert fresh.payload["closed"]["reason"] == "Water main broke"
    assert [row["tone"] for row in fresh.payload["changes"]] == ["blue"] * 3
    assert queries.later(leader, day) == fresh and queries.later(leader, fresh) is None
    assert fresh.took_s < 2 and 0 < fresh.bound <= 1


def test_what_was_driven_or_is_under_way_stays(day, legs, leader, driver):
    approve_and_draw(leader, day)
    first, second, third = queries.plans_of(leader, day)
    services.release_route(actor=leader, plan=first, reason="Drill", driver=driver)
    services.report_driven(actor=leader, plan=first)
    services.release_route(actor=leader, plan=second, reason="Drill", driver=driver)
    set_movement_state(actor=leader, movement=legs[1], state="under_way")
    before = first.payload
    area = middle_of(third)
    fresh = services.close_road(actor=leader, day=day, area=area, reason="A demonstration")
    kept = {plan.movement_id: plan for plan in queries.plans_of(leader, fresh)}
    assert kept[legs[0].pk].pk == first.pk and kept[legs[0].pk].state == "driven"
    assert kept[legs[0].pk].payload == before, "what was driven is history"
    assert kept[legs[1].pk].pk == second.pk and kept[legs[1].pk].state == "released"
    anew = kept[legs[2].pk]
    assert anew.version == 2 and anew.state == "draft" and not crosses(anew, area)
    told = {row["leg"]: row["words"] for row in fresh.payload["changes"]}
    assert told[first.payload["leg"]].startswith("Driven")
    assert told[second.payload["leg"]].startswith("Under way")
    assert "the draw is void" in told[anew.payload["leg"]]


def test_a_draw_whose_roads_are_open_stands_and_plays_in_the_new_game(day, legs, leader):
    approve_and_draw(leader, day)
    plans = list(queries.plans_of(leader, day))
    area = _crossing(plans[2], plans[0])
    fresh = services.close_road(actor=leader, day=day, area=area, reason="A crane")
    now_of = {plan.movement_id: plan for plan in queries.plans_of(leader, fresh)}
    stays = now_of[legs[0].pk]
    assert stays.pk == plans[0].pk and stays.state == "approved" and queries.drawn(stays)
    assert stays.bound == fresh.bound == stays.payload["bound"]
    assert route_queries.opened(leader, stays).choice, "its seal is untouched"
    assert now_of[legs[2].pk].version == 2
    told = [row["tone"] for row in fresh.payload["changes"]]
    assert told[0] == "green" and told[2] == "amber"


def _crossing(hit, spared):
    """A place on one plan and on no route of the other."""
    from varangian.engines.routing.avoid import crossed

    for row in hit.payload["routes"]:
        for lon, lat in row["geometry"][2:-2]:
            area = areas.circle((lat, lon), 25)
            if not any(crossed(one["geometry"], area) for one in spared.payload["routes"]):
                return area
    raise AssertionError("every place of it lies on the other")


def test_a_leg_without_a_way_is_told_and_the_others_are_planned(day, legs, leader):
    mill = legs[2].origin
    plans = list(queries.plans_of(leader, day))
    area = areas.circle(tuple(mill.position), 60)
    fresh = services.close_road(actor=leader, day=day, area=area, reason="The mill is sealed off")
    changes = fresh.payload["changes"]
    red = [row for row in changes if row["tone"] == "red"]
    assert red and all("No way is left" in row["words"] for row in red)
    assert queries.plans_of(leader, fresh).count() == len(legs) - len(red)
    assert len(red) == 1
    plans[2].refresh_from_db()
    assert plans[2].state == "withdrawn" and "sealed off" in plans[2].reason
    with pytest.raises(Refused, match="has a way left"):
        everywhere = areas.circle(tuple(mill.position), 20_000)
        services.close_road(actor=leader, day=fresh, area=everywhere, reason="Flood")


def test_it_is_work_that_is_told_stopped_and_kept_whole(day, legs, leader):
    area = middle_of(queries.plans_of(leader, day)[0])
    ask = {"actor": leader, "day": day, "area": area, "reason": "Ice"}
    steps = []
    work = services.ask_closure(**ask)
    services.plan_now(work.pk, lambda step, share: steps.append((share, step)))
    work.refresh_from_db()
    assert work.state == "done" and work.day_id and work.kind == "day-closed"
    shares = [share for share, _ in steps]
    assert shares == sorted(shares) and len(steps) > 5
    ask["day"] = queries.day(leader, work.day_id)
    second = services.ask_closure(**ask)

    def stop(step, share):
        if "Exposure" in step:
            RouteWork.objects.filter(pk=second.pk).update(stop=True)

    before = sorted(RoutePlan.objects.values_list("pk", "state"))
    services.plan_now(second.pk, stop)
    second.refresh_from_db()
    assert second.state == "stopped" and RouteDay.objects.count() == 2
    assert sorted(RoutePlan.objects.values_list("pk", "state")) == before


def test_a_day_that_changed_meanwhile_is_not_overwritten(day, legs, leader):
    area = middle_of(queries.plans_of(leader, day)[0])
    wanted = services.route_day_closures.want_closure(
        actor=leader, day=day, area=area, reason="Ice"
    )
    made = wanted.work()
    services.approve_day(actor=leader, day=day)
    with pytest.raises(Conflict, match="changed while") as told:
        services.route_day_closures.keep_closure(actor=leader, wanted=wanted, made=made)
    assert RouteDay.objects.count() == 1
    plans = list(queries.plans_of(leader, day))
    for plan in plans:
        assert f"{plan.payload['leg']}: approved now" in str(told.value)
    wanted = services.route_day_closures.want_closure(
        actor=leader, day=day, area=area, reason="Ice"
    )
    services.draw_route(actor=leader, plan=plans[0])
    services.withdraw_routes(actor=leader, plan=plans[1], reason="Not that way")
    with pytest.raises(Conflict) as told:
        services.route_day_closures.keep_closure(actor=leader, wanted=wanted, made=made)
    assert f"{plans[0].payload['leg']}: drawn now, 1 withdrawn" in str(told.value)


def test_a_leg_planned_alone_and_driven_since_is_history(day, legs, leader, driver):
    plan = services.plan_routes(actor=leader, movement=legs[0])
    services.approve_routes(actor=leader, plan=plan)
    services.draw_route(actor=leader, plan=plan)
    services.release_route(actor=leader, plan=plan, reason="Drill", driver=driver)
    services.report_driven(actor=leader, plan=plan)
    assert legs[0].state == "planned", "nobody moved the leg on the board"
    area = middle_of(queries.plans_of(leader, day)[2])
    fresh = services.close_road(actor=leader, day=day, area=area, reason="A crane")
    plan.refresh_from_db()
    assert plan.state == "driven" and plan.day_id == fresh.pk


def test_a_leg_planned_alone_since_keeps_its_draw(day, legs, leader):
    plan = services.plan_routes(actor=leader, movement=legs[0])
    services.approve_routes(actor=leader, plan=plan)
    services.draw_route(actor=leader, plan=plan)
    area = _crossing(queries.plans_of(leader, day)[2], plan)
    fresh = services.close_road(actor=leader, day=day, area=area, reason="A crane")
    plan.refresh_from_db()
    assert plan.state == "approved" and plan.day_id == fresh.pk


def test_what_cannot_be_closed_is_told(day, legs, leader, driver, operation):
    area = middle_of(queries.plans_of(leader, day)[0])
    close = {"actor": leader, "day": day, "area": area, "reason": "Ice"}
    for wrong, words in (
        ({"reason": " "}, "what is closed"),
        ({"area": "here"}, "no area"),
        ({"area": {"type": "Point", "coordinates": [11, 54]}}, "GeoJSON|area"),
    ):
        with pytest.raises(Refused, match=words):
            services.close_road(**{**close, **wrong})
    with pytest.raises(Denied):
        services.close_road(**{**close, "actor": driver})
    services.close_road(**close)
    with pytest.raises(Conflict, match="planned anew since"):
        services.close_road(**close)
    for leg in legs:
        set_movement_state(actor=leader, movement=leg, state="under_way")
    with pytest.raises(Refused, match=r"still to be driven|driven or on its way"):
        services.close_road(**{**close, "day": queries.days(leader, operation).first()})


def test_a_leg_whose_window_has_begun_leaves_from_now_on(day, legs, leader, monkeypatch):
    starts = legs[0].starts
    monkeypatch.setattr(
        "varangian.travel.services.route_day_closures.now", lambda: starts + timedelta(minutes=20)
    )
    fresh = services.close_road(
        actor=leader, day=day, area=middle_of(queries.plans_of(leader, day)[2]), reason="Ice"
    )
    first = queries.plans_of(leader, fresh)[0]
    assert first.opens_at >= starts + timedelta(minutes=20)


def test_a_road_is_closed_on_the_page_of_the_day(day, legs, leader):
    leader.__dict__.pop("_reach", None)
    desk = factories.signed_in(leader, fresh=True)
    page = f"/travel/routes/days/{day.pk}/"
    assert "A road is closed" in desk.get(page).content.decode()
    shown = desk.get(f"{page}lines.json").json()["features"]
    assert {one["properties"]["title"].split(".")[0] for one in shown} >= {"1", "2", "3"}
    row = queries.plans_of(leader, day)[0].payload["routes"][0]
    lon, lat = row["geometry"][len(row["geometry"]) // 2]
    given = {"reason": "Water main broke", "kind": "circle", "position": "", "radius_m": "40"}
    missing = desk.post(f"{page}close/", given)
    assert missing.status_code == 422 and "Nothing is marked" in missing.content.decode()
    assert "Water main broke" in missing.content.decode(), "nothing typed is lost"
    answer = desk.post(f"{page}close/", {**given, "position": f"{lat}, {lon}"})
    fresh = queries.days(leader).first()
    assert answer.headers["Location"] == f"/travel/routes/days/{fresh.pk}/"
    text = desk.get(answer.headers["Location"]).content.decode()
    assert "Closed: Water main broke" in text and "mixed anew with the others" in text
    old = desk.get(page).content.decode()
    assert "planned anew" in old and f"{page}close/" not in old
    ring = "54.5, 11.0\n54.5, 11.001\n54.501, 11.001"
    outline = {"reason": "A march", "kind": "outline", "ring": ring}
    assert desk.post(f"/travel/routes/days/{fresh.pk}/close/", outline).status_code == 302
    plan = queries.plans_of(leader, queries.days(leader).first())[0]
    leg = desk.get(f"/travel/routes/{plan.pk}/close/").content.decode()
    assert "Plan the whole day anew instead" in leg
    outline["ring"] = "54.5, 11.0"
    short = desk.post(f"/travel/routes/{plan.pk}/close/", outline)
    assert short.status_code == 422 and "3 corners" in short.content.decode()


def test_a_road_is_closed_over_the_api_and_at_the_console(day, legs, leader, operation, capsys):
    row = queries.plans_of(leader, day)[0].payload["routes"][0]
    lon, lat = row["geometry"][len(row["geometry"]) // 2]
    leader.__dict__.pop("_reach", None)
    desk = factories.signed_in(leader, fresh=True)
    body = {"area": areas.circle((lat, lon), 40), "reason": "Ice"}
    at = f"/api/v1/route-days/{day.pk}/close"
    answer = desk.post(at, body, content_type="application/json")
    assert answer.status_code == 202, answer.content
    work = desk.get(f"/api/v1/route-work/{answer.json()['id']}").json()
    made = desk.get(f"/api/v1/route-days/{work['day']}").json()
    assert made["closed"]["reason"] == "Ice" and made["overtakes"] == str(day.pk)
    assert len(made["changes"]) == len(legs) and desk.post(
        at, body, content_type="application/json"
    ).status_code == 409  # fmt: skip
    capsys.readouterr()
    close = ["route", "day-close", operation.slug, "A crane", "--on", f"{day.on}"]
    assert root([*close, "--at", f"{lat},{lon}", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["closed"]["reason"] == "A crane"
    for wrong, words in (([], "Say where"), (["--at", "95,11"], "not on the earth")):
        with pytest.raises(Refused, match=words):
            root([*close, *wrong])
