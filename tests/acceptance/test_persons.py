"""A person is referred, triaged, taken for another and told apart, looked out for by a card, and
erased so that nothing is left to read. VARANGIAN_SCREENS=1 keeps pictures."""

from types import SimpleNamespace

import pytest
from tests.acceptance.browser import PHONE, sit_down
from tests.acceptance.material import calendar
from tests.acceptance.test_screens import KEPT, SET_THEME, SIDEWAYS, keep, serious

LEADER, ANALYST = "persons-leader@example.org", "persons-analyst@example.org"
REVIEWER = "persons-desk@example.org"
CONTRACT, ALIAS, PLATE = "persons-client", "The Cartographer", "XQV-417"
COAT, KNOWN = "unknown, ochre coat", "Ottoline Vexwood"
KEPT |= {"persons-dark-1440", "person-dark-1440", "person-dark-390"}


@pytest.fixture(scope="module")
def team(house, browser, tmp_path_factory):
    people = {LEADER: "Ingrid Falk", ANALYST: "Ruth Adeyemi", REVIEWER: "Piotr Zielinski"}
    for email, name in people.items():
        house.cli("user", "create", email, name)
    house.cli("engagement", "create", "Persons client", "--slug", CONTRACT, actor=LEADER)
    house.cli(
        *("principal", "create", "IBEX", "--engagement", CONTRACT, "--slug", "persons-ibex"),
        actor=LEADER,
    )
    house.cli("member", "add", CONTRACT, ANALYST, "analyst", actor=LEADER)
    house.cli("member", "add", CONTRACT, REVIEWER, "operator", actor=LEADER)
    file = tmp_path_factory.mktemp("persons") / "day.ics"
    file.write_bytes(calendar())
    asked = ("operation", "import", str(file), "--principal", "persons-ibex", "--accept")
    house.cli(*asked, actor=LEADER)
    slug = house.cli("operation", "list", actor=LEADER)[0]["slug"]
    return SimpleNamespace(
        house=house,
        slug=slug,
        analyst=sit_down(browser, house, ANALYST),
        leader=sit_down(browser, house, LEADER),
    )


def opened(seat, label):
    """The list, the file, and why it is opened."""
    page = seat.go("/threats/persons/?view=all")
    page.locator("tr", has_text=label).get_by_role("link").first.click()
    inside = page.get_by_role("link", name="Identifiers")
    gate = page.get_by_role("button", name="Open the file")
    inside.or_(gate).first.wait_for()
    if gate.is_visible():
        page.get_by_label("Check a sighting or a contact").check()
        gate.click()
    inside.wait_for()
    return page


def noted(page, kind, value, description=""):
    page.get_by_role("link", name="Identifiers").click()
    page.get_by_role("button", name="Identifier", exact=True).click()
    form = page.locator("#add-fact")
    form.get_by_label("Kind").select_option(kind)
    form.get_by_label("What", exact=False).first.fill(value)
    form.get_by_label("Description").fill(description)
    form.get_by_label("Where it comes from").fill("Word of the hotel desk")
    form.get_by_role("button", name="Keep it").click()
    page.get_by_text(value).first.wait_for()


def test_1_a_person_is_referred_and_triaged(team):
    page = team.analyst.go("/threats/")
    page.get_by_role("link", name="Persons of interest").click()
    page.get_by_role("link", name="Refer").click()
    page.get_by_label("Name, or how we call them").fill(COAT)
    page.get_by_label("Why we keep it").fill("Waited at the hotel twice and asked for her")
    page.get_by_label("Purpose").fill("To notice an approach in time")
    page.get_by_label("Legal basis").select_option("legitimate_interests")
    page.get_by_label("Reviewer").select_option(label="Piotr Zielinski")
    page.get_by_label("Proportionality").fill("Only the desk of this contract")
    page.get_by_role("button", name="Refer").click()
    page.get_by_role("button", name="Open the file").click()
    page.get_by_role("button", name="Move").click()
    dialog = page.locator("#move-person")
    dialog.get_by_label("To").select_option("triaged")
    dialog.get_by_label("Why").fill("The desk remembers the coat")
    dialog.get_by_role("button", name="Move it").click()
    page.locator(".vg-head-state", has_text="Triaged").wait_for()


def test_2_an_alias_and_a_vehicle_and_a_second_who_shares_them(team):
    page = opened(team.analyst, COAT)
    noted(page, "alias", ALIAS)
    noted(page, "vehicle", PLATE, "Ochre van")
    team.house.cli(
        *("persons", "add", CONTRACT, KNOWN, "--concern", "Wrote nine letters", "--identified"),
        *("--legal-basis", "legitimate_interests", "--purpose", "To keep letters together"),
        *("--proportionality", "Letters only", "--reviewer", REVIEWER),
        actor=ANALYST,
    )
    made = team.house.cli(
        *("persons", "note", CONTRACT, "P2", "alias", "the cartographer", "--source", "Letter"),
        actor=ANALYST,
    )
    assert made["shared_with"] == ["P1"]
    page.get_by_role("link", name="Overview").click()
    page.get_by_text("shares the alias").wait_for()
    team.analyst.assert_clean()


def test_3_they_are_said_to_be_one_and_told_apart_again(team):
    page = opened(team.analyst, COAT)
    page.get_by_role("link", name="Look at both").click()
    page.get_by_text("Wrote nine letters").wait_for()
    page.get_by_label("What makes them one person").fill("The desk knows the handwriting")
    page.get_by_role("button", name="They are one person").click()
    page.get_by_text("a person has said that they are one").wait_for()
    page = opened(team.analyst, KNOWN)
    page.get_by_role("link", name="History").click()
    page.get_by_label("Why").first.fill("Seen in two towns at once")
    page.get_by_role("button", name="Undo the merge").click()
    page.get_by_role("button", name="Move").wait_for()
    rows = team.house.cli("persons", "list", CONTRACT, actor=ANALYST)
    assert {row["merged_into"] for row in rows} == {None}


def test_4_a_card_is_filled_in_from_the_file(team):
    page = opened(team.leader, COAT)
    page.get_by_role("link", name="Make a BOLO card").click()
    page.get_by_role("link", name="Of the person").first.click()
    page.get_by_text("Filled in from the file").wait_for()
    assert ALIAS in page.get_by_label("Title").input_value()
    assert PLATE in page.get_by_label("Carries, travels with").input_value()
    page.get_by_label("Who to tell").fill("Desk, channel 2")
    page.get_by_role("button", name="Keep the draft").click()
    page.get_by_role("heading", level=1, name="B1").wait_for()
    team.leader.assert_clean()


@pytest.mark.parametrize("size", ["1440", "390"])
def test_5_the_screens_are_in_order(team, browser, size):
    seat = team.leader if size == "1440" else sit_down(browser, team.house, LEADER, size=PHONE)
    page = opened(seat, COAT)
    here = page.url.split("/threats/")[1]
    for name, path in {
        "persons": "persons/",
        "person": here,
        "person-identifiers": f"{here}identifiers/",
        "person-history": f"{here}history/",
        "person-looks": f"{here}looks/",
        "person-edit": f"{here}edit/",
        "person-merge": f"{here}merge/",
        "person-card": f"{here}card/",
        "person-threat": f"{here}threat/",
    }.items():
        page = seat.go(f"/threats/{path}")
        page.get_by_role("heading", level=1).wait_for()
        for theme in ("dark", "light"):
            page.evaluate(SET_THEME, theme)
            page.wait_for_timeout(150)
            keep(page, f"{name}-{theme}-{size}")
            assert not serious(page, all_rules=theme == "dark"), f"{name} {theme} {size}"
        assert page.evaluate(SIDEWAYS) <= 0, name
    seat.assert_clean()


def test_6_erased_leaves_nothing_to_read(team):
    page = opened(team.leader, COAT)
    here = page.url
    page.get_by_role("link", name="Erase").click()
    page.get_by_label("Why").fill("The person asked for it")
    page.get_by_role("button", name="Erase P1").click()
    page.get_by_text("The key of this file was destroyed").wait_for()
    cards = team.house.cli("bolo", "list", team.slug, "--view", "all", actor=LEADER)
    assert cards[0]["state"] == "recalled" and cards[0]["features"] == []
    for address in (here, "/threats/persons/?view=all", f"/threats/bolo/{cards[0]['id']}/"):
        shown = team.leader.go(address.removeprefix(team.leader.base)).content()
        assert not any(words in shown for words in (COAT, ALIAS, PLATE)), address
    shown = team.house.cli("persons", "show", CONTRACT, "P1", actor=LEADER)
    assert shown["name"] is None and shown["facts"] == []
    assert team.house.cli("persons", "list", CONTRACT, "--find", "cartog", actor=LEADER)
