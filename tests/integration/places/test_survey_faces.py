"""Surveys on screen, over the API and at the command line."""

import json
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfReader
from tests import factories

from varangian.config.commands import root
from varangian.places import services
from varangian.places.queries import surveys
from varangian.platform.access.roles import Role
from varangian.platform.access.services import issue_token
from varangian.platform.audit.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader():
    return factories.person("Lea Leader")


@pytest.fixture
def operation(leader):
    return factories.operation(leader)


@pytest.fixture
def hotel(operation, leader):
    return factories.place(operation.engagement, leader, name="Hotel Invented")


@pytest.fixture
def officer(operation):
    return factories.member(operation, Role.OFFICER, factories.person("Leo Advance"))


@pytest.fixture
def at(hotel):
    return f"/places/{hotel.pk}/survey/"


def send(client, at, section, **fields):
    return client.post(f"{at}sections/{section}/", fields)


def fact(person, place, item="main_entrance"):
    return surveys.survey(person, place).fact(item)


@pytest.mark.parametrize("role", [Role.DETAIL_LEADER, Role.OFFICER, Role.DRIVER, Role.OPERATOR])
def test_the_team_opens_a_survey(operation, hotel, officer, at, role):
    factories.surveyed(hotel, officer)
    user = factories.member(operation, role, factories.member(operation.engagement, role))
    client = factories.signed_in(user)
    page = client.get(at).content.decode()
    assert "42 of 42 known, 0 to re-verify" in page
    assert ("Sign a version" in page) == (role == Role.DETAIL_LEADER)
    assert client.get(f"{at}part/").status_code == 200
    assert "Survey" in client.get(f"/places/{hotel.pk}/").content.decode()


def test_a_client_opens_none(operation, at):
    client = factories.signed_in(factories.member(operation, Role.CLIENT))
    assert client.get(at).status_code == 404


def test_a_section_is_sent_whole_and_only_what_differs_is_an_answer(officer, hotel, at):
    client = factories.signed_in(officer)
    answer = send(
        client,
        at,
        "arrival",
        **{
            "v-main_entrance": "North door",
            "n-main_entrance": "Ice",
            "v-walk_to_lift": "40",
            "v-garage": "",
            "p-main_entrance_photo": SimpleUploadedFile("x.png", factories.picture()),
            "d-main_entrance_photo": "From the kerb",
        },
    )
    assert answer.status_code == 302 and answer.url.endswith("?open=arrival#arrival")
    view = surveys.survey(officer, hotel)
    assert (view.known, view.fact("walk_to_lift").words) == (2, "40 s")
    assert view.sections[1].photos[0].photo.caption == "From the kerb"
    again = {"v-main_entrance": "North door", "n-main_entrance": "Ice", "v-walk_to_lift": "45"}
    send(client, at, "arrival", **again)
    assert len(fact(officer, hotel).history) == 1
    assert len(fact(officer, hotel, "walk_to_lift").history) == 2


def test_still_so_takes_one_tap_and_keeps_what_was_typed_beside_it(officer, hotel, at):
    services.answer_fact(actor=officer, place=hotel, item="main_entrance", value="North door")
    client = factories.signed_in(officer)
    send(client, at, "arrival", **{"still": "main_entrance", "v-stash_car": "Bay 3"})
    assert [row.act for row in fact(officer, hotel).history] == ["still_so", "found"]
    assert fact(officer, hotel, "stash_car").words == "Bay 3"


def test_a_dispute_is_shown_with_both_sides_and_settled_on_screen(
    operation, officer, leader, hotel, at
):
    second = factories.member(operation, Role.OFFICER, factories.person("Boris Second"))
    services.answer_fact(actor=officer, place=hotel, item="main_entrance", value="North door")
    services.answer_fact(actor=second, place=hotel, item="main_entrance", value="South door")
    page = factories.signed_in(leader).get(at).content.decode()
    assert all(words in page for words in ("North door", "South door", "Leo Advance", "disputed"))
    assert "This is so" not in factories.signed_in(officer).get(at).content.decode()
    form = {"settle": "main_entrance:2", "s-main_entrance": "Asked the manager"}
    assert send(factories.signed_in(leader), at, "arrival", **form).status_code == 302
    assert fact(leader, hotel).words == "South door"


def test_what_is_refused_stands_beside_its_field_and_the_rest_is_kept(officer, hotel, at):
    fields = {"v-walk_to_lift": "soon", "v-main_entrance": "North door"}
    answer = send(factories.signed_in(officer), at, "arrival", **fields)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "The answer is a number" in page and 'value="soon"' in page
    assert surveys.survey(officer, hotel).known == 1
    bad = {"p-main_entrance_photo": SimpleUploadedFile("x.png", b"<svg/>")}
    answer = send(factories.signed_in(officer), at, "arrival", **bad)
    assert "not a picture" in answer.content.decode()


def test_pictures_are_shown_to_the_team_only(officer, operation, hotel, at):
    made = services.add_photo(
        actor=officer, place=hotel, item="corridor_photo", data=factories.picture()
    )
    url = f"{at}photos/{made.pk}/"
    answer = factories.signed_in(officer).get(url)
    assert (answer["Content-Type"], answer.content[:3]) == ("image/jpeg", b"\xff\xd8\xff")
    assert "no-store" in answer["Cache-Control"]
    client = factories.member(operation, Role.CLIENT)
    assert factories.signed_in(client).get(url).status_code == 404
    assert factories.signed_in(officer).get(f"{url}original/").status_code == 422, "prove yourself"
    fresh = factories.signed_in(officer, fresh=True).get(f"{url}original/")
    assert fresh.content == factories.picture() and "attachment" in fresh["Content-Disposition"]
    assert AuditEntry.objects.filter(kind="export", record=str(made.pk)).exists()


def test_sign_compare_print(leader, officer, hotel, at):
    factories.surveyed(hotel, officer, skip=("safe_room",))
    client = factories.signed_in(leader, fresh=True)
    page = client.get(f"{at}sign/").content.decode()
    assert "gap-safe_room" in page
    assert client.post(f"{at}sign/", {"note": ""}).status_code == 422
    answer = client.post(f"{at}sign/", {"gap-safe_room": "Refused by the house"})
    assert answer.url == f"{at}versions/1/"
    assert "Refused by the house" in client.get(answer.url).content.decode()
    services.answer_fact(
        actor=officer, place=hotel, item="stairs", value="One is closed", has_changed=True
    )
    page = client.get(f"{at}compare/?first=1&second=now").content.decode()
    assert "One is closed" in page and "1 difference" in page
    for query, words in (("?version=1", "Signed"), ("", "UNSIGNED")):
        pdf = client.get(f"{at}survey.pdf{query}").content
        text = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
        assert words in text and "Main entrance from the kerb" in text
    assert "Refused by the house" in str(surveys.version(leader, hotel, 1).content)


def test_only_waiting_questions(officer, hotel, at):
    factories.surveyed(hotel, officer, days_ago=30)
    client = factories.signed_in(officer)
    page = client.get(f"{at}?only=verify").content.decode()
    assert 'id="room"' in page and 'id="arrival"' not in page
    assert "Every question has an answer" in client.get(f"{at}?only=never").content.decode()


@pytest.fixture
def api(officer):
    return caller(officer)


def caller(user):
    secret = issue_token(user=user, label="tests", writes=True)[1]
    client = Client(headers={"authorization": f"Bearer {secret}"})

    def call(method, path, body=None, **more):
        kind = {"content_type": "application/json"} if body is not None else {}
        data = json.dumps(body) if body is not None else more.pop("data", None)
        return getattr(client, method)(f"/api/v1{path}", data, **kind, **more)

    return call


def test_the_api_does_the_same(api, leader, hotel):
    url = f"/places/{hotel.pk}/survey"
    assert api("get", url).json()["progress"] == "0 of 42 known, 0 to re-verify"
    rows = [{"item": "main_entrance", "value": "North door"}, {"item": "lifts", "value": None}]
    report = api("post", f"{url}/answers", {"answers": rows}).json()
    assert [row["taken"] for row in report] == [True, False]
    shown = api("get", f"{url}/facts/main_entrance").json()
    assert (shown["answer"], shown["verified_by"]) == ("North door", "Leo Advance")
    assert [row["act"] for row in shown["history"]] == ["found"]
    file = SimpleUploadedFile("door.png", factories.picture())
    made = api("post", f"{url}/photos", data={"item": "corridor_photo", "file": file})
    assert made.status_code == 201
    photo = made.json()["id"]
    assert api("get", f"{url}/photos/{photo}/original").content == factories.picture()
    assert api("get", f"{url}/photos").json()["count"] == 1
    assert api("post", f"{url}/versions", {}).status_code == 403
    assert caller(leader)("post", f"{url}/versions", {}).status_code == 422
    gaps = {row["item"]: "Later" for row in api("get", url).json()["gaps"]}
    signed = caller(leader)("post", f"{url}/versions", {"gaps": gaps})
    assert signed.status_code == 201 and signed.json()["complete"] is False
    assert api("get", f"{url}/versions").json()["items"][0]["signed_by"] == "Lea Leader"
    assert api("get", f"{url}/versions/1").json()["content"]["form"] == "hotel"
    api("post", f"{url}/answers", {"answers": [{"item": "lifts", "value": "Two"}]})
    rows = api("get", f"{url}/compare?first=1").json()["rows"]
    assert [(row["item"], row["change"]) for row in rows] == [("lifts", "added")]
    assert api("get", f"{url}/pdf").content[:5] == b"%PDF-"


def run(capsys, *words):
    capsys.readouterr()
    assert root([*words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_command_line_does_the_same(capsys, tmp_path, leader, officer, hotel):
    place, mine = str(hotel.pk), ("--as", officer.email, "survey")
    forms = run(capsys, "survey", "forms")
    assert {row["form"] for row in forms} >= {"hotel", "venue", "route"}
    run(capsys, *mine, "answer", place, "main_entrance", "North door", "--note", "Ice")
    row = run(capsys, *mine, "answer", place, "lifts", "--absent", "--note", "One storey")
    assert row["answer"] == "Does not apply here"
    report = run(capsys, *mine, "still-so", place, "main_entrance", "stairs")
    assert [row["taken"] for row in report] == [True, False]
    assert len(run(capsys, *mine, "history", place, "main_entrance")) == 2
    file = tmp_path / "door.png"
    file.write_bytes(factories.picture())
    run(capsys, *mine, "photo", place, "main_entrance_photo", str(file))
    shown = run(capsys, *mine, "show", place, "--waiting")
    assert shown["known"] == 2 and len(shown["facts"]) == 40
    gaps = [word for gap in shown["gaps"] for word in ("--gap", f"{gap['item']}=Later")]
    run(capsys, "--as", leader.email, "survey", "sign", place, *gaps)
    assert run(capsys, "survey", "versions", place)[0]["number"] == 1
    run(capsys, *mine, "answer", place, "stairs", "A and B")
    assert run(capsys, "survey", "compare", place, "1")["rows"][0]["item"] == "stairs"
    out = tmp_path / "survey.pdf"
    run(capsys, "survey", "print", place, str(out), "--version", "1")
    assert out.read_bytes()[:5] == b"%PDF-"
