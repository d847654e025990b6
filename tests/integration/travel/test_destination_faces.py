"""Pages, API, command line and print of dossiers: the same services behind each."""

from datetime import timedelta

import pytest
from tests import factories
from tests.integration.travel import feeds
from tests.integration.travel.test_destinations import (
    WHOLE,
    destination,
    hotel,
    leader,
    operation,
)
from typer.testing import CliRunner

from varangian.kernel.clock import now
from varangian.travel.queries import destinations as queries

pytestmark = pytest.mark.django_db
__all__ = ["destination", "hotel", "leader", "operation"]


@pytest.fixture
def browser(leader):
    return factories.signed_in(leader, fresh=True)


def upload(name: str, data: bytes):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, data)


def test_pages_from_file_to_approval(browser, destination, operation, leader):
    files = (feeds.us(2), feeds.uk("avoid_all_travel_to_parts"), feeds.canada(0), feeds.germany())
    for data in files:
        answer = browser.post("/travel/advisories/import/", {"file": upload("a.json", data)})
        assert answer.status_code == 302
        assert browser.get(answer["Location"]).status_code == 200
    here = f"/travel/destinations/{destination.pk}/"
    told = browser.get(here).content.decode()
    assert "On the whole country they differ: 2 by US State Department" in told
    assert "Before anybody can approve: no context" in told
    for page in (
        "/travel/destinations/",
        "/travel/advisories/",
        "/travel/advisories/countries/fi/",
    ):
        assert "Finland" in browser.get(page).content.decode(), page
    assert "D1" in browser.get(f"/travel/destinations/of/{operation.slug}/").content.decode()
    texts = {k: v for k, v in WHOLE.items() if k != "evacuation"}
    assert browser.post(f"{here}statement/", texts).status_code == 302
    refused = browser.post(f"{here}approve/", {"note": "Not those parts"})
    assert refused.status_code == 422 and "no evacuation plan" in refused.content.decode()
    browser.post(f"{here}statement/", {**WHOLE, "version": "2"})
    assert browser.post(f"{here}approve/", {"note": "Not those parts"}).status_code == 302
    assert queries.standing(leader, queries.destination(leader, destination.pk)).holds
    fact = {"section": "entry", "title": "Visa", "text": "None", "source": "", "verified_on": ""}
    assert browser.post(f"{here}facts/", fact).status_code == 302
    assert browser.post(f"{here}snapshot/").status_code == 302
    assert browser.post(f"{here}withdraw/", {"note": "No more"}).status_code == 302
    kinds = {f["properties"]["category"] for f in browser.get(f"{here}map.json").json()["features"]}
    assert {"hotel", "airport"} <= kinds
    assert browser.get(f"{here}dossier.pdf").content.startswith(b"%PDF-")
    assert browser.post(f"{here}drop/").status_code == 302
    assert browser.get(here).status_code == 404


def test_a_form_with_faults_comes_back_with_what_was_typed(browser, destination, operation):
    of = f"/travel/destinations/of/{operation.slug}/"
    answer = browser.post(of, {"country": "FI", "starts": "soon"})
    assert answer.status_code == 200 and "Enter a valid date" in answer.content.decode()
    made = browser.post(
        of, {"country": "SE", "starts": f"{now():%Y-%m-%dT%H:%M}", "place": "", "ends": ""}
    )
    assert made.status_code == 302
    here = f"/travel/destinations/{destination.pk}/"
    number = {"service": "any", "number": "ask", "source": "nobody said"}
    assert browser.post(f"{here}numbers/", number).status_code == 422
    assert browser.post("/travel/advisories/import/", {}).status_code == 422


def test_sources_switch_on_the_page(browser, destination, leader):
    browser.post("/travel/advisories/switch/", {"source": "gdacs", "on": "1"})
    assert queries.sources(leader)["gdacs"].on
    assert "once a day" in browser.get("/travel/advisories/").content.decode()


def test_api(browser, destination, operation, leader):
    api, sent = "/api/v1", {"content_type": "application/json"}
    answer = browser.post(f"{api}/advisories/import", {"file": upload("us.json", feeds.us(2))})
    assert answer.status_code == 201 and answer.json()["counts"]["new"] == 1
    assert browser.get(f"{api}/advisories?country=fi").json()["count"] == 1
    assert browser.get(f"{api}/advisories/countries/FI").json()["score"]["level"] == 2
    assert len(browser.get(f"{api}/advisories/sources").json()["items"]) == 6
    body = {"texts": WHOLE}
    assert browser.post(f"{api}/destinations/{destination.pk}/statement", body, **sent).json()
    approval = browser.post(f"{api}/destinations/{destination.pk}/approvals", {}, **sent)
    assert approval.status_code == 201 and approval.json()["level"] == 2
    whole = browser.get(f"{api}/destinations/{destination.pk}").json()
    assert whole["state"] == "approved" and whole["score"]["by"] == ["US State Department"]
    assert {s["key"] for s in whole["sections"]} >= {"numbers", "care", "airports", "dates"}
    made = browser.post(
        f"{api}/operations/{operation.slug}/destinations", {"country": "SE"}, **sent
    )
    assert made.status_code == 201 and made.json()["label"] == "D2"
    assert browser.delete(f"{api}/destinations/{made.json()['id']}").status_code == 200
    assert browser.get(f"{api}/operations/{operation.slug}/destinations").json()["count"] == 1


def run(*words: str, actor=None):
    from varangian.config.commands import app

    line = ["--as", actor.email] if actor else []
    return CliRunner().invoke(app, [*line, *words])


def test_command_line(destination, operation, leader, tmp_path):
    file = tmp_path / "us.json"
    file.write_bytes(feeds.us(2))
    answer = run("destination", "import", str(file), "--json", actor=leader)
    assert answer.exit_code == 0 and '"new": 1' in answer.stdout
    words = [word for key, text in WHOLE.items() for word in ("--set", f"{key}={text}")]
    assert run("destination", "write", operation.slug, "1", *words, actor=leader).exit_code == 0
    until = f"{now() + timedelta(days=5):%Y-%m-%d}"
    answer = run("destination", "approve", operation.slug, "--until", until, actor=leader)
    assert answer.exit_code == 0, answer.output
    for line in (("show", operation.slug), ("list",), ("list", operation.slug)):
        answer = run("destination", *line, "--json", actor=leader)
        assert answer.exit_code == 0 and '"state": "approved"' in answer.stdout, line
    assert run("destination", "show", operation.slug, actor=leader).exit_code == 0
    assert '"level": 2' in run("advisory", "country", "fi", "--json", actor=leader).stdout
    assert run("advisory", "on", "usgs", actor=leader).exit_code == 0
    assert "usgs" in run("advisory", "sources", actor=leader).stdout
    assert run("destination", "pdf", operation.slug, "1", str(tmp_path / "d.pdf")).exit_code == 0
    assert (tmp_path / "d.pdf").read_bytes().startswith(b"%PDF-")


def test_a_driver_reads_and_changes_nothing(destination, operation):
    from varangian.platform.access.roles import Role

    driver = factories.signed_in(factories.member(operation, Role.DRIVER), fresh=True)
    here = f"/travel/destinations/{destination.pk}/"
    told = driver.get(here)
    assert told.status_code == 200 and "Write the statement" not in told.content.decode()
    assert driver.post(f"{here}statement/", WHOLE).status_code == 403
    assert driver.post(f"{here}approve/", {}).status_code == 403
    client = factories.signed_in(factories.member(operation, Role.CLIENT), fresh=True)
    assert client.get(here).status_code in (403, 404)
