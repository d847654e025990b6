"""The advance: an officer on a phone, a leader who signs, an operation that asks again."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from tests.acceptance.browser import PHONE, sit_down
from tests.acceptance.material import START, calendar
from tests.factories import picture

from varangian.kernel.clock import now

LEADER, OFFICER = "advance-leader@example.org", "advance-officer@example.org"
THUMB = 56


@pytest.fixture(scope="module")
def team(house, browser, tmp_path_factory):
    """An operation with a hotel that nobody has surveyed, and an officer who holds the advance."""
    for email, name in ((LEADER, "Ingrid Falk"), (OFFICER, "Leo Marchetti")):
        house.cli("user", "create", email, name)
    house.cli("engagement", "create", "Advance client", "--slug", "advance", actor=LEADER)
    house.cli(
        *("principal", "create", "OTTER", "--engagement", "advance", "--slug", "otter"),
        actor=LEADER,
    )
    file = tmp_path_factory.mktemp("advance") / "day.ics"
    file.write_bytes(calendar())
    house.cli(*("operation", "import", str(file), "--principal", "otter", "--accept"), actor=LEADER)
    slug = house.cli("operation", "list", actor=LEADER)[0]["slug"]
    house.cli("member", "add", slug, OFFICER, "officer", actor=LEADER)
    house.cli("post", "add", slug, "sap", "--holder", OFFICER, actor=LEADER)
    rows = house.cli("place", "list", actor=LEADER)
    hotel = next(row["id"] for row in rows if row["name"].startswith("Hotel Aurora"))
    house.cli("place", "kind", hotel, "hotel", actor=LEADER)
    return SimpleNamespace(
        house=house,
        slug=slug,
        hotel=hotel,
        survey=f"/places/{hotel}/survey/",
        leader=sit_down(browser, house, LEADER),
        officer=sit_down(browser, house, OFFICER, size=PHONE),
    )


def test_1_an_officer_fills_the_survey_on_a_phone(team):
    page = team.officer.go(f"/places/{team.hotel}/")
    page.get_by_role("link", name="Survey").click()
    page.get_by_text("0 of 42 known").first.wait_for()
    section = page.locator("#arrival")
    section.locator("summary").first.click()
    section.get_by_label(re.compile("Main entrance$")).fill("North door, two steps")
    section.get_by_label(re.compile("Door to lift$")).fill("40")
    chosen = {"name": "kerb.png", "mimeType": "image/png", "buffer": picture((900, 600))}
    section.get_by_label("Add Main entrance from the kerb").set_input_files(chosen)
    keep = section.get_by_role("button", name="Keep this section")
    assert keep.bounding_box()["height"] >= THUMB
    keep.click()
    page.get_by_text("Kept: 2 answers, 1 picture.").wait_for()
    shown = page.locator("#arrival img").first
    shown.scroll_into_view_if_needed()
    page.wait_for_function(
        "one => one.complete && one.naturalWidth > 100", arg=shown.element_handle()
    )
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    team.officer.assert_clean()


def test_1_a_sketch_is_drawn_with_a_finger_and_kept(team):
    page = team.officer.go(f"{team.survey}?open=room")
    section = page.locator("#room")
    section.get_by_role("button", name="Draw it here").first.click()
    sheet = page.locator("dialog[open] canvas")
    box = sheet.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 20, box["y"] + box["height"] - 20, steps=5)
    page.mouse.up()
    page.locator("dialog[open]").get_by_role("button", name="Keep the sketch").click()
    section.get_by_role("button", name="Keep this section").click()
    page.get_by_text("1 picture").wait_for()
    shown = page.locator("#room .vg-shot img").last
    shown.scroll_into_view_if_needed()
    dark = """one => { const c = document.createElement("canvas"); c.width = one.naturalWidth;
        c.height = one.naturalHeight; const p = c.getContext("2d"); p.drawImage(one, 0, 0);
        const d = p.getImageData(c.width / 2 - 12, c.height / 2 - 12, 24, 24).data;
        return Math.min(...d.filter((_, n) => n % 4 === 0)); }"""
    page.wait_for_function(
        "one => one.complete && one.naturalWidth > 100", arg=shown.element_handle()
    )
    assert shown.evaluate(dark) < 90, "the stroke crosses the middle"
    team.officer.assert_clean()


def test_2_what_was_typed_survives_and_what_is_refused_says_why(team):
    page = team.officer.go(f"{team.survey}?open=arrival")
    page.locator("#arrival").get_by_label(re.compile("Stash car$")).fill("Bay 3, keys in it")
    page.goto(team.officer.base + f"/places/{team.hotel}/")
    page.go_back()
    field = page.locator("#arrival").get_by_label(re.compile("Stash car$"))
    field.wait_for()
    assert field.input_value() == "Bay 3, keys in it", "a draft is kept"
    page.locator("#f-walk_to_lift summary").first.click()
    page.locator("#arrival").get_by_label(re.compile("Door to lift$")).fill("soon")
    page.locator("#arrival").get_by_role("button", name="Keep this section").click()
    page.get_by_text("The answer is a number").wait_for()
    assert fact(team, "stash_car")["answer"] == "Bay 3, keys in it", "the others are kept"
    team.officer.faults.clear()  # the refusal itself is an answer of 422
    page.locator("#arrival").get_by_label(re.compile("Door to lift$")).fill("45")
    page.locator("#arrival").get_by_role("button", name="Keep this section").click()
    page.get_by_text("Kept: 1 answer.").wait_for()
    team.officer.assert_clean()


def fact(team, item: str):
    rows = team.house.cli("survey", "show", team.hotel)["facts"]
    return next(row for row in rows if row["item"] == item)


def test_3_two_people_differ_and_the_leader_settles(team):
    team.house.cli("survey", "answer", team.hotel, "main_entrance", "South door", actor=LEADER)
    page = team.leader.go(f"{team.survey}?only=verify")
    row = page.locator("#f-main_entrance")
    row.get_by_text("North door, two steps").wait_for()
    row.get_by_text("South door").wait_for()
    row.get_by_label("How you know which is so").fill("Asked the manager")
    row.get_by_role("button", name="This is so").first.click()
    page.get_by_text("Kept: one dispute settled.").wait_for()
    assert fact(team, "main_entrance")["answer"] == "North door, two steps"
    team.leader.assert_clean()


def test_4_the_leader_signs_with_recorded_gaps(team):
    page = team.leader.go(team.survey)
    page.get_by_role("link", name="Sign a version").click()
    gaps = page.locator("input[name^=gap-]")
    assert gaps.count() > 5
    page.get_by_label(re.compile("Alternate entrance.*no photo")).first.wait_for()
    assert not page.get_by_label(re.compile("Sketch of the floor")).count()
    for index in range(gaps.count()):
        gaps.nth(index).fill("Second visit on the day")
    page.get_by_role("button", name="Sign", exact=True).click()
    page.wait_for_url(re.compile("/versions/1/$"))
    page.get_by_text("Signed by Ingrid Falk").wait_for()
    page.get_by_text("with gaps").first.wait_for()
    team.house.cli("survey", "answer", team.hotel, "stairs", "A is closed", actor=OFFICER)
    page = team.leader.go(f"{team.survey}compare/?first=1&second=now")
    page.get_by_text("A is closed").wait_for()
    page = team.leader.go(team.survey)
    with page.expect_download() as download:
        page.get_by_role("link", name="Print").click()
    assert download.value.path().read_bytes()[:5] == b"%PDF-"
    team.leader.assert_clean()


def test_5_the_operation_asks_again_before_the_leg(team):
    """Sixty days later by its answers: people and times have run out."""
    old = (now() - timedelta(days=61)).strftime("%Y-%m-%dT%H:%M:%S")
    for item, value in (("manager", "Mrs Lind"), ("police_minutes", "7"), ("lift_key", "Desk")):
        line = ("survey", "answer", team.hotel, item, value, "--seen", old)
        team.house.cli(*line, actor=OFFICER)
    page = team.leader.go(f"/planning/{team.slug}/advance/")
    page.get_by_role("button", name="Task the advance").click()
    page.locator("dialog[open]").get_by_role("button", name="Make the tasks").click()
    page.get_by_text(re.compile(r"re-verify 3 of 42")).first.wait_for()
    assert now() < START, "the leg is still to come"
    phone = team.officer.go(f"/planning/{team.slug}/advance/")
    task = phone.get_by_role("listitem").filter(has_text="Duty manager").first
    task.get_by_text("Leo Marchetti").first.wait_for()
    button = task.get_by_role("button", name="Still so")
    assert button.bounding_box()["height"] >= THUMB
    button.click()
    phone.get_by_text(re.compile("Duty manager.*done by Leo Marchetti")).wait_for()
    page.get_by_text(re.compile(r"re-verify 2 of 42")).first.wait_for(timeout=45_000)
    team.officer.assert_clean()
    team.leader.assert_clean()
