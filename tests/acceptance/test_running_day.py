"""A day of twelve in real processes: phones, trackers, two TAK clients, one of them pytak.

A link is cut, there is a call for help, a missed check call and an incident with a roll call. It
ends with its log."""

import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.acceptance.browser import sit_down
from tests.acceptance.field import Link, Officer
from tests.acceptance.house import House
from tests.acceptance.pytak_radio import PytakRadio
from tests.acceptance.tak import Phone
from tests.seed import furnish
from tests.stack import free_ports, patience, team, until

POST = "Personal protection officer"
NAMES = ("Ada", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gus", "Hal", "Ida", "Jo", "Kit", "Lou")


@pytest.fixture(scope="module")
def day(tmp_path_factory) -> Iterator[SimpleNamespace]:
    """Nobody starts from anything but the command line, as a house is set up."""
    ports = ",".join(str(free_ports()) for _ in range(3))
    home = furnish(tmp_path_factory.mktemp("day"))
    stack = House(home, VARANGIAN_TAK="127.0.0.1", VARANGIAN_TAK_PORTS=ports)
    try:
        stack.start()
        found = muster_up(stack, tmp_path_factory)
        yield found
        found.link.end()
        found.radios[1].end()
        assert stack.stop() == 0
        stack.assert_gone()
    finally:
        stack.kill()


def muster_up(stack: House, tmp_path_factory: Any) -> SimpleNamespace:
    who = team(stack)
    operation, leader = who.operation, who.leader
    stack.cli("user", "create", "desk@example.org", "Dora Desk")
    stack.cli("member", "add", operation, "desk@example.org", "operator", actor=leader)
    stack.cli("post", "add", operation, "ppo", actor=leader)
    link = Link(stack.port), Link(stack.port + 1)
    officers = []
    for number, name in enumerate(NAMES):
        email = f"{name.lower()}@example.org"
        stack.cli("user", "create", email, f"{name} Officer")
        stack.cli("member", "add", operation, email, "officer", actor=leader)
        token = stack.cli("token", "create", "phone", "--write", actor=email)["secret"]
        cut = number in (0, 1, 2)
        web, live = (link[0].port, link[1].port) if cut else (stack.port, stack.port + 1)
        officers.append(Officer(stack, operation, name, email, token, web, live))
    for one in officers[:8]:
        told = stack.cli(
            "device", "enrol", operation, one.name, "--kind", "owntracks", "--person", one.email,
            "--period", "1", actor=leader,
        )  # fmt: skip
        one.tracker = "/ingest/" + told["url"].rsplit("/ingest/", 1)[1]
    kit = tak_client(stack, tmp_path_factory, who, officers[10], Phone)
    kit.connect().say()
    radios = kit, tak_client(stack, tmp_path_factory, who, officers[11], PytakRadio)
    both = SimpleNamespace(cut=lambda: [one.cut() for one in link],
                           restore=lambda: [one.restore() for one in link],
                           end=lambda: [one.end() for one in link])  # fmt: skip
    return SimpleNamespace(
        stack=stack, team=who, slug=operation, leader=leader, officers=officers, radios=radios,
        link=both, desk="desk@example.org", presses=[],
    )  # fmt: skip


def tak_client(stack: House, tmp_path_factory: Any, who: Any, officer: Officer, make: Any) -> Any:
    ports = [int(port) for port in stack.environment["VARANGIAN_TAK_PORTS"].split(",")]
    folder = tmp_path_factory.mktemp(officer.name)
    told = stack.cli("tak", "add", who.operation, "--person", officer.email, actor=who.leader)
    done = stack.run("--as", who.leader, "tak", "package", told["id"], "--out", str(folder))
    assert done.code == 0, done.err
    return make(folder, ports, f"ANDROID-{officer.name}", officer.name.upper())


def log_of(day: SimpleNamespace) -> list[str]:
    rows = day.stack.cli("log", "list", day.slug, "--limit", "500", actor=day.leader)
    return [row["event"] for row in sorted(rows, key=lambda row: row["serial"])]


def test_twelve_take_up_duty_and_all_are_on_the_map(day) -> None:
    (post,) = day.stack.cli("post", "list", day.slug, actor=day.leader)
    for one in day.officers:
        given = {"post": post["id"]} if one.name == "Ada" else {}
        one.does("duty_start", operation=day.slug, **given)
        one.does("status", status="on_post")
    rows = day.stack.cli("duty", "list", day.slug, actor=day.leader)
    assert len(rows) == 12
    found = until(lambda: len(positions(day)) == 10 and positions(day))
    carried = [*day.officers[:8], *day.officers[10:]]
    assert {row["person"] for row in found} == {one.email for one in carried}


def positions(day: SimpleNamespace) -> list[dict[str, Any]]:
    """All say where they are; one that speaks in whole seconds may still be before its duty."""
    for one in day.officers[:8]:
        assert one.walks()
    for radio in day.radios:
        radio.say()
    rows = day.stack.cli("device", "list", day.slug, actor=day.leader)
    return [row for row in rows if row["last"]]


def test_what_was_done_behind_a_cut_link_arrives_once_and_in_order(day) -> None:
    ada, ben, cleo = day.officers[:3]
    day.link.cut()
    for one in (ada, ben, cleo):
        one.does("log", text=f"{one.name}: door closed")
        one.does("status", status="moving")
        one.does("log", text=f"{one.name}: door open")
        assert len(one.queue) == 3 and not one.walks()
    day.officers[5].does("log", text="Finn: all quiet")
    day.link.restore()
    for one in (ada, ben, cleo):
        assert until(one.send)
        assert one.send() and one.walks()
    said = [words for words in log_of(day) if "door" in words]
    for one in (ada, ben, cleo):
        mine = [words for words in said if words.startswith(one.name)]
        assert mine == [f"{one.name}: door closed", f"{one.name}: door open"]


def test_a_press_reaches_the_desk_and_shows_nothing_to_the_sender(day, browser) -> None:
    """The sender's phone hangs on the link that is cut in the moment of the press."""
    ben = day.officers[1]
    key = ben.ask("POST", "/api/v1/duress/keys", {"label": "Phone", "kind": "phone"})
    desk = sit_down(browser, day.stack, day.desk)
    sender = sit_down(browser, day.stack, ben.email)
    page, own = desk.go("/"), sender.go("/alerts/")
    for seat in (page, own):
        seat.get_by_text("live", exact=True).first.wait_for()
    before = own.locator("main").inner_text()
    day.link.cut()
    assert not ben.presses(key["path"], "press-1")
    day.link.restore()
    until(lambda: ben.presses(key["path"], "press-1"))
    assert ben.presses(key["path"], "press-1"), "sent twice, heard once"
    expect(page.get_by_text("Duress: ").first).to_be_visible(timeout=patience(10) * 1000)
    assert steady(own.locator("main").inner_text()) == steady(before)
    (call,) = day.stack.cli("duress", "list", actor=day.desk)
    shown = day.stack.cli("duress", "show", call["id"], actor=day.desk)
    assert len(shown["presses"]) == 1
    assert day.stack.cli("duress", "list", actor=ben.email) == []
    day.stack.cli("duress", "end", call["id"], "Seen by the leader, well", actor=day.leader)
    for seat in (desk, sender):
        seat.assert_clean()
        seat.context.close()


def steady(words: str) -> str:
    """Without what the clock changes."""
    return re.sub(r"\d+", "#", words)


def test_pytak_sees_the_others_and_they_see_it(day) -> None:
    """Kit by the stream, Ada by her tracker; Lou says where he is by himself."""
    kit, lou = day.radios
    assert kit.hears(b'callsign="LOU"') and lou.hears(b'callsign="KIT"')
    until(lambda: day.officers[0].walks() and lou.hears(b'callsign="Ada Officer"', 1))
    (row,) = [r for r in day.stack.cli("tak", "list", day.slug) if r["callsign"] == "LOU"]
    assert row["state"] == "connected" and row["client"].startswith("pytak ")


def test_a_radio_that_calls_for_help_is_heard_by_all(day) -> None:
    kit, lou = day.radios
    beacon = f"{kit.uid}-9-1-1"
    kit.say("b-a-o-tbl", '<emergency type="911 Alert">KIT</emergency>', uid=beacon)
    assert lou.hears(b"b-a-o-tbl", patience(5))
    (call,) = until(lambda: day.stack.cli("duress", "list", actor=day.desk))
    day.stack.cli("duress", "end", call["id"], "A fall, unhurt", actor=day.leader)


def test_a_missed_check_call_asks_the_desk_and_a_late_one_ends_it(day) -> None:
    """In a thread: two minutes pass, and the day goes on meanwhile."""
    day.stack.cli("check", "rule", day.slug, "--minutes", "1", "--post", POST, actor=day.leader)
    day.missed = []

    def wait() -> None:
        for _ in range(400):
            rows = day.officers[3].ask("GET", f"/api/v1/operations/{day.slug}/checks")["on_duty"]
            if any(row.get("step") == "called" for row in rows):
                day.missed.append(time.monotonic())
                return
            time.sleep(0.5)

    day.watch = threading.Thread(target=wait, daemon=True)
    day.watch.start()


def test_an_incident_with_a_roll_call(day) -> None:
    stack, slug, leader = day.stack, day.slug, day.leader
    words = ("incident", "report", slug, "Smoke in the lobby", "--kind", "fire")
    made = stack.cli(*words, actor=leader)
    number = str(made["serial"])
    stack.cli("incident", "take", slug, number, actor=leader)
    stack.cli("muster", "call", slug, "Smoke in the lobby", "--rally", "North court", actor=leader)
    (running,) = day.officers[3].ask("GET", f"/api/v1/operations/{slug}/musters")["items"]
    for one in day.officers[:11]:
        one.ask("POST", f"/api/v1/musters/{running['id']}/answer", {"state": "safe"})
    roll = stack.cli("muster", "show", slug, actor=leader)["people"]
    lou = next(row for row in roll if row["name"].startswith("Lou"))
    stack.cli("muster", "enter", slug, str(lou["serial"]), "safe", actor=leader)
    stack.cli("incident", "arrived", slug, number, actor=leader)
    stack.cli("incident", "state", slug, number, "contained", actor=leader)
    stack.cli("muster", "close", slug, "--note", "All counted", actor=leader)
    stack.cli("incident", "state", slug, number, "closed", actor=leader)
    figures = stack.cli("incident", "figures", slug, number, actor=leader)
    assert figures


def test_the_missed_check_call_is_made_late(day) -> None:
    day.watch.join(patience(240))
    assert day.missed, "nobody was asked to call"
    ada = day.officers[0]
    open_alerts = day.stack.cli("alert", "list", actor=day.desk)
    assert any("Ada" in row["title"] for row in open_alerts)
    ada.does("check")
    until(lambda: not [r for r in day.stack.cli("alert", "list", actor=day.desk)
                       if r["source"] == "check_call"])  # fmt: skip
    day.stack.cli("check", "rule", day.slug, "--post", POST, actor=day.leader)


def test_the_day_ends_with_its_log_and_a_whole_chain(day) -> None:
    for one in day.officers:
        one.does("duty_end")
        assert not one.queue
    words = log_of(day)
    told = Counter(kind for line in words for kind in KINDS if re.search(KINDS[kind], line))
    assert told == EXPECTED, "\n".join(words)
    assert day.stack.cli("duty", "list", day.slug, actor=day.leader) == []
    done = day.stack.run("audit", "verify")
    assert done.code == 0, done.err


KINDS = {
    "duty": r" is on duty, ",
    "stood down": r" is off duty",
    "door": r"door (closed|open)$",
    "quiet": r"all quiet$",
    "heard": r", heard \d\d:\d\d:\d\d UTC$",
    "ended": r": ended\. ",
    "late": r"^Check call, .*, late$",
    "asked": r" of \d+: Smoke in the lobby",
    "safe": r"^Roll call 1: .* safe \(",
}
EXPECTED = Counter(
    {"duty": 12, "stood down": 12, "door": 6, "quiet": 1, "heard": 2, "ended": 2}
    | {"late": 1, "asked": 1, "safe": 12}
)
