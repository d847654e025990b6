"""TVRA: screens, API and console do the same job."""

import json
import os
from datetime import timedelta

import pytest
from tests import factories

from varangian.config.commands import root
from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.places.services import add_place
from varangian.platform.access.roles import Role
from varangian.platform.access.services import issue_token
from varangian.platform.audit.models import AuditEntry
from varangian.platform.ui import console
from varangian.threats import tvra_printing
from varangian.threats.queries import tvra as queries
from varangian.threats.services import add_from_library, change_risk
from varangian.threats.services import tvra as services


@pytest.fixture
def home(operation, leader):
    return add_place(
        actor=leader,
        compartment_id=operation.compartment_id,
        key_id=operation.key_id,
        name="House at the water",
        kind="residence",
    )


@pytest.fixture
def draft(team, operation, home, source, risk, leader):
    add_from_library(actor=leader, operation=operation, library_ids=["fixated-person-approach"])
    return services.draft_tvra(
        actor=team["analyst"], operation=operation, kind="residence", place=home
    )


@pytest.fixture
def filled(team, draft, leader):
    line = queries.line(leader, draft, "R2")
    services.answer_check(
        actor=team["officer"],
        tvra=draft,
        item="gate-closed",
        answer="not_met",
        note="Stays open",
        data=factories.picture(),
    )
    services.judge_line(
        actor=team["analyst"],
        line=line,
        likelihood=4,
        impact=4,
        reason="The gate stays open",
        weighs=["gate-closed"],
    )
    services.add_treatment(
        actor=team["analyst"],
        line=line,
        title="Gate that closes by itself",
        owner=leader,
        due=now() + timedelta(days=9),
        residual_likelihood=2,
        residual_impact=4,
    )
    return services.change_tvra(actor=team["analyst"], tvra=draft, conclusion="Mend the gate")


@pytest.fixture
def approved(team, filled, leader):
    services.submit_tvra(actor=team["analyst"], tvra=filled)
    return services.approve_tvra(actor=leader, tvra=filled)


def page(client, url, **given):
    answer = client.get(url, given)
    assert answer.status_code == 200, answer.content[:600]
    return answer.content.decode()


def test_the_screens_from_the_wizard_to_the_comparison(team, operation, home, filled, leader):
    analyst = factories.signed_in(team["analyst"], fresh=True)
    base = "/threats/tvra"
    assert "Step 1 of 2" in page(analyst, f"{base}/of/{operation.slug}/new/")
    new = f"{base}/of/{operation.slug}/new/?kind=residence"
    assert analyst.post(new, {"title": "x"}).status_code == 422
    made = analyst.post(new, {"place": str(home.pk), "client_title": "Home review"})
    assert made.status_code == 302
    listed = page(analyst, f"{base}/of/{operation.slug}/")
    assert "House at the water" in listed and "1 of 31" in listed and "1 weak" in listed
    shown = page(analyst, f"{base}/{filled.pk}/")
    assert "raised" in shown and "Gate that closes by itself" in shown and "style=" not in shown
    assert 'class="tv-high"' in shown and "not judged" not in shown
    assert "Weaknesses that bear on it" in page(analyst, f"{base}/{filled.pk}/lines/R2/")
    assert "Invented letter writer" in page(analyst, f"{base}/{filled.pk}/lines/T1/")
    assert analyst.post(f"{base}/{filled.pk}/submit/").status_code == 302
    desk = factories.signed_in(leader, fresh=True)
    assert "Approve under my name" in page(desk, f"{base}/{filled.pk}/approve/")
    assert "not yours to approve" not in page(desk, f"{base}/{filled.pk}/approve/")
    assert desk.post(f"{base}/{filled.pk}/approve/").status_code == 302
    again = analyst.post(f"{base}/{filled.pk}/version/")
    words = page(analyst, again.url)
    assert "Printed as" in words
    pk = again.url.strip("/").split("/")[-1]
    answer = {"item": "gate-closed", "answer": "met", "note": "Mended"}
    analyst.post(f"{base}/{pk}/checks/", answer)
    compared = page(analyst, f"{base}/{pk}/compare/")
    assert "Mended" in compared and "Stays open" in compared
    assert "the same" in page(analyst, f"{base}/{pk}/compare/", version=1, all=1)
    assert analyst.get(f"{base}/{pk}/compare/?version=abc").status_code == 422


def test_forms_of_a_line_and_a_treatment(team, draft, leader):
    analyst = factories.signed_in(team["analyst"])
    base = f"/threats/tvra/{draft.pk}"
    kept = {"likelihood": 3, "impact": 4, "confidence": "low", "reason": "As before"}
    assert analyst.post(f"{base}/lines/R2/", {**kept, "reason": ""}).status_code == 422
    assert analyst.post(f"{base}/lines/R2/", kept).url == f"{base}/"
    given = {
        "line": "R2",
        "title": "Light at the gate",
        "owner": str(leader.pk),
        "due": f"{now() + timedelta(days=3):%Y-%m-%dT%H:%M}",
        "residual_likelihood": 2,
        "residual_impact": 4,
    }
    assert analyst.post(f"{base}/treatments/", {**given, "due": ""}).status_code == 422
    assert analyst.post(f"{base}/treatments/", given).status_code == 302
    assert "Light at the gate" in page(analyst, f"{base}/")
    assert analyst.post(f"{base}/treatments/1/remove/").status_code == 302
    left = analyst.post(f"{base}/lines/T1/leave/", {"reason": "Lives elsewhere"})
    assert left.status_code == 302 and "Lives elsewhere" in page(analyst, f"{base}/")


def test_checks_are_answered_by_who_looks_and_shown_to_nobody_else(team, filled):
    officer = factories.signed_in(team["officer"])
    url = f"/threats/tvra/{filled.pk}/checks/"
    shown = page(officer, url)
    assert "nobody has looked" in shown and "Stays open" in shown and "letter writer" not in shown
    given = {"item": "keys-known", "answer": "partly", "note": "Two keys are missing"}
    part = officer.post(url, given, headers={"HX-Request": "true"})
    assert part.status_code == 200 and part.content.decode().startswith('<li class="tv-check')
    assert officer.post(url, {**given, "seen_at": "2026-11-30T10:00"}).status_code == 302
    assert officer.post(url, {**given, "seen_at": "yesterday"}).status_code == 422
    assert officer.post(url, {**given, "answer": ""}).status_code == 422
    assert "Two keys" in page(officer, url, only="weak")
    assert "Two keys" not in page(officer, url, only="open")
    assert "2 of 31" in page(officer, f"{url}progress/")
    row = queries.latest(team["analyst"], filled)["gate-closed"]
    photo = officer.get(f"/threats/tvra/photos/{row.pk}/")
    assert photo.headers["Content-Type"] == "image/jpeg"
    assert photo.headers["Cache-Control"] == "private, no-store"
    listed = page(officer, f"/threats/tvra/of/{filled.operation.slug}/")
    assert url in listed and "Drafted by" not in listed
    assert officer.get(f"/threats/tvra/{filled.pk}/").status_code == 404
    for who in ("driver", "client", "stranger"):
        assert factories.signed_in(team[who]).get(url).status_code in (403, 404)


def test_the_report_is_a_pdf_under_the_clients_title_and_on_record(team, approved, leader):
    for template in ("full", "brief", "survey"):
        assert tvra_printing.report_pdf(leader, approved, template).startswith(b"%PDF")
    with pytest.raises(Refused):
        tvra_printing.report_pdf(leader, approved, "glossy")
    purposes = AuditEntry.objects.filter(kind="export", record=str(approved.pk))
    assert purposes.count() == 3
    client = factories.signed_in(leader, fresh=True)
    answer = client.get(f"/threats/tvra/{approved.pk}/report.pdf?template=brief")
    assert answer.content.startswith(b"%PDF")
    assert "tvra-a1-v1.pdf" in answer.headers["Content-Disposition"]


def test_what_goes_to_those_who_mend_names_no_threat(team, approved, leader, monkeypatch):
    seen = {}
    monkeypatch.setattr(tvra_printing, "render", lambda _, data: seen.update(data) or b"")
    tvra_printing.report_pdf(leader, approved, "survey")
    told = json.dumps(seen)
    assert "letter writer" not in told and "Stays open" in told and seen["pictures"]
    tvra_printing.report_pdf(leader, approved, "full")
    assert "letter writer" in json.dumps(seen)


def test_the_list_costs_few_queries(team, operation, home, draft, django_assert_max_num_queries):
    for _ in range(12):
        services.draft_tvra(
            actor=team["analyst"], operation=operation, kind="residence", place=home
        )
    client = factories.signed_in(team["analyst"])
    client.get("/")
    with django_assert_max_num_queries(40):
        page(client, f"/threats/tvra/of/{operation.slug}/")


class TestTheApi:
    @pytest.fixture
    def call(self, client, team):
        def send(who, method, path, body=None):
            _, secret = issue_token(user=team[who], label=os.urandom(4).hex(), writes=True)
            return client.generic(
                method,
                f"/api/v1{path}",
                json.dumps(body) if body is not None else "",
                content_type="application/json",
                headers={"Authorization": f"Bearer {secret}"},
            )

        return send

    def test_from_draft_to_stale(self, call, team, operation, home, source, risk, leader):
        base = f"/operations/{operation.slug}/tvras"
        wrong = call("analyst", "POST", base, {"kind": "residence", "place": str(risk.pk)})
        assert wrong.status_code == 422, wrong.content
        made = call("analyst", "POST", base, {"kind": "event", "title": "Dinner"})
        assert made.status_code == 201, made.content
        told = made.json()
        one = f"/tvras/{told['id']}"
        assert told["checks"] == {
            "met": 0, "partly": 0, "not_met": 0, "not_applicable": 0, "unknown": 25
        }  # fmt: skip
        assert call("officer", "GET", one).status_code == 404
        answer = {"item": "guest-list", "answer": "not_met"}
        assert call("officer", "POST", f"{one}/checks", answer).status_code == 201
        rows = call("officer", "GET", f"{one}/checks").json()
        assert [row["answer"] for row in rows if row["looked"]] == ["not_met"]
        judged = {"line": "R1", "likelihood": 5, "impact": 4, "reason": "No list"}
        assert call("analyst", "POST", f"{one}/judgements", judged).status_code == 422
        judged["weighs"] = ["guest-list"]
        done = call("analyst", "POST", f"{one}/judgements", judged)
        assert done.json()["risks"][0]["direction"] == "raised"
        treatment = {
            "line": "R1",
            "title": "Closed list",
            "owner": leader.email,
            "due": f"{now() + timedelta(days=2):%Y-%m-%dT%H:%M:%SZ}",
            "residual_likelihood": 3,
            "residual_impact": 4,
        }
        assert call("analyst", "POST", f"{one}/treatments", treatment).status_code == 201
        assert call("analyst", "POST", f"{one}/submit").status_code == 422
        assert call("analyst", "PATCH", one, {"conclusion": "Close it"}).status_code == 200
        assert call("analyst", "POST", f"{one}/submit").json()["state"] == "review"
        assert call("analyst", "POST", f"{one}/approve").status_code == 403
        back = call("detail_leader", "POST", f"{one}/return", {"reason": "Look again"})
        assert back.json()["returned_why"] == "Look again"
        call("analyst", "POST", f"{one}/submit")
        assert call("detail_leader", "POST", f"{one}/approve").json()["state"] == "approved"
        assert call("operator", "GET", f"{one}/report.pdf").content.startswith(b"%PDF")
        change_risk(actor=leader, risk=risk, impact=5)
        since = call("operator", "GET", f"{one}/since").json()
        assert {"label": "R1", "words": "impact 4 to 5"} in since
        again = call("analyst", "POST", f"{one}/versions").json()
        assert again["version"] == 2
        compared = call("analyst", "GET", f"/tvras/{again['id']}/compare").json()
        assert compared["old"] == 1 and compared["differences"]
        assert call("analyst", "GET", f"{base}?view=all").json()["count"] == 2
        refreshed = call("analyst", "POST", f"/tvras/{again['id']}/refresh")
        assert refreshed.json()["since"] == []


def test_the_same_at_the_console(team, operation, home, source, leader, capsys, tmp_path):
    add_from_library(actor=leader, operation=operation, library_ids=["fixated-person-approach"])
    picture = tmp_path / "gate.png"
    picture.write_bytes(factories.picture())
    out = tmp_path / "report.pdf"

    def run(who, *words):
        assert root(["--as", team[who].email, "tvra", *words, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    try:
        made = run("analyst", "draft", operation.slug, "residence", "--place", home.slug)
        assert made["serial"] == "A1" and [row["key"] for row in made["risks"]] == ["R1"]
        rows = run("officer", "check", operation.slug, "A1")
        assert len(rows) == 31
        done = run(
            "officer", "check", operation.slug, "A1", "gate-closed", "partly",
            "--note", "Slow", "--photo", str(picture),
        )  # fmt: skip
        assert done["answer"] == "partly" and done["photo"]
        run(
            "analyst", "judge", operation.slug, "A1", "R1", "--reason", "Slow gate",
            "--likelihood", "4", "--impact", "4", "--weighs", "gate-closed",
        )  # fmt: skip
        due = f"{now() + timedelta(days=4):%Y-%m-%dT%H:%M:%S}"
        run(
            "analyst", "treat", operation.slug, "A1", "R1", "Faster gate", "--owner",
            leader.email, "--due", due, "--likelihood", "3", "--impact", "4",
        )  # fmt: skip
        run("analyst", "change", operation.slug, "A1", "--conclusion", "Mend it")
        assert run("analyst", "submit", operation.slug, "A1")["state"] == "review"
        run("detail_leader", "return", operation.slug, "A1", "Once more")
        run("analyst", "submit", operation.slug, "A1")
        assert run("detail_leader", "approve", operation.slug, "A1")["state"] == "approved"
        assert run("analyst", "list", operation.slug)[0]["state"] == "approved"
        words = ["tvra", "report", operation.slug, "A1", "--out", str(out)]
        assert root(["--as", leader.email, *words]) == 0
        assert out.read_bytes().startswith(b"%PDF")
        capsys.readouterr()
        assert run("analyst", "version", operation.slug, "A1")["version"] == 2
        run("officer", "check", operation.slug, "A1", "gate-closed", "met", "--note", "Mended")
        compared = run("analyst", "compare", operation.slug, "A1")
        assert "Mended" in compared[0]["new"] and "Slow" in compared[0]["old"]
        assert run("analyst", "since", operation.slug, "A1", "--version", "1") == []
        with pytest.raises(Refused):
            root(["--as", leader.email, "tvra", "list", operation.slug, "--view", "none"])
    finally:
        console.act_for("")


def test_a_second_leader_of_the_engagement_may_approve(team, filled, operation):
    other = factories.member(operation, Role.DETAIL_LEADER)
    services.submit_tvra(actor=team["analyst"], tvra=filled)
    assert services.approve_tvra(actor=other, tvra=filled).approved_name == str(other)
