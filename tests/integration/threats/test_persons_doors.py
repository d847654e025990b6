"""Screens, API and commands of persons of interest."""

import io
import json
import zipfile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import factories
from tests.integration.threats.referred import FROM, GIVEN, NAME, end, refer

from varangian.config.commands import root
from varangian.platform.access.roles import Role
from varangian.platform.access.services import issue_token
from varangian.platform.audit.models import AuditEntry
from varangian.platform.crypto import keys
from varangian.platform.ui import console
from varangian.platform.ui.find import find
from varangian.threats.models import Person
from varangian.threats.queries import persons as queries
from varangian.threats.services import add_source
from varangian.threats.services import persons as services

OPEN = {"purpose": "sighting", "words": "Hotel desk rang"}


@pytest.fixture
def browser(leader):
    return factories.signed_in(leader, fresh=True)


def at(person, part=""):
    return f"/threats/persons/{person.pk}/{part}"


def reads(person):
    rows = AuditEntry.objects.filter(kind="read", record=str(person.pk)).order_by("pk")
    return [row.purpose for row in rows]


def test_nobody_opens_a_file_without_saying_why(browser, person):
    before = browser.get(at(person)).content.decode()
    assert "Why do you open this file" in before and "Eleven letters" not in before
    for part in ("identifiers/", "history/", "looks/", "edit/", "merge/"):
        assert "Why do you open" in browser.get(at(person, part)).content.decode()
    assert browser.get(at(person, "images/1/")).status_code == 422
    browser.post(at(person, "open/"), OPEN)
    assert "Eleven letters" in browser.get(at(person)).content.decode()
    assert reads(person) == ["Check a sighting or a contact: Hotel desk rang"]
    assert "Hotel desk rang" in browser.get(at(person, "looks/")).content.decode()


def test_a_purpose_that_is_not_known_opens_nothing(browser, person):
    assert browser.post(at(person, "open/"), {"purpose": "curious"}).status_code == 404
    assert "Why do you open" in browser.get(at(person)).content.decode()


def test_the_whole_file_on_screen(browser, person, desk, operation, leader):
    other = refer(desk, operation, name="Grey coat")
    browser.post(at(person, "open/"), OPEN)
    browser.post(at(other, "open/"), OPEN)
    fact = {"kind": "alias", "value": "Pen man", **FROM}
    assert browser.post(at(person, "add/fact/"), fact).status_code == 302
    browser.post(at(other, "add/fact/"), fact)
    picture = io.BytesIO(factories.picture())
    picture.name = "door.png"
    sent = {"picture": picture, "caption": "Doorbell", "taken_on": "2026-05-01", **FROM}
    assert browser.post(at(person, "add/image/"), sent).status_code == 302
    order = {"kind": "no_contact", "court": "Invented", "issued_on": "2026-01-01"}
    order |= {"conditions": "Stays away", **FROM}
    assert browser.post(at(person, "add/order/"), order).status_code == 302
    tie = {"other": str(other.pk), "kind": "friend", **FROM}
    assert browser.post(at(person, "add/tie/"), tie).status_code == 302
    assert browser.post(at(person, "add/fact/"), {"kind": "alias"}).status_code == 422
    assert browser.post(at(person, "add/shoe/"), fact).status_code == 422
    shown = browser.get(at(person)).content.decode()
    for words in ("shares the alias", "Doorbell", "end not known", "Friend", "P2 Grey coat"):
        assert words in shown, words
    assert browser.get(at(person, "images/1/?small")).headers["Content-Type"] == "image/jpeg"
    listed = browser.get(at(person, "identifiers/")).content.decode()
    assert "Pen man" in listed and "Withdraw" in listed
    made = queries.facts(leader, person).get()
    given = {"kind": "fact", "record": str(made.pk), "reason": "Misheard"}
    assert browser.post(at(person, "withdraw/"), given).status_code == 302
    assert "Misheard" in browser.get(at(person, "identifiers/")).content.decode()


def test_it_is_referred_changed_moved_and_merged_on_screen(browser, desk, operation, leader):
    contract = operation.engagement
    form = {**GIVEN, "reviewer": str(desk["operator"].pk), "name": "unknown, grey coat"}
    form["identified"] = ""
    answer = browser.post(f"/threats/persons/of/{contract.slug}/new/", form)
    assert answer.status_code == 302, answer.content.decode()
    lacking = {**form, "purpose": ""}
    answer = browser.post(f"/threats/persons/of/{contract.slug}/new/", lacking)
    assert answer.status_code == 422
    made = queries.persons(leader).get()
    browser.post(at(made, "open/"), OPEN)
    assert browser.post(at(made, "edit/"), {**form, "name": "Grey coat"}).status_code == 302
    moved = browser.post(at(made, "move/"), {"state": "triaged", "reason": "Read twice"})
    assert moved.status_code == 302
    assert browser.post(at(made, "move/"), {"state": "managed", "reason": "x"}).status_code == 422
    other = refer(desk, operation, name="Second")
    asked = browser.get(at(made, f"merge/?other={other.pk}")).content.decode()
    assert "Second" in asked and "They are one person" in asked
    given = {"other": str(other.pk), "reason": "The same coat"}
    assert browser.post(at(made, "merge/"), given).status_code == 302
    assert "Together with" in browser.get(at(made)).content.decode()
    browser.post(at(other, "open/"), OPEN)
    assert "Undo the merge" in browser.get(at(other, "history/")).content.decode()
    assert browser.post(at(other, "unmerge/"), {"reason": "Two coats"}).status_code == 302
    assert "Two coats" in browser.get(at(made, "history/")).content.decode()


def test_a_card_and_a_threat_from_the_screen(browser, person, desk, operation, leader):
    reviewer = factories.member(operation, Role.OPERATOR, desk["operator"])
    threat = add_source(actor=leader, operation=operation, title="Letters")
    browser.post(at(person, "open/"), OPEN)
    assert operation.slug in browser.get(at(person, "card/")).content.decode()
    address = f"/threats/bolo/of/{operation.slug}/new/?kind=person&person={person.pk}"
    shown = browser.get(address).content.decode()
    assert "Filled in from the file" in shown and f'value="{NAME}"' in shown
    form = {
        "title": NAME, "why": "Came twice", "drill": "observe_report", "tell": "Desk",
        "legal_basis": "legitimate_interests", "purpose": "p", "proportionality": "q",
        "reviewer": str(reviewer.pk), "f-hair": "Grey",
    }  # fmt: skip
    assert browser.post(address, form).status_code == 302
    card = queries.cards(leader, person).get()
    assert "Person P1" in browser.get(f"/threats/bolo/{card.pk}/").content.decode()
    assert browser.post(at(person, "threat/"), {"threat": str(threat.pk)}).status_code == 302
    assert "Take it out" in browser.get(at(person, "threat/")).content.decode()
    assert "P1 Rufus" in browser.get(f"/threats/sources/{threat.pk}/").content.decode()
    assert browser.post(at(person, "card/"), {"card": "x"}).status_code == 422


def test_what_has_run_out_shows_a_question_and_no_name(person, desk, leader):
    end(person)
    for who in (leader, desk["analyst"]):
        shown = factories.signed_in(who).get(at(person)).content.decode()
        assert "closed to reading" in shown and NAME not in shown and "To notice" not in shown
    reviewer = factories.signed_in(desk["operator"])
    assert "To notice an approach" in reviewer.get(at(person)).content.decode()
    shown = reviewer.get("/threats/persons/?view=due").content.decode()
    assert "closed to reading" in shown and NAME not in shown
    assert reviewer.post(at(person, "review/"), {"words": "Still needed"}).status_code == 302
    person.refresh_from_db()
    assert person.readable


def test_it_is_handed_out_and_erased_on_screen(browser, person, leader):
    answer = browser.get(at(person, "held.zip"))
    assert "held.pdf" in zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert "This cannot be taken back" in browser.get(at(person, "erase/")).content.decode()
    assert browser.post(at(person, "erase/"), {"reason": ""}).status_code == 422
    assert browser.post(at(person, "erase/"), {"reason": "Asked for it"}).status_code == 302
    shown = browser.get(at(person)).content.decode()
    assert NAME not in shown and "was destroyed" in shown
    assert NAME not in browser.get("/threats/persons/?view=all").content.decode()


def test_a_long_list_asks_no_more_than_a_short_one(browser, person, desk, operation):
    def asked():
        keys.forget_open_keys()
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert browser.get("/threats/persons/").status_code == 200
        return len(found)

    asked()
    short = asked()
    for number in range(8):
        refer(desk, operation, name=f"Somebody {number}")
    assert asked() == short


def test_the_list_is_filtered_and_found_by_alias_for_the_desk_only(
    browser,
    person,
    desk,
    leader,
    operation,
):
    services.add_fact(actor=leader, person=person, kind="alias", value="Pen man", **FROM)
    refer(desk, operation, name="Somebody else")
    shown = browser.get("/threats/persons/?q=pen+m").content.decode()
    assert NAME in shown and "Somebody else" not in shown
    assert NAME not in browser.get("/threats/persons/?state=managed").content.decode()
    groups = {finder.name: hits for finder, hits in find(leader, "pen man")}
    assert groups["persons"][0].caption == f"P1 {NAME}"
    assert "persons" not in {finder.name for finder, _ in find(desk["driver"], "pen man")}
    assert reads(person)[-1] == "name found"


def test_the_api_does_the_same_job(person, desk, operation, leader):
    _, secret = issue_token(user=leader, label="t", writes=True)
    client = Client(headers={"authorization": f"Bearer {secret}"})
    base = f"/api/v1/persons/{person.pk}"

    def post(path, body, status=200):
        answer = client.post(path, json.dumps(body), content_type="application/json")
        assert answer.status_code == status, answer.content
        return answer.json()

    new = {**GIVEN, "name": "Second", "reviewer": desk["operator"].email}
    made = post(f"/api/v1/engagements/{operation.engagement.slug}/persons", new, 201)
    assert made["serial"] == "P2" and made["state"] == "referred"
    assert post(f"{base}/moves", {"state": "triaged", "reason": "r"})["state"] == "triaged"
    fact = {"kind": "alias", "value": "Pen man", **FROM}
    post(f"{base}/facts", fact, 201)
    shared = post(f"/api/v1/persons/{made['id']}/facts", fact, 201)
    assert shared["shared_with"] == ["P1"]
    shown = client.get(f"{base}?purpose=drill").json()
    assert shown["name"] == NAME and shown["shares"][0]["person"] == "P2"
    assert reads(person)[-1] == "over the API: drill"
    tie = {"other": made["id"], "kind": "friend", **FROM}
    assert post(f"{base}/ties", tie, 201)["with"] == "P2"
    order = {"kind": "bail", "court": "c", "issued_on": "2026-01-01", "conditions": "x", **FROM}
    post(f"{base}/court-orders", order, 201)
    merged = post(f"{base}/merge", {"other": made["id"], "reason": "Same"})
    assert merged["kept"] == "P1"
    assert post(f"/api/v1/persons/{made['id']}/unmerge", {"reason": "Two"})["merged_into"] is None
    assert client.get(f"{base}/card").json()["title"] == f"{NAME} (Pen man)"
    assert client.get(f"{base}/held").json()["person"] == "P1"
    assert client.get(f"{base}/history").json()["count"] >= 4
    assert client.get(f"{base}/looks").json()["items"]
    change = client.patch(base, json.dumps({"name": "R. Quill"}), content_type="application/json")
    assert change.json()["name"] == "R. Quill"
    assert post(f"{base}/erase", {"reason": "Asked"})["closed_to_reading"]
    assert client.get(base).json()["name"] is None


@pytest.fixture
def run(leader, capsys):
    def ran(*words):
        try:
            assert root(["--as", leader.email, "persons", *words]) == 0
        finally:
            console.act_for("")
        return capsys.readouterr().out

    return ran


def test_the_commands_do_the_same_job(run, desk, operation, leader, tmp_path):
    contract = operation.engagement.slug
    made = json.loads(run(
        "add", contract, "unknown, grey coat", "--concern", "Waited twice", "--legal-basis",
        "legitimate_interests", "--purpose", "p", "--proportionality", "q", "--reviewer",
        desk["operator"].email, "--json",
    ))  # fmt: skip
    assert made["serial"] == "P1" and not made["identified"]
    run("move", contract, "P1", "triaged", "--reason", "Read")
    refer(desk, operation, name="Second")
    for serial in ("P1", "P2"):
        out = run("note", contract, serial, "vehicle", "ABC-123", "--source", "Guard",
                  "--grade", "B2", "--json")  # fmt: skip
    assert json.loads(out)["shared_with"] == ["P1"]
    run("merge", contract, "P1", "P2", "--reason", "Same car")
    assert json.loads(run("show", contract, "P1", "--json"))["folded"] == ["P2"]
    run("unmerge", contract, "P2", "--reason", "Hired car")
    rows = json.loads(run("list", contract, "--find", "abc", "--json"))
    assert {row["serial"] for row in rows} == {"P1", "P2"}
    factories.member(operation, Role.OPERATOR, desk["operator"])
    card = json.loads(run("bolo", contract, "P1", operation.slug, "--tell", "Desk", "--json"))
    assert card["title"] == "unknown, grey coat"
    out = tmp_path / "held.zip"
    run("export", contract, "P1", str(out))
    assert zipfile.is_zipfile(out) and out.stat().st_size > 1000
    assert "triaged" in run("history", contract, "P1", "--json")
    run("erase", contract, "P1", "--reason", "Asked", "--yes")
    assert Person.objects.get(serial=1).state == "erased"
