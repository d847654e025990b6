"""Connectors against a small server of the test: polite, bounded, honest, and off by default."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from tests import factories
from tests.integration.intelligence.feeds import feed, item

from varangian.intelligence import queries, services
from varangian.intelligence.models import Connector, FeedImport, Signal
from varangian.intelligence.services import connectors
from varangian.kernel import clock
from varangian.kernel.results import Denied, Refused
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.platform.audit.models import AuditEntry

pytestmark = pytest.mark.django_db


class Source:
    """What the server answers, and what it was asked."""

    def __init__(self) -> None:
        self.status, self.body, self.etag, self.modified = 200, b"", '"one"', ""
        self.location = ""
        self.asked: list[dict[str, str]] = []
        self.url = ""


@pytest.fixture
def source(settings) -> Iterator[Source]:
    settings.FEEDS_INSIDE = ["127.0.0.0/8"]
    with served() as found:
        yield found


@contextmanager
def served() -> Iterator[Source]:
    answers = Source()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            answers.asked.append({k.lower(): v for k, v in self.headers.items()})
            known = answers.etag and self.headers.get("If-None-Match") == answers.etag
            status = 304 if known and answers.status == 200 else answers.status
            self.send_response(status)
            for name, value in (
                ("ETag", answers.etag),
                ("Last-Modified", answers.modified),
                ("Location", answers.location),
            ):
                if value:
                    self.send_header(name, value)
            body = answers.body if status == 200 else b""
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    answers.url = f"http://127.0.0.1:{server.server_port}/feed"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield answers
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def connector(team, source) -> Connector:
    source.body = feed(item("s1", team.start))
    return services.switch(actor=SYSTEM, name="local", on=True, url=source.url, kind="geojson")


def test_all_are_off_until_a_person_switches_one_on(source):
    assert not queries.due_connectors(SYSTEM)
    assert {"gdacs", "usgs-earthquakes"} <= set(connectors.catalogue())
    assert not Connector.objects.exists()


def test_a_feed_is_read_and_asked_conditionally(team, source, connector):
    source.modified = "Tue, 24 Nov 2026 06:00:00 GMT"
    assert services.poll(connector) == "changed"
    assert Signal.objects.get().native_id == "s1"
    assert FeedImport.objects.get().connector == connector
    assert connector.etag == '"one"' and connector.last_changed_at
    assert source.asked[0]["user-agent"].startswith("Varangian/")
    assert "if-none-match" not in source.asked[0]
    assert services.poll(connector) == "unchanged"
    assert source.asked[1]["if-none-match"] == '"one"'
    assert source.asked[1]["if-modified-since"] == source.modified
    assert FeedImport.objects.count() == 1
    source.etag = '"two"'
    assert services.poll(connector) == "changed"
    assert FeedImport.objects.count() == 2


def test_it_is_due_again_after_its_interval(connector):
    with clock.frozen(clock.now()) as at:
        services.poll(connector)
        assert connector.next_at == at + timedelta(minutes=connector.every_minutes)
        assert not queries.due_connectors(SYSTEM)
    with clock.frozen(at + timedelta(minutes=connector.every_minutes)):
        assert list(queries.due_connectors(SYSTEM)) == [connector]


def test_failures_back_off_and_show_and_one_success_heals(source, connector):
    source.status = 500
    with clock.frozen(clock.now()) as at:
        waits = []
        for _ in range(12):
            assert services.poll(connector) == "failed"
            waits.append((connector.next_at - at) / timedelta(minutes=connector.every_minutes))
        assert waits[:4] == [2, 4, 8, 16]
        assert connector.next_at - at == timedelta(hours=24), "at most a day"
    connector.refresh_from_db()
    assert connector.failures == 12 and "500" in connector.last_error
    assert connector.last_good_at is None
    source.status = 200
    assert services.poll(connector) == "changed"
    assert (connector.failures, connector.last_error) == (0, "") and connector.last_good_at


@pytest.mark.parametrize("body", [b"", b"<html>maintenance</html>", b"{"])
def test_an_answer_that_is_no_feed_is_a_failure(source, connector, body):
    services.poll(connector)
    source.body, source.etag = body, '"broken"'
    assert services.poll(connector) == "failed"
    assert connector.last_error and Signal.objects.filter(state="active").count() == 1
    assert connector.etag != '"broken"', "the same broken answer is read again, not taken as known"


def test_too_large_is_refused_while_it_arrives(source, connector, monkeypatch):
    monkeypatch.setattr(connectors, "LIMIT_BYTES", 100)
    assert services.poll(connector) == "failed"
    assert "larger than" in connector.last_error and not Signal.objects.exists()


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/feed", "http://[bad", "http://.invalid/x"])
def test_an_address_that_leads_nowhere_is_a_failure(team, url):
    connector = Connector.objects.create(name="dead", url=url, enabled=True)
    assert services.poll(connector) == "failed"
    assert connector.failures == 1


def test_redirects_end_and_lead_to_no_file(source, connector):
    source.status, source.location = 302, "file:///etc/passwd"
    assert services.poll(connector) == "failed"
    source.location = source.url
    assert services.poll(connector) == "failed"
    assert len(source.asked) < 12


def test_switching_by_name(team):
    on = services.switch(actor=team.leader, name="gdacs", on=True)
    assert (on.enabled, on.kind, on.url[:8]) == (True, "gdacs", "https://")
    assert list(queries.due_connectors(SYSTEM)) == [on]
    off = services.switch(actor=team.leader, name="gdacs", on=False)
    assert off.pk == on.pk and not queries.due_connectors(SYSTEM)
    assert AuditEntry.objects.filter(kind="connector", record=str(on.pk)).count() == 2


@pytest.mark.parametrize(
    "given",
    [
        {"name": "unheard-of"},
        {"name": "mine", "url": "file:///etc/passwd"},
        {"name": "mine", "url": "ftp://example.org/x"},
        {"name": "mine", "url": "http://"},
        {"name": "mine", "url": "https://example.org/" + "x" * 600},
        {"name": "Not a slug!", "url": "https://example.org/"},
        {"name": "", "url": "https://example.org/"},
        {"name": "x" * 80, "url": "https://example.org/"},
        {"name": "mine", "url": "https://example.org/", "kind": "horoscope"},
    ],
)
def test_what_cannot_be_switched_on(team, given):
    with pytest.raises(Refused) as refused:
        services.switch(actor=team.leader, on=True, **given)
    assert refused.value.what and not Connector.objects.exists()


def test_a_new_address_is_not_asked_with_the_marks_of_the_old(source, connector):
    services.poll(connector)
    assert connector.etag
    moved = services.switch(actor=SYSTEM, name="local", on=True, url=source.url + "/new")
    services.poll(moved)
    assert "if-none-match" not in source.asked[-1]


def test_switching_on_again_forgets_the_failures(source, connector):
    source.status = 500
    services.poll(connector)
    again = services.switch(actor=SYSTEM, name="local", on=True)
    assert (again.failures, again.last_error) == (0, "")
    assert again in queries.due_connectors(SYSTEM)


def test_nothing_is_called_while_off(source, connector):
    from varangian.intelligence.jobs import poll_feeds

    services.switch(actor=SYSTEM, name="local", on=False)
    poll_feeds(timestamp=0)
    assert source.asked == []
    services.switch(actor=SYSTEM, name="local", on=True)
    poll_feeds(timestamp=0)
    assert len(source.asked) == 1
    poll_feeds(timestamp=0)
    assert len(source.asked) == 1, "not due yet"


def test_who_switches(team):
    for role in (Role.OFFICER, Role.DRIVER, Role.CLIENT):
        with pytest.raises(Denied):
            services.switch(actor=factories.member(team.operation, role), name="gdacs", on=True)
    for fields in ({}, {"is_administrator": True}, {"is_auditor": True}):
        with pytest.raises(Denied):
            services.switch(actor=factories.person(**fields), name="gdacs", on=True)
    assert not Connector.objects.exists()
