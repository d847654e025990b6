"""One car at three places over two days, from phones: a pattern, a verdict, the detail is asked."""

import os
import re
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.acceptance.browser import DESK, PHONE, sit_down
from tests.acceptance.field import Officer
from tests.acceptance.test_screens import KEPT, SET_THEME, SIDEWAYS, keep, serious
from tests.stack import until

LEADER, OFFICER = "leader@varangian.invalid", "second@varangian.invalid"
MET = (
    (26, (60.1702, 24.9410), "Grey van, driver stays in"),
    (4, (60.1990, 24.9330), "The grey van again, engine on"),
    (2, (60.1580, 24.8790), "Grey van, looks at the door"),
)
"""Hours ago, where, words."""
KEPT |= {"patterns-dark-1440", "patterns-dark-390"}
TOLD = re.compile(r"3 sightings at 3 places on [23] days")
"""Of the local calendar: a night lies between the first and the others, or two."""
LOOKED_AT = os.environ.get("VARANGIAN_LOOK_AT", "")


def act(hours: float, place: tuple[float, float], words: str, seq: int) -> dict:
    body = {"what": "vehicle", "plate": "kfz 712", "text": words, "behaviour": "odd"}
    return {
        "key": str(uuid.uuid4()), "kind": "sighting", "seq": seq,
        "at": (datetime.now(UTC) - timedelta(hours=hours)).isoformat(),
        "body": {**body, "operation": "", "position": list(place), "accuracy": 8},
    }  # fmt: skip


def look(page, name: str) -> None:
    keep(page, name)
    if LOOKED_AT:
        page.screenshot(path=Path(LOOKED_AT) / f"{name}.png")


def patterns(house, slug: str) -> list[dict]:
    return [r for r in house.cli("sighting", "patterns", slug) if r["name"] == "KF2712"]


def test_1_three_sightings_from_the_phones_outbox_become_one_pattern(worked_house, slug):
    token = worked_house.cli("token", "create", "phone", "--write", actor=OFFICER)["secret"]
    ports = worked_house.port, worked_house.port + 1
    phone = Officer(worked_house, slug, "Second", OFFICER, token, *ports)
    for seq, (hours, place, words) in enumerate(MET, start=1):
        one = act(hours, place, words, seq)
        one["body"]["operation"] = slug
        phone.queue.append(one)
    assert phone.send(), phone.queue
    (found,) = patterns(worked_house, slug)
    assert found["state"] == "open" and len(found["stops"]) == 3 and found["days"] in (2, 3)


def alerts(house) -> list[dict]:
    rows = house.cli("alert", "list", actor=LEADER)
    return [row for row in rows if row["title"].startswith("Seen again: KF2712, 3 places")]


def test_2_the_detail_is_asked_and_the_desk_sees_why(worked_house, browser, slug):
    until(lambda: alerts(worked_house), 90)
    seat = sit_down(browser, worked_house, LEADER, size=DESK)
    page = seat.go(f"/operations/{slug}/patterns/")
    page.get_by_text(TOLD).wait_for()
    page.locator("#pattern-map[data-drawn], #pattern-map canvas").first.wait_for()
    page.wait_for_load_state("networkidle")
    for theme in ("light", "dark"):
        page.evaluate(SET_THEME, theme)
        page.wait_for_timeout(600)
        look(page, f"patterns-{theme}-1440")
        assert not serious(page, all_rules=theme == "dark")
    assert page.evaluate(SIDEWAYS) <= 0
    seat.assert_clean()
    seat.context.close()


def test_3_a_person_confirms_it_on_a_phone_and_the_alert_is_urgent(worked_house, browser, slug):
    seat = sit_down(browser, worked_house, LEADER, size=PHONE)
    page = seat.go(f"/operations/{slug}/patterns/")
    page.get_by_text(TOLD).wait_for()
    for theme in ("light", "dark"):
        page.evaluate(SET_THEME, theme)
        page.wait_for_timeout(300)
        look(page, f"patterns-{theme}-390")
        assert not serious(page, all_rules=theme == "dark")
    assert page.evaluate(SIDEWAYS) <= 0
    page.get_by_label("Why, for who reads it later").first.fill("Same driver at all three")
    page.get_by_role("button", name="Follow it up").first.click()
    page.get_by_text("followed up").first.wait_for()
    assert [row["state"] for row in patterns(worked_house, slug)] == ["confirmed"]
    assert "now" in {row["urgency"] for row in alerts(worked_house)}
    seat.assert_clean()
    seat.context.close()


def test_4_it_stands_in_the_log(worked_house, slug):
    rows = worked_house.cli("log", "list", slug, actor=LEADER)
    assert any("Seen too often to be chance: KF2712" in str(row) for row in rows)
