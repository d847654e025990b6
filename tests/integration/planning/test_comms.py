"""The communications plan: four means, masked words, tests, and its place in the order."""

import io
import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from pypdf import PdfReader
from tests import factories
from tests.factories import signed_in

from varangian.config.commands import root
from varangian.kernel.clock import frozen, now
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.planning import printing_comms, services
from varangian.planning.models import CommsVersion
from varangian.planning.queries import comms
from varangian.planning.queries.readiness import readiness
from varangian.platform.access.scope import SYSTEM
from varangian.platform.audit.models import AuditEntry
from varangian.platform.thread.queries import stale_by_record

from .test_order_faces import bearer

MEANS = {
    "primary": "Radio channel 7",
    "alternate": "Phone group",
    "contingency": "Hall control",
    "emergency": "Whistle and the police station",
}
WORDS = {"attack": "HARPOON", "Gate open": "PELICAN"}


def write(team, **fields):
    given = {
        "bearers": MEANS,
        "check_minutes": 20,
        "check_words": "Cars to ZERO",
        "code_words": WORDS,
        "duress_word": "SAFFRON",
        **fields,
    }
    return services.write_comms(actor=team.leader, operation=team.operation, **given)


def tried(team, rank="primary", **fields):
    given = {"actor": team.driver, "result": "good", "post": team.wheel, **fields}
    return services.record_test(operation=team.operation, rank=rank, **given)


def light(team):
    rows = readiness(team.leader, team.operation)
    return next(row for row in rows if row.artefact.id == "comms_plan")


def test_versions_stay_and_words_that_are_not_given_are_kept(team):
    write(team)
    made = write(team, bearers={**MEANS, "primary": "Radio channel 8"}, code_words=None,
                 duress_word=None)  # fmt: skip
    assert (made.number, made.code_words, made.duress_word) == (2, WORDS, "SAFFRON")
    old = CommsVersion.objects.get(number=1)
    assert old.bearers["primary"] == "Radio channel 7"
    for deed in (old.save, old.delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            deed()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"bearers": {"primary": ""}}, "at least the primary"),
        ({"bearers": {"primary": "Radio", "fifth": "x"}}, "has a rank"),
        ({"bearers": {"primary": "Radio 3", "alternate": "radio 3"}}, "same means"),
        ({"check_minutes": 1}, "5 to 240"),
        ({"missed": 9}, "1 to 5"),
        ({"code_words": {"attack": "Owl", "medical": "owl"}}, "stands for two things"),
        ({"duress_word": "Harpoon"}, "stands for two things"),
    ],
)
def test_what_is_refused(team, wrong, words):
    with pytest.raises(Refused, match=words):
        write(team, **wrong)


def test_who_may(team):
    for name in ("driver", "officer", "analyst", "client"):
        with pytest.raises(Denied):
            services.write_comms(
                actor=getattr(team, name), operation=team.operation, bearers=MEANS,
                check_minutes=30,
            )  # fmt: skip
    with pytest.raises(NotFound):
        services.reveal_words(actor=factories.person(), operation=team.operation, purpose="x")
    write(team)
    with pytest.raises(Denied):
        services.reveal_words(actor=team.analyst, operation=team.operation, purpose="curious")
    with pytest.raises(Refused, match="named person"):
        tried(team, actor=SYSTEM)
    with pytest.raises(Denied):
        tried(team, actor=team.analyst)


def test_words_are_masked_and_each_look_has_a_purpose(team):
    write(team)
    with pytest.raises(Refused, match="what you need"):
        services.reveal_words(actor=team.driver, operation=team.operation, purpose=" ")
    found = services.reveal_words(actor=team.driver, operation=team.operation, purpose="Briefing")
    assert found["duress_word"] == "SAFFRON"
    assert {row["word"] for row in found["code_words"]} == set(WORDS.values())
    entry = AuditEntry.objects.filter(kind="unmask").latest("pk")
    assert (entry.purpose, entry.actor) == ("Briefing", str(team.driver.pk))


def test_the_light_asks_for_four_means_each_tested_as_it_is_now(team):
    assert light(team).why == "no communications plan"
    write(team)
    assert "primary not tested" in light(team).why
    for rank in MEANS:
        tried(team, rank)
    assert light(team).state == "fresh"
    tried(team, "alternate", result="weak")
    assert light(team).state == "due"
    tried(team, "alternate", result="failed")
    assert light(team).state == "missing"
    tried(team, "alternate")
    write(team, bearers={**MEANS, "emergency": "Satellite"}, code_words=None, duress_word=None)
    assert light(team).missing == ("emergency not tested",), "another means, not the one tested"
    tried(team, "emergency")
    with frozen(now() + timedelta(days=8)):
        assert light(team).state == "due"


def test_a_test_is_refused_that_was_not_held(team):
    with pytest.raises(Refused, match="no communications plan"):
        tried(team)
    write(team)
    for wrong in ({"rank": "fifth"}, {"result": "fine"}, {"tested_at": now() + timedelta(1)}):
        with pytest.raises(Refused):
            tried(team, **wrong)


def test_the_order_takes_it_and_hears_of_a_new_version(team):
    write(team)
    order = services.draft_order(actor=team.leader, operation=team.operation)
    lines = {line.anchor: line for line in order.lines.all()}
    assert lines["channels:rank:primary"].text == "Primary: Radio channel 7"
    assert lines["code_words:slot:attack"].text.startswith("HARPOON: ")
    assert lines["code_words:word:Gate open"].text == "PELICAN: Gate open"
    assert "Every 20 minutes. Cars to ZERO" in lines["check_calls:interval"].text
    assert "analyst" not in lines["duress_word:team"].editions
    texts = [line.text for line in order.lines.all()]
    assert not any("radio 3" in text or "THUNDER" in text for text in texts), "typed before"
    write(team, bearers={**MEANS, "primary": "Radio channel 9"})
    reasons = stale_by_record(team.leader, "order", [order.pk])[order.pk]
    assert any("Communications plan version 2" in reason for reason in reasons)


def test_pages_per_role(team):
    write(team)
    tried(team)
    slug = team.operation.slug
    address = reverse("planning:comms", args=[slug])
    for name in ("leader", "operator", "officer", "driver", "analyst"):
        page = signed_in(getattr(team, name)).get(address)
        text = page.content.decode()
        assert page.status_code == 200 and "Radio channel 7" in text
        assert "HARPOON" not in text and "SAFFRON" not in text
    assert signed_in(team.client).get(address).status_code == 403
    look = reverse("planning:comms_words", args=[slug])
    assert "SAFFRON" not in signed_in(team.driver).post(look, {"purpose": "x"}).content.decode()
    shown = signed_in(team.driver, fresh=True).post(look, {"purpose": "Briefing"})
    assert "SAFFRON" in shown.content.decode()
    denied = signed_in(team.analyst, fresh=True).post(look, {"purpose": "Briefing"})
    assert denied.status_code == 403


def test_page_deeds(team):
    browser, slug = signed_in(team.leader), team.operation.slug
    edit = reverse("planning:comms_edit", args=[slug])
    assert browser.get(edit).status_code == 200
    given = {
        **MEANS,
        "check_minutes": "15",
        "missed": "2",
        "new_words": "on",
        "word-attack": "HARPOON",
        "own_words": "Gate open: PELICAN",
        "duress_word": "SAFFRON",
    }
    assert browser.post(edit, given).status_code == 302
    version = comms.current(team.leader, team.operation)
    assert version.code_words == WORDS and version.check_minutes == 15
    browser.post(
        reverse("planning:comms_test", args=[slug]),
        {"rank": "primary", "result": "good", "post": str(team.wheel.pk)},
    )
    row = comms.tests(team.leader, team.operation).get()
    assert row.post == "DELTA Driver, principal's car"


def test_card_on_paper_carries_words_only_for_those_who_may_know(team):
    with pytest.raises(Refused, match="no communications plan"):
        printing_comms.comms_pdf(team.driver, team.operation)
    write(team)

    def printed(person):
        body = printing_comms.comms_pdf(person, team.operation)
        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)

    text = printed(team.driver)
    assert "Radio channel 7" in text and "HARPOON" in text and "DELTA" in text
    assert "HARPOON" not in printed(team.analyst) and "SAFFRON" not in printed(team.analyst)


def test_api(team, client):
    base, send = (
        f"/api/v1/operations/{team.operation.slug}/comms",
        {"content_type": "application/json"},
    )
    lead, wheel = bearer(team.leader, writes=True), bearer(team.driver, writes=True)
    assert client.get(base, **wheel).json() is None
    plan = json.dumps({"bearers": MEANS, "code_words": WORDS, "duress_word": "SAFFRON"})
    assert client.put(base, plan, **send, **wheel).status_code == 403
    made = client.put(base, plan, **send, **lead)
    assert made.status_code == 200 and "HARPOON" not in made.content.decode()
    told = json.dumps({"rank": "primary", "result": "good", "post": str(team.wheel.pk)})
    assert client.post(f"{base}/tests", told, **send, **wheel).status_code == 201
    assert client.get(f"{base}/tests", **wheel).json()["count"] == 1
    asked = client.post(f"{base}/words", json.dumps({"purpose": "Brief"}), **send, **wheel)
    assert asked.json()["duress_word"] == "SAFFRON"
    assert client.get(f"{base}/pdf", **wheel).content[:4] == b"%PDF"


def test_command_line(team, capsys, tmp_path):
    slug, who = team.operation.slug, ["--as", team.leader.email]
    capsys.readouterr()
    lines = ["comms", "write", slug, "--primary", "Radio 7", "--every", "20"]
    assert root([*who, *lines, "--word", "attack=HARPOON", "--json"]) == 0
    assert root([*who, "comms", "write", slug, "--alternate", "Phone", "--json"]) == 0
    capsys.readouterr()
    assert root(["comms", "show", slug, "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert row["version"] == 2 and row["bearers"][0]["means"] == "Radio 7"
    assert root([*who, "comms", "test", slug, "primary", "good", "--post", "DELTA", "--json"]) == 0
    capsys.readouterr()
    assert root(["comms", "tests", slug, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["post"].startswith("DELTA")
    assert root([*who, "comms", "words", slug, "--purpose", "Brief", "--json"]) == 0
    assert "HARPOON" in capsys.readouterr().out
    out = tmp_path / "card.pdf"
    assert root([*who, "comms", "print", slug, "--out", str(out)]) == 0
    assert out.read_bytes()[:4] == b"%PDF"
