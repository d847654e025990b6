"""Pages, API and commands of threats and risks."""

import csv
import io
import json

import pytest
from django.urls import reverse
from tests import factories

from varangian.config.commands import root
from varangian.kernel.results import Refused
from varangian.platform.access.services import issue_token
from varangian.platform.audit.models import AuditEntry
from varangian.platform.ui import console
from varangian.threats.models import RiskLine, ThreatSource
from varangian.threats.services import add_from_library, change_source


@pytest.fixture
def browser(team):
    return lambda role: factories.signed_in(team[role], fresh=True)


def address(name, operation, source, risk):
    records = {"source": source.pk, "risk": risk.pk}
    return reverse(f"threats:{name}", args=[records.get(name, operation.slug)])


@pytest.mark.parametrize("name", ["register", "export", "source", "risk"])
@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("detail_leader", {200}),
        ("analyst", {200}),
        ("operator", {200}),
        ("officer", {403, 404}),
        ("driver", {403, 404}),
        ("client", {403, 404}),
        ("stranger", {404}),
    ],
)
def test_pages_for_each_role(browser, operation, source, risk, name, role, status):
    answer = browser(role).get(address(name, operation, source, risk))
    assert answer.status_code in status
    if 200 not in status:
        assert b"letter writer" not in answer.content
        assert b"Approach at the door" not in answer.content


def test_list_shows_level_and_open_risks(browser, operation, risk):
    register = reverse("threats:register", args=[operation.slug])
    assert register in browser("analyst").get(reverse("threats:list")).content.decode()
    assert register not in browser("officer").get(reverse("threats:list")).content.decode()


def test_register_shows_states_matrix_and_stale(browser, operation, source, risk, leader):
    change_source(actor=leader, source=source, intent="high")
    page = browser("detail_leader").get(reverse("threats:register", args=[operation.slug]))
    words = page.content.decode()
    assert "Approach at the door" in words
    assert "unknown" in words
    assert "stale" in words
    assert "<svg" in words
    part = browser("detail_leader").get(
        reverse("threats:register", args=[operation.slug]), {"part": 1, "view": "inherent"}
    )
    assert "<html" not in part.content.decode()
    assert "part=1" not in part.content.decode()


def test_forms_reach_the_services(browser, operation, source, risk):
    web = browser("analyst")
    url = reverse("threats:add_from_library", args=[operation.slug])
    assert web.post(url, {"risk": ["grievance-insider"]}).status_code == 302
    assert RiskLine.objects.filter(library_id="grievance-insider").exists()
    form = web.get(address("source", operation, source, risk)).context["form"]
    fields = {**form.initial, "intent": "high", "evidence": "One\r\nTwo"}
    assert web.post(address("source", operation, source, risk), fields).status_code == 302
    source.refresh_from_db()
    assert (source.intent, source.evidence) == ("high", "One\nTwo")
    url = reverse("threats:assess", args=[operation.slug])
    sent = {"level": "severe", "summary": "Seen twice", "confidence": "high"}
    assert web.post(url, sent).status_code == 302
    operation.refresh_from_db()
    assert operation.threat_level == "severe"
    assert web.post(url, {"level": "severe"}).status_code == 422


def test_saving_an_untouched_risk_changes_nothing(browser, operation, source, risk):
    web = browser("detail_leader")
    form = web.get(address("risk", operation, source, risk)).context["form"]
    given = {name: "" if value is None else value for name, value in form.initial.items()}
    web.post(address("risk", operation, source, risk), given)
    before = risk.updated_at
    risk.refresh_from_db()
    assert risk.updated_at == before


def test_leader_accepts_on_screen(browser, operation, risk):
    web = browser("detail_leader")
    url = reverse("threats:accept", args=[risk.pk])
    web.post(url, {"seat": "detail_leader", "note": "No other door"})
    web.post(url, {"seat": "client", "note": "By telephone", "given_by": "Ada Assistant"})
    risk.refresh_from_db()
    assert risk.state == "accepted"
    assert "Ada Assistant" in web.get(reverse("threats:risk", args=[risk.pk])).content.decode()


def test_export_is_on_record_and_starts_no_formula(browser, operation, leader, risk):
    risk.title = "=1+1"
    risk.save()
    answer = browser("operator").get(reverse("threats:export", args=[operation.slug]))
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["title"] for row in rows] == ["'=1+1"]
    assert rows[0]["inherent"] == "high (likelihood 4, impact 4)"
    assert AuditEntry.objects.filter(kind="export", record=str(operation.pk)).exists()


class TestApi:
    @pytest.fixture
    def call(self, client, team):
        def send(role, method, path, body=None):
            _, secret = issue_token(user=team[role], label="test", writes=True)
            return client.generic(
                method,
                f"/api/v1{path}",
                json.dumps(body) if body is not None else "",
                content_type="application/json",
                headers={"Authorization": f"Bearer {secret}"},
            )

        return send

    def test_source_from_draft_to_approved(self, call, operation):
        path = f"/operations/{operation.slug}/threats"
        made = call("analyst", "POST", path, {"title": "Objectors", "source_grade": "C"})
        assert made.status_code == 201
        one = f"/threats/{made.json()['id']}"
        changed = call("analyst", "PATCH", one, {"information_grade": "3", "intent": "moderate"})
        assert changed.json()["intent"] == "moderate"
        call("analyst", "POST", f"{one}/state", {"state": "reviewed"})
        denied = call("analyst", "POST", f"{one}/state", {"state": "approved"})
        assert denied.status_code == 403
        done = call("detail_leader", "POST", f"{one}/state", {"state": "approved"})
        assert done.json()["state"] == "approved"
        assert call("operator", "GET", path).json()["count"] == 1

    def test_risks_in_a_batch(self, call, operation):
        path = f"/operations/{operation.slug}/risks"
        body = {"from_library": ["grievance-insider", "no-such-risk"]}
        answer = call("analyst", "POST", path, body).json()
        assert [line["serial"] for line in answer["added"]] == ["R1"]
        assert answer["added"][0]["measures"]
        assert answer["refused"][0]["id"] == "no-such-risk"

    def test_own_risk_accepted_by_its_seats(self, call, operation, team):
        path = f"/operations/{operation.slug}/risks"
        body = {
            "title": "Fall on the stairs",
            "responsibility": "personal_protection",
            "likelihood": 2,
            "impact": 2,
            "owner": team["analyst"].email,
        }
        line = call("analyst", "POST", path, body).json()["added"][0]
        assert line["inherent"]["band"] == "low"
        assert line["owner"] == team["analyst"].name
        signed = call("detail_leader", "POST", f"/risks/{line['id']}/accept", {})
        assert signed.status_code == 201
        shown = call("operator", "GET", f"/risks/{line['id']}").json()
        assert (shown["state"], shown["accepted"]) == ("accepted", True)
        emptied = call("analyst", "PATCH", f"/risks/{line['id']}", {"owner": None})
        assert emptied.json()["owner"] is None

    def test_assessment(self, call, operation):
        path = f"/operations/{operation.slug}/assessments"
        body = {"level": "critical", "summary": "Preparation seen"}
        assert call("analyst", "POST", path, body).json()["version"] == 1
        assert call("operator", "GET", path).json()["items"][0]["level"] == "critical"

    @pytest.mark.parametrize("role", ["officer", "driver", "client", "stranger"])
    def test_nothing_for_those_without_need(self, call, operation, source, risk, role):
        for path in (
            f"/operations/{operation.slug}/threats",
            f"/operations/{operation.slug}/risks",
            f"/operations/{operation.slug}/assessments",
            f"/threats/{source.pk}",
            f"/risks/{risk.pk}",
        ):
            assert call(role, "GET", path).status_code in (403, 404)
        assert call(role, "PATCH", f"/threats/{source.pk}", {}).status_code in (403, 404)
        assert call(role, "POST", f"/risks/{risk.pk}/accept", {}).status_code in (403, 404)


class TestCommands:
    @pytest.fixture(autouse=True)
    def _nobody(self):
        yield
        console.act_for("")

    def test_threat_risk_and_acceptance(self, operation, leader, capsys):
        slug = operation.slug
        assert root(["threat", "add", slug, "Objectors", "--intent", "low", "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["intent"] == "low"
        assert root(["threat", "set", slug, "T1", "--intent", "high", "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["intent"] == "high"
        words = ["risk", "add", slug, "--from-library", "grievance-insider", "--threat", "T1"]
        assert root([*words, "--json"]) == 0
        (line,) = json.loads(capsys.readouterr().out)
        assert line["threat_source"] == "T1"
        with pytest.raises(Refused, match="named person"):
            root(["risk", "accept", slug, "R1", "--note", "Known"])
        assert root(["--as", leader.email, "risk", "accept", slug, "R1", "--note", "Known"]) == 0
        root(["risk", "list", slug, "--json"])
        out = capsys.readouterr().out
        assert json.loads(out[out.index("[\n") :])[0]["state"] == "accepted"

    def test_level(self, operation, leader, capsys):
        words = ["--as", leader.email, "threat", "assess", operation.slug, "severe", "Seen twice"]
        assert root(words) == 0
        operation.refresh_from_db()
        assert operation.threat_level == "severe"

    def test_driver_gets_nothing(self, operation, source, team):
        with pytest.raises(Refused) as refusal:
            root(["--as", team["driver"].email, "threat", "list", operation.slug])
        assert refusal.value.status in (403, 404)

    def test_nothing_added_is_a_refusal(self, operation, capsys):
        with pytest.raises(Refused, match="Nothing was added"):
            root(["risk", "add", operation.slug, "--from-library", "no-such-risk"])
        assert not ThreatSource.objects.exists()


def test_found_by_those_who_may(browser, operation, source, risk, leader):
    add_from_library(actor=leader, operation=operation, library_ids=["grievance-insider"])
    found = browser("analyst").get(reverse("find"), {"q": "letter"})
    assert "Invented letter writer" in found.content.decode()
    hidden = browser("driver").get(reverse("find"), {"q": "letter"})
    assert "Invented letter writer" not in hidden.content.decode()
