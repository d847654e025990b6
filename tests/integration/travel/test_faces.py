"""Itineraries on screen, over the API and at the console."""

import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests import factories

from varangian.config.commands import root
from varangian.kernel.results import Conflict, NotFound, Refused
from varangian.operations.models import Movement, Operation
from varangian.platform.access.roles import Role
from varangian.platform.access.services import issue_token
from varangian.platform.audit.models import AuditEntry
from varangian.platform.ui import console
from varangian.travel import services
from varangian.travel.models import ItineraryDraft

pytestmark = pytest.mark.django_db
GOOGLE = Path(__file__).parents[2] / "fixtures" / "ical" / "google.ics"


@pytest.fixture(autouse=True)
def nobody_named():
    yield
    console.act_for("")


@pytest.fixture
def leader():
    return factories.person("Lea Leader")


@pytest.fixture
def contract(leader):
    return factories.engagement(leader)


@pytest.fixture
def heron(contract):
    return factories.principal(contract, slug="heron")


@pytest.fixture
def draft(leader, heron):
    made = services.import_itinerary(
        actor=leader, principal=heron, data=GOOGLE.read_bytes(), name="north.ics"
    )
    leader.__dict__.pop("_reach", None)
    return made


def upload(data: bytes = b"", name: str = "north.ics"):
    return SimpleUploadedFile(name, data or GOOGLE.read_bytes(), "text/calendar")


def bearer(user, *, writes: bool = True) -> Client:
    _, secret = issue_token(user=user, label="t", writes=writes)
    return Client(headers={"authorization": f"Bearer {secret}"})


def test_upload_look_accept(leader, heron):
    client = factories.signed_in(leader)
    assert 'enctype="multipart/form-data"' in client.get("/travel/import/").content.decode()
    sent = client.post("/travel/import/", {"file": upload(), "principal": "heron"})
    address = sent["Location"]
    page = client.get(address).content.decode()
    for words in ("Hotel Norrsken", "Board meeting", "unlocated", "Accept"):
        assert words in page, words
    slug = Operation.objects.get().slug
    assert client.get(f"/travel/operations/{slug}/")["Location"] == address
    done = client.post(f"{address}decide/", {"decision": "accept"})
    assert done["Location"] == f"/operations/{slug}/"
    assert Movement.objects.count() > 3
    again = client.post(f"{address}decide/", {"decision": "accept"})
    assert again.status_code == 409 and b"accepted already" in again.content
    assert client.get(address).status_code == 200
    assert (
        b"north" in client.get("/travel/").content or b"version" in client.get("/travel/").content
    )


def test_into_an_operation_and_rejected(leader, contract, heron):
    operation = factories.operation(leader, engagement=contract, principal=heron, slug="day")
    client = factories.signed_in(leader)
    assert client.get("/travel/operations/day/")["Location"] == "/travel/import/day/"
    assert client.get("/travel/import/day/").status_code == 200
    address = client.post("/travel/import/day/", {"file": upload()})["Location"]
    client.post(f"{address}decide/", {"decision": "reject"})
    draft = ItineraryDraft.objects.get()
    assert (draft.operation, draft.state) == (operation, "rejected")
    assert not Movement.objects.exists()


def test_a_decision_that_is_neither_is_refused(leader, draft):
    client = factories.signed_in(leader)
    answer = client.post(f"/travel/drafts/{draft.pk}/decide/", {"decision": "maybe"})
    assert answer.status_code == 422
    draft.refresh_from_db()
    assert draft.state == "proposed"


def test_bad_uploads_are_refused_in_words_and_leave_nothing(leader, heron):
    client = factories.signed_in(leader)
    for sent, words in (
        ({"principal": "heron"}, "Choose a file first"),
        ({"file": upload(), "principal": "nobody"}, "no such principal"),
        ({"file": upload(), "principal": ""}, "principal"),
    ):
        answer = client.post("/travel/import/", sent)
        assert answer.status_code in (404, 422), sent
        assert words in answer.content.decode(), words
    sent = {"file": upload(b"%PDF-1.7"), "principal": "heron"}
    kept = client.post("/travel/import/", sent, follow=True)
    assert "no calendar file, mail or booking" in kept.content.decode()
    assert not Operation.objects.exists()


def test_an_upload_above_the_limit_is_refused(leader, heron, settings):
    settings.MAX_UPLOAD_BYTES = 1000
    client = factories.signed_in(leader)
    answer = client.post("/travel/import/", {"file": upload(b"x" * 5000), "principal": "heron"})
    assert answer.status_code in (400, 413, 422)
    assert not Operation.objects.exists()


@pytest.mark.parametrize("role", Role)
def test_each_role(draft, role):
    client = factories.signed_in(factories.member(draft, role))
    page = client.get(f"/travel/drafts/{draft.pk}/")
    assert page.status_code == 200
    decides = role in (Role.DETAIL_LEADER, Role.OPERATOR)
    assert (b'value="accept"' in page.content) == decides
    answer = client.post(f"/travel/drafts/{draft.pk}/decide/", {"decision": "reject"})
    assert answer.status_code == (302 if decides else 403)
    assert client.get("/travel/").status_code == 200


@pytest.mark.parametrize("fields", [{}, {"is_administrator": True}, {"is_auditor": True}])
def test_strangers(draft, fields):
    client = factories.signed_in(factories.person(**fields))
    base = f"/travel/drafts/{draft.pk}/"
    assert client.get(base).status_code == 404
    assert client.post(f"{base}decide/", {"decision": "accept"}).status_code == 404
    assert client.get(f"/travel/operations/{draft.operation.slug}/").status_code == 404
    refused = client.post("/travel/import/", {"file": upload(), "principal": "heron"})
    assert refused.status_code == 404
    assert b"Norrsken" not in client.get("/travel/").content
    proved = factories.signed_in(factories.person(**fields), fresh=True)
    assert proved.get(f"{base}original/").status_code == 404


def test_the_original_needs_a_fresh_proof_and_is_noted(leader, draft):
    address = f"/travel/drafts/{draft.pk}/original/"
    assert factories.signed_in(leader).get(address).status_code == 422
    answer = factories.signed_in(leader, fresh=True).get(address)
    assert answer.content == GOOGLE.read_bytes()
    assert answer["Content-Type"] == "text/calendar"
    assert "attachment" in answer["Content-Disposition"]
    assert AuditEntry.objects.filter(kind="export", record=str(draft.pk)).exists()


def test_the_page_of_a_changed_file_names_the_posts(leader, draft):
    from varangian.operations.services import add_post

    services.accept_draft(actor=leader, draft=draft)
    add_post(
        actor=leader, operation=draft.operation, title="Door man", role="sap", edition="advance"
    )
    changed = GOOGLE.read_bytes().replace(b"20261126T100000", b"20261126T101500")
    client = factories.signed_in(leader)
    sent = client.post("/travel/import/", {"file": upload(changed), "principal": "heron"})
    page = client.get(sent["Location"]).content.decode()
    assert "Begins 15 min later" in page and "Door man" in page


def test_pages_cost_few_queries(leader, draft, django_assert_max_num_queries):
    services.accept_draft(actor=leader, draft=draft)
    client = factories.signed_in(leader)
    client.get("/travel/")
    for address in ("/travel/", f"/travel/drafts/{draft.pk}/"):
        with django_assert_max_num_queries(25):
            assert client.get(address).status_code == 200


def test_a_changed_file_of_many_legs_costs_few_queries(
    leader, heron, django_assert_max_num_queries
):
    def written(minute: int) -> bytes:
        blocks = [
            f"BEGIN:VEVENT\nUID:u{n}\nDTSTART:2026112{n % 8}T{n % 24:02d}{minute:02d}00Z\n"
            f"SUMMARY:Stop {n}\nLOCATION:Hall {n % 3}\nEND:VEVENT"
            for n in range(40)
        ]
        return "\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *blocks, "END:VCALENDAR"]).encode()

    first = services.import_itinerary(actor=leader, principal=heron, data=written(0))
    leader.__dict__.pop("_reach", None)
    services.accept_draft(actor=leader, draft=first)
    second = services.import_itinerary(actor=leader, principal=heron, data=written(30))
    assert len(second.diff["changed"]) >= 40
    client = factories.signed_in(leader)
    client.get("/travel/")
    with django_assert_max_num_queries(30):
        client.get(f"/travel/drafts/{second.pk}/")


def test_api(leader, heron):
    client = bearer(leader)
    sent = client.post("/api/v1/itineraries", {"file": upload(), "principal": "heron"})
    assert sent.status_code == 201, sent.content
    made = sent.json()
    assert (made["state"], made["version"], made["operation_state"]) == ("proposed", 1, "draft")
    shown = client.get(f"/api/v1/itineraries/{made['id']}").json()
    assert shown["legs"] == made["legs"] and shown["posts"] == {}
    listed = client.get(f"/api/v1/operations/{made['operation']}/itineraries").json()
    assert [row["id"] for row in listed["items"]] == [made["id"]]
    done = client.post(f"/api/v1/itineraries/{made['id']}/accept").json()
    assert done["state"] == "accepted" and Movement.objects.exists()
    again = client.post(f"/api/v1/itineraries/{made['id']}/accept")
    assert again.status_code == 409 and again["Content-Type"] == "application/problem+json"
    legs = client.get(f"/api/v1/operations/{made['operation']}/movements").json()
    assert legs["count"] == Movement.objects.count()


def test_api_refusals(leader, heron, draft):
    client = bearer(leader)
    broken = client.post("/api/v1/itineraries", {"file": upload(b"nothing"), "principal": "heron"})
    assert broken.status_code == 202 and "no calendar file" in broken.json()["refused"]["what"]
    empty = client.post("/api/v1/itineraries", {"file": upload(b" "), "principal": "heron"})
    assert empty.status_code == 422 and empty["Content-Type"] == "application/problem+json"
    assert client.post("/api/v1/itineraries", {"principal": "heron"}).status_code == 422
    lost = client.post("/api/v1/itineraries", {"file": upload(), "principal": "nobody"})
    assert lost.status_code == 404
    stranger = bearer(factories.person())
    for path in (f"itineraries/{draft.pk}", f"operations/{draft.operation.slug}/itineraries"):
        assert stranger.get(f"/api/v1/{path}").status_code == 404
    assert stranger.post(f"/api/v1/itineraries/{draft.pk}/accept").status_code == 404
    reading = bearer(leader, writes=False)
    assert reading.post(f"/api/v1/itineraries/{draft.pk}/reject").status_code == 403
    draft.refresh_from_db()
    assert draft.state == "proposed"


def test_api_upload_is_repeated_safely(leader, heron):
    client = bearer(leader)
    for _ in range(2):
        sent = client.post(
            "/api/v1/itineraries",
            {"file": upload(), "principal": "heron"},
            headers={"idempotency-key": "one"},
        )
        assert sent.status_code == 201
    assert ItineraryDraft.objects.count() == 1
    changed = upload(GOOGLE.read_bytes().replace(b"100000", b"101500"))
    other = client.post(
        "/api/v1/itineraries",
        {"file": changed, "principal": "heron"},
        headers={"idempotency-key": "one"},
    )
    assert other.status_code == 422


def test_command_line(leader, heron, capsys):
    assert root(["operation", "import", str(GOOGLE), "--principal", "heron", "--json"]) == 0
    out = capsys.readouterr()
    row = json.loads(out.out)
    assert set(row) == {
        "id",
        "operation",
        "operation_state",
        "version",
        "state",
        "imported_at",
        "legs",
        "unlocated",
        "problems",
        "parts",
        "diff",
        "others",
        "refused",
    }
    assert {"number", "kind", "title", "starts", "ends", "zone", "origin", "destination"} <= set(
        row["legs"][0]
    )
    assert [leg["number"] for leg in row["legs"]] == list(range(1, len(row["legs"]) + 1))
    assert (row["state"], row["version"]) == ("proposed", 1)
    slug = row["operation"]
    assert f"varangian itinerary accept {slug}" in out.err
    assert root(["itinerary", "show", slug, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["version"] == 1
    assert root(["itinerary", "accept", slug, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["state"] == "accepted"
    with pytest.raises(Conflict):
        root(["itinerary", "accept", slug])
    who = ["--as", leader.email]
    assert root([*who, "operation", "import", str(GOOGLE), "--principal", "heron"]) == 0
    assert root([*who, "itinerary", "reject", slug, "--json"]) == 0
    assert Operation.objects.count() == 1


def test_command_line_accepts_at_once_and_says_problems(heron, capsys):
    broken = GOOGLE.with_name("broken_lines.ics")
    words = ["operation", "import", str(broken), "--principal", "heron", "--accept", "--json"]
    assert root(words) == 0
    out = capsys.readouterr()
    row = json.loads(out.out)
    assert row["state"] == "accepted" and row["problems"]
    assert row["problems"][0]["where"] in out.err


def test_command_line_refusals(heron, tmp_path, capsys):
    with pytest.raises(Refused, match="no such file"):
        root(["operation", "import", str(tmp_path / "none.ics"), "--principal", "heron"])
    with pytest.raises(NotFound):
        root(["operation", "import", str(GOOGLE), "--principal", "nobody"])
    junk = tmp_path / "junk.ics"
    junk.write_bytes(b"\x89PNG\r\n")
    assert root(["operation", "import", str(junk), "--principal", "heron"]) == 1
    assert "The original is kept" in capsys.readouterr().err
    junk.write_bytes(b"")
    with pytest.raises(Refused):
        root(["operation", "import", str(junk), "--principal", "heron"])
    assert root(["operation", "import", str(GOOGLE)]) == 2
    operation = factories.operation(slug="bare")
    with pytest.raises(NotFound, match="Nothing was imported"):
        root(["itinerary", "show", operation.slug])
