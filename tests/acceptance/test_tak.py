"""Two TAK clients and a browser: enrol, see, chat, hand over a package, call for help, shut out."""

import hashlib
import urllib.error
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect
from tests.acceptance.browser import sit_down
from tests.acceptance.house import House
from tests.acceptance.tak import Phone
from tests.seed import furnish
from tests.stack import free_ports, team

OFFICER = "otto@example.org"


@pytest.fixture(scope="module")
def tak_house(tmp_path_factory):
    """Its own: a call for help stays in a house until a second person ends it."""
    ports = ",".join(str(free_ports()) for _ in range(3))
    home = furnish(tmp_path_factory.mktemp("tak"))
    stack = House(home, VARANGIAN_TAK="127.0.0.1", VARANGIAN_TAK_PORTS=ports)
    try:
        yield stack.start()
        assert stack.stop() == 0
        stack.assert_gone()
    finally:
        stack.kill()


@pytest.fixture(scope="module")
def pair(tak_house, tmp_path_factory):
    """One enrols with the code, the other is given its keys."""
    found = SimpleNamespace(team=team(tak_house))
    leader, slug = found.team.leader, found.team.operation
    tak_house.cli("user", "create", OFFICER, "Otto Officer")
    tak_house.cli("member", "add", slug, OFFICER, "officer", actor=leader)
    ports = [int(port) for port in tak_house.environment["VARANGIAN_TAK_PORTS"].split(",")]
    for name, email in (("one", OFFICER), ("two", leader)):
        folder = tmp_path_factory.mktemp(name)
        told = tak_house.cli("tak", "add", slug, "--person", email, actor=leader)
        done = tak_house.run("--as", leader, "tak", "package", told["id"], "--out", str(folder))
        assert done.code == 0, done.err
        phone = Phone(folder, ports, f"ANDROID-{name}", f"CALL {name.upper()}")
        phone.client = told["id"]
        setattr(found, name, phone)
    way = tak_house.cli("tak", "invite", found.one.client, actor=leader)
    found.one.enrol(way["username"], way["token"])
    for phone in (found.one, found.two):
        phone.connect().say()
    return found


def test_each_is_in_the_contacts_of_the_other(pair) -> None:
    assert pair.one.hears(b'callsign="CALL TWO"') and pair.two.hears(b'callsign="CALL ONE"')
    names = {row["callsign"] for row in pair.one.marti("api/contacts/all")}
    assert {"CALL ONE", "CALL TWO"} <= names
    groups = pair.one.marti("api/groups/all")["data"]
    assert {row["direction"] for row in groups} == {"IN", "OUT"}


def test_a_message_reaches_whom_it_names(pair) -> None:
    detail = '<marti><dest callsign="CALL TWO"/></marti><remarks>car is round the corner</remarks>'
    pair.one.say("b-t-f", detail, uid="GeoChat.one")
    assert pair.two.hears(b"car is round the corner")


def test_a_package_goes_from_one_to_the_other_and_the_page(pair, tak_house) -> None:
    data = b"PK\x03\x04 an invented package"
    digest = hashlib.sha256(data).hexdigest()
    form = (
        b'--b1\r\nContent-Disposition: form-data; name="assetfile"; filename="way.zip"\r\n'
        b"Content-Type: application/zip\r\n\r\n" + data + b"\r\n--b1--\r\n"
    )
    path = f"/Marti/sync/missionupload?hash={digest}&filename=way.zip&creatorUid={pair.one.uid}"
    link = pair.one.ask(2, path, form, Content_Type="multipart/form-data; boundary=b1").decode()
    assert pair.two.ask(2, link.split(str(pair.two.ports[2]))[1]) == data
    assert pair.two.marti("sync/search")["results"][0]["Hash"] == digest
    assert tak_house.cli("tak", "packages", pair.team.operation)[0]["name"] == "way.zip"


def test_a_call_for_help_is_on_the_page_until_it_is_taken_back(pair, tak_house, browser) -> None:
    seat = sit_down(browser, tak_house, pair.team.leader)
    page = seat.go(f"/tak/{pair.team.operation}/")
    page.get_by_text("live", exact=True).first.wait_for()
    expect(page.get_by_text("CALL ONE")).to_be_visible()
    beacon = f"{pair.one.uid}-9-1-1"
    pair.one.say("b-a-o-tbl", '<emergency type="911 Alert">CALL ONE</emergency>', uid=beacon)
    assert pair.two.hears(b"b-a-o-tbl", 5)
    notice = page.locator("#tak-rows [role=alert]").filter(has_text="calls for help")
    expect(notice).to_be_visible(timeout=20_000)
    pair.one.say("b-a-o-tbl", '<emergency type="911 Alert">CALL ONE</emergency>', uid=beacon)
    assert len(tak_house.cli("tak", "beacons", pair.team.operation)) == 1
    pair.one.say("b-a-o-can", '<emergency cancel="true">CALL ONE</emergency>', uid=beacon)
    expect(notice).to_be_hidden(timeout=20_000)
    seat.assert_clean()
    seat.context.close()


def test_shut_out_is_out(pair, tak_house) -> None:
    done = tak_house.run("--as", pair.team.leader, "tak", "shut-out", pair.one.client)
    assert done.code == 0, done.err
    assert pair.one.is_out()
    assert pair.two.hears(b"t-x-d-d"), "the others are told"
    with pytest.raises(urllib.error.HTTPError, match="403"):
        pair.one.marti("api/contacts/all")
