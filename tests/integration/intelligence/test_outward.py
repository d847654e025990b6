"""A connector leads outside: not to the house's own network, whatever name or redirect says so."""

import socket

import pytest
from tests.integration.intelligence.feeds import feed, item
from tests.integration.intelligence.test_connectors import connector, source  # noqa: F401

from varangian.intelligence import jobs, services
from varangian.intelligence.models import Connector, Signal
from varangian.intelligence.services import outward
from varangian.kernel.results import Refused
from varangian.platform.access.scope import SYSTEM

pytestmark = pytest.mark.django_db
INSIDE = [
    *("127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1"),
    *("169.254.169.254", "100.64.0.1", "100.100.100.200", "168.63.129.16", "224.0.0.1"),
    *("::1", "::", "fe80::1", "fd00:ec2::254", "ff02::1", "::ffff:10.0.0.1"),
    *("64:ff9b::a9fe:a9fe", "2002:7f00:1::", "255.255.255.255"),
]


@pytest.fixture
def names(monkeypatch) -> dict[str, list[str]]:
    """What names resolve to; numbers stay what they are."""
    table: dict[str, list[str]] = {}
    real = socket.getaddrinfo

    def fake(host, port, *given, **named):
        found = table.get(host, [host])
        return [row for one in found for row in real(one, port, *given, **named)]

    monkeypatch.setattr(socket, "getaddrinfo", fake)
    return table


@pytest.mark.parametrize("address", INSIDE)
def test_inside_addresses(address):
    assert not outward.allowed(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "8.8.8.8"])
def test_outside_addresses(address):
    assert outward.allowed(address)
    assert outward.judge(address) == address


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:5432/", "http://[::1]/", "http://LOCALHOST/", "http://169.254.169.254/x",
     "http://feeds.localhost/"],
)  # fmt: skip
def test_switching_on_refuses_what_is_inside_by_its_spelling(team, names, url):
    names.update({"localhost": ["127.0.0.1"], "feeds.localhost": ["127.0.0.1"]})
    with pytest.raises(Refused, match="inside the own network") as refused:
        services.switch(actor=team.leader, name="mine", on=True, url=url)
    assert "VARANGIAN_FEEDS_INSIDE" in refused.value.mend
    assert not Connector.objects.exists()


def test_a_name_that_resolves_inside_is_not_called(source, connector, names, settings):  # noqa: F811
    settings.FEEDS_INSIDE = []
    for found in (["127.0.0.1"], ["93.184.216.34", "127.0.0.1"]):
        names["feeds.example.org"] = found
        connector.url = source.url.replace("127.0.0.1", "feeds.example.org")
        assert services.poll(connector) == "failed"
        assert "inside the own network" in connector.last_error
    assert source.asked == []


def test_a_redirect_inside_is_not_followed(source, connector, names, settings):  # noqa: F811
    settings.FEEDS_INSIDE = ["feeds.example.org"]
    names["feeds.example.org"] = ["127.0.0.1"]
    connector.url = source.url.replace("127.0.0.1", "feeds.example.org")
    source.status, source.location = 302, source.url
    assert services.poll(connector) == "failed"
    assert "inside the own network" in connector.last_error
    assert len(source.asked) == 1


def test_what_is_allowed_by_name_is_called_under_its_name(source, connector, names, settings):  # noqa: F811
    settings.FEEDS_INSIDE = ["feeds.example.org"]
    names["feeds.example.org"] = ["127.0.0.1"]
    connector.url = source.url.replace("127.0.0.1", "feeds.example.org")
    assert services.poll(connector) == "changed"
    assert source.asked[0]["host"].startswith("feeds.example.org:")


def test_no_transaction_is_held_while_the_source_is_asked(source, connector, monkeypatch):  # noqa: F811
    open_units: list[str] = []
    seen: list[int] = []
    real_acting, real_ask = jobs.acting, services.ask

    class Unit:
        def __init__(self, actor, purpose=""):
            self.inner, self.purpose = real_acting(actor, purpose=purpose), purpose

        def __enter__(self):
            open_units.append(self.purpose)
            return self.inner.__enter__()

        def __exit__(self, *given):
            open_units.pop()
            return self.inner.__exit__(*given)

    def ask(one):
        seen.append(len(open_units))
        return real_ask(one)

    monkeypatch.setattr(jobs, "acting", Unit)
    monkeypatch.setattr(services, "ask", ask)
    jobs.poll_feeds(timestamp=0)
    assert seen == [0]
    assert Signal.objects.count() == 1


def test_switched_off_while_it_was_called_stays_off(team, source, connector):  # noqa: F811
    source.body = feed(item("s2", team.start))
    answer = services.ask(connector)
    services.switch(actor=SYSTEM, name="local", on=False)
    services.keep(connector, answer)
    assert not Connector.objects.get().enabled
