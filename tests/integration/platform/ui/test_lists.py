"""What every list can do: be kept as a view, and be taken along as a file."""

import csv
from io import StringIO

import pytest
from django.test import Client
from tests import factories

from varangian.platform.access.services import issue_link
from varangian.platform.audit.models import AuditEntry
from varangian.platform.ui.models import SavedView
from varangian.platform.ui.sheets import cell, written

pytestmark = pytest.mark.django_db
LISTS = ("/operations/", "/places/", "/principals/", "/intelligence/", "/alerts/")


@pytest.fixture
def leader():
    return factories.person("Leader One")


def rows(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))


def test_a_list_as_a_file_has_what_the_filter_shows(leader):
    operation = factories.operation(leader)
    browser = factories.signed_in(leader, fresh=True)
    answer = browser.get("/operations/?format=csv")
    assert answer["Content-Type"].startswith("text/csv")
    assert [row["slug"] for row in rows(answer)] == [operation.slug]
    assert rows(browser.get("/operations/?format=csv&state=closed")) == []


@pytest.mark.parametrize("path", LISTS)
def test_every_list_offers_it_asks_who_is_there_and_keeps_a_record(leader, path):
    factories.operation(leader)
    before = AuditEntry.objects.filter(kind="export").count()
    stale = factories.signed_in(leader).get(f"{path}?format=csv")
    assert stale.status_code == 422 and AuditEntry.objects.filter(kind="export").count() == before
    assert factories.signed_in(leader, fresh=True).get(f"{path}?format=csv").status_code == 200
    assert AuditEntry.objects.filter(kind="export").count() == before + 1


def test_a_stranger_takes_nothing_along(leader):
    factories.operation(leader)
    stranger = factories.signed_in(factories.person("Somebody Else"), fresh=True)
    assert all(rows(stranger.get(f"{path}?format=csv")) == [] for path in LISTS)


def test_formulas_are_quoted_and_nested_values_stay_whole():
    assert [cell(v) for v in ("=1+1", "-2", None, {"a": 1})] == ["'=1+1", "'-2", "", '{"a": 1}']
    assert written([]) == ""


def test_a_filter_is_kept_opened_and_dropped(leader):
    factories.operation(leader)
    browser = factories.signed_in(leader)
    assert b"Save this view" not in browser.get("/operations/").content
    assert b"Save this view" in browser.get("/operations/?state=draft").content
    sent = {"page": "/operations/", "query": "sort=&state=draft&page=2", "name": "Drafts"}
    assert browser.post("/views/save", sent)["Location"] == "/operations/?state=draft"
    page = browser.get("/operations/?state=draft").content.decode()
    assert 'href="?state=draft" aria-current="true"' in page and "Save this view" not in page
    assert (
        b"Drafts" not in factories.signed_in(factories.person("Else")).get("/operations/").content
    )
    browser.post("/views/drop", {"page": "/operations/", "name": "Drafts"})
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    "sent",
    [
        {"page": "/operations/", "query": "state=draft", "name": " "},
        {"page": "/operations/", "query": "page=2", "name": "Nothing"},
        {"page": "/log/", "query": "text=Astrid", "name": "A name that was looked for"},
        {"page": "//evil.example/", "query": "state=draft", "name": "Elsewhere"},
        {"page": "/no/such/list", "query": "state=draft", "name": "Nowhere"},
    ],
)
def test_what_is_no_view_is_refused(leader, sent):
    assert factories.signed_in(leader).post("/views/save", sent).status_code == 422
    assert not SavedView.objects.exists()


def test_a_list_keeps_a_dozen(leader):
    browser = factories.signed_in(leader)
    for number in range(13):
        sent = {"page": "/places/", "query": f"kind={number}", "name": str(number)}
        answer = browser.post("/views/save", sent)
    assert answer.status_code == 422 and SavedView.objects.count() == 12


def test_signing_in_is_said_plainly(leader):
    page = Client().post(f"/enter/{issue_link(user=leader)}", follow=True).content.decode()
    assert f"Signed in as {leader.name}" in page and "uccessfully" not in page
