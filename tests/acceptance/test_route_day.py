"""A whole day of routes in the browser: planned, approved, drawn, and planned anew round a closed
road that is drawn on the map. What stays, what is void and what is new is told leg by leg."""

import json
import re
from types import SimpleNamespace

import pytest
from playwright.sync_api import TimeoutError, expect
from tests.acceptance.browser import DESK, PHONE, sit_down

LEADER, OFFICER = "leader@varangian.invalid", "ppo@varangian.invalid"
SIDEWAYS = "document.documentElement.scrollWidth - innerWidth"
PLANNING = 120_000
"""Milliseconds in which a worker that others keep busy has planned a day."""


@pytest.fixture(scope="module")
def desk(worked_house, browser, slug):
    leader = sit_down(browser, worked_house, LEADER)
    return SimpleNamespace(house=worked_house, slug=slug, leader=leader, day="", browser=browser)


def planned(page) -> str:
    """The page of the day, once the worker has it."""
    try:
        page.wait_for_url(re.compile("/travel/routes/days/[0-9a-f-]+/$"), timeout=PLANNING)
    except TimeoutError:
        raise AssertionError(page.locator("main").inner_text()) from None
    return page.url


def test_1_the_day_is_planned_approved_and_drawn(desk):
    page = desk.leader.go(f"/travel/routes/of/{desk.slug}/")
    page.get_by_role("button", name="Plan a whole day").click()
    page.locator("#day-on").select_option(index=0)
    page.get_by_role("button", name="Plan", exact=True).click()
    desk.day = planned(page)
    page.get_by_role("button", name="Approve all legs").click()
    page.get_by_role("button", name="Draw and seal the day").click()
    page.locator("tbody").get_by_text("sealed", exact=True).first.wait_for()
    expect(page.locator("tbody tr")).not_to_have_count(0)
    desk.leader.assert_clean()


def test_2_a_closed_road_is_drawn_and_the_rest_of_the_day_is_mixed_anew(desk):
    page = desk.leader.page
    lines = page.request.get(f"{desk.day}lines.json").json()["features"]
    ways = [one for one in lines if one["properties"]["kind"] == "route"]
    road = ways[0]["geometry"]["coordinates"]
    lon, lat = road[len(road) // 2]
    page.get_by_role("link", name="A road is closed").click()
    page.locator("[name=reason]").fill("Water main broke, police")
    page.locator("[name=position]").fill(f"{lat:.6f}, {lon:.6f}")
    page.locator("[name=radius_m]").fill("40")
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        assert page.evaluate(SIDEWAYS) <= 0, f"scrolls sideways at {size['width']}"
    page.get_by_role("button", name="Plan the day anew").click()
    fresh = planned(page)
    assert fresh != desk.day
    page.get_by_text("Closed: Water main broke, police").wait_for()
    assert page.locator(".vr-closed li").count() > 0
    shown = page.request.get(f"{fresh}lines.json").json()["features"]
    assert not near(shown, lat, lon, 35), "a new route leads through the closed place"
    page.goto(desk.day)
    page.get_by_text("This day was planned anew").wait_for()
    desk.leader.assert_clean()


def test_3_who_is_not_of_the_legs_knows_of_no_day(desk):
    officer = sit_down(desk.browser, desk.house, OFFICER)
    assert officer.page.request.get(desk.day).status == 404
    assert officer.page.request.get(f"{desk.day}lines.json").status == 404


def near(features: list, lat: float, lon: float, metres: float) -> list:
    """Corners of routes within so many metres."""
    east, north = 55_800, 111_300
    return [
        json.dumps(point)
        for one in features
        if one["properties"]["kind"] == "route"
        for point in one["geometry"]["coordinates"]
        if ((point[0] - lon) * east) ** 2 + ((point[1] - lat) * north) ** 2 < metres**2
    ]
