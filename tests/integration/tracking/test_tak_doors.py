"""CloudTAK's way in, and missions: the doors asked as clients ask them, without sockets."""

import base64
import hashlib
import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from tests.factories import member, operation, person, signed_in
from tests.integration.tracking.test_tak import enrolled, request

from varangian.kernel.clock import frozen, now
from varangian.platform.access.context import as_house
from varangian.platform.access.models import Membership
from varangian.platform.access.roles import Role
from varangian.platform.access.services import deactivate
from varangian.tracking.models import TakInvitation
from varangian.tracking.queries import tak as queries
from varangian.tracking.services import tak
from varangian.tracking.tak import house as real
from varangian.tracking.tak import logins, wires
from varangian.tracking.tak.authority import fingerprint
from varangian.tracking.tak.cot import parse
from varangian.tracking.tak.doors import Marti
from varangian.tracking.tak.entrance import Enrolment
from varangian.tracking.tak.relay import Relay
from varangian.tracking.tak.web import Asked

pytestmark = pytest.mark.django_db
HEX = "/Marti/api/missions"


class House:
    """In the thread of the test: its transaction is the only one that knows the rows."""

    def __init__(self):
        self.stream = SimpleNamespace(relay=Relay())

    async def seat(self, shown):
        return real._seat(queries.admitted([shown])[shown])

    async def work(self, what):
        with as_house(purpose="test"):
            return what()

    async def speak(self, device_id, what):
        return real._as_carrier(device_id, what)


@pytest.fixture(scope="module")
def key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def place():
    return operation(person("Lea Leader"))


@pytest.fixture
def officer(place):
    return member(place, Role.OFFICER, person("Otto Officer"))


@pytest.fixture
def client(place, officer):
    return tak.add_client(actor=officer, operation=place, label="Web", person=officer)


@pytest.fixture
def doors():
    house = House()
    inside = Marti(house, 8443)
    return SimpleNamespace(
        marti=inside, enrolment=Enrolment(house, (8089, 8446, 8443), lambda: 0.0, inside)
    )


def ask(door, path, method="GET", body=b"", shown="", query=None, **headers):
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    asked = Asked(method, path, query or {}, {"host": "tak.host"} | told, body, shown, "peer")
    try:
        door(asked).send(None)
    except StopIteration as end:
        return end.value
    raise AssertionError("nothing here waits")


def sign_in(doors, secret):
    query = {"grant_type": "password", "username": "device-x", "password": secret}
    return ask(doors.enrolment, "/oauth/token", "POST", query=query)


def basic(secret):
    return "Basic " + base64.b64encode(f"device-x:{secret}".encode()).decode()


def as_cloudtak_reads(token):
    """It decodes it all in one go and takes what stands in the second braces."""
    data = "".join(token.split(".")[:2])
    raw = base64.b64decode(data + "=" * (-len(data) % 4), altchars=b"-_")
    return json.loads(raw.split(b"}")[1] + b"}")


def test_cloudtak_signs_in_takes_its_certificate_and_comes_back(client, officer, doors, key):
    secret = tak.invite_client(actor=officer, device=client, standing=True)
    for days in (0, 60):
        with frozen(now() + timedelta(days=days)):
            told = json.loads(sign_in(doors, secret).body)
            assert told["token_type"] == "bearer"
            assert as_cloudtak_reads(told["access_token"])["sub"] == tak.username_of(client)
            answer = ask(
                doors.enrolment, "/Marti/api/tls/signClient/v2", "POST", request(key),
                query={"clientUid": "device-x (ETL)"},
                authorization=basic(secret), accept="application/json",
            )  # fmt: skip
            assert answer.status == 200 and answer.kind == "application/json"
    with_token = {"authorization": f"Bearer {told['access_token']}"}
    seen = ask(doors.enrolment, "/Marti/api/groups/all", **with_token)
    assert json.loads(seen.body)["data"][0]["active"]
    tak.shut_out(actor=officer, device=client)
    assert ask(doors.enrolment, "/Marti/api/groups/all", **with_token).status == 403
    assert sign_in(doors, secret).status == 401


def test_a_wrong_word_and_a_forged_token_open_nothing(client, officer, doors):
    answer = sign_in(doors, "GUESSED")
    assert answer.status == 401 and json.loads(answer.body)["error"] == "invalid_grant"
    token = logins.token_for(client.pk, "device-x")
    assert logins.device_of(token) == client.pk
    head, body, seal = token.split(".")
    for bad in ("", "a.b.c", f"{head}.{body}.{seal[:-2]}AA", f"{head}.{body}."):
        assert logins.device_of(bad) is None
    with frozen(now() + timedelta(hours=9)):
        assert logins.device_of(token) is None
    answer = ask(doors.enrolment, "/Marti/api/groups/all", authorization=f"Bearer {token}")
    assert answer.status == 403, "a token without a certificate is worth nothing"
    for _ in range(10):
        answer = sign_in(doors, "GUESSED")
    assert answer.status == 429
    assert ask(doors.enrolment, "/oauth/token").status == 429


def test_the_way_of_oauth_in_a_form_and_other_grants(client, officer, doors):
    secret = tak.invite_client(actor=officer, device=client, standing=True)
    body = f"grant_type=password&username=x&password={secret}".encode()
    kind = {"content_type": "application/x-www-form-urlencoded"}
    assert ask(doors.enrolment, "/oauth/token", "POST", body, **kind).status == 200
    answer = ask(doors.enrolment, "/oauth/token", "POST", query={"grant_type": "code"})
    assert answer.status == 400 and b"unsupported_grant_type" in answer.body
    assert ask(doors.enrolment, "/oauth/token").status == 405


@pytest.fixture
def pair(client, place, officer, key, doors, monkeypatch):
    """Two clients of one operation, and what the stream is told."""
    other = tak.add_client(actor=officer, operation=place, label="Phone", person=officer)
    heard = []
    monkeypatch.setattr(wires, "tell", lambda circle, raw, sender: heard.append(parse(raw)) or True)
    found = [fingerprint(enrolled(one, officer, key, uid)) for one, uid in
             ((client, "WEB"), (other, "PHONE"))]  # fmt: skip

    def marti(number, path, method="GET", body=None, **query):
        data = b"" if body is None else json.dumps(body).encode()
        return ask(doors.marti, path, method, data, found[number], query)

    return SimpleNamespace(
        ask=marti, heard=heard, doors=doors, shown=found, devices=(client, other)
    )


def upload(pair, data):
    answer = ask(
        pair.doors.marti, "/Marti/sync/upload", "POST", data, pair.shown[0],
        {"name": "way.kml", "creatorUid": "WEB"}, content_type="application/xml",
    )  # fmt: skip
    assert answer.status == 200, answer.body
    return hashlib.sha256(data).hexdigest()


def data(answer):
    assert answer.status in (200, 201), answer.body
    return json.loads(answer.body)["data"]


def test_a_mission_is_made_filled_listened_to_and_ended(pair):
    made = pair.ask(0, f"{HEX}/Night watch", "POST", creatorUid="WEB", description="South gate")
    assert made.status == 201 and data(made)[0]["description"] == "South gate"
    guid = data(made)[0]["guid"]
    assert [one["name"] for one in data(pair.ask(1, HEX))] == ["Night watch"]
    listening = pair.ask(1, f"{HEX}/Night watch/subscription", "PUT", uid="PHONE")
    assert listening.status == 201 and data(listening)["role"]["type"] == "MISSION_SUBSCRIBER"
    digest = upload(pair, b"<kml/>")
    address = f"{HEX}/Night watch/contents"
    after = pair.ask(0, address, "PUT", {"hashes": [digest]}, creatorUid="WEB")
    (held,) = data(after)[0]["contents"]
    assert held["data"]["hash"] == digest and held["data"]["name"] == "way.kml"
    pair.ask(0, address, "PUT", {"hashes": [digest]}, creatorUid="WEB")
    pair.ask(0, address, "DELETE", hash=digest, creatorUid="WEB")
    kinds = [one["type"] for one in data(pair.ask(1, f"{HEX}/guid/{guid}/changes"))]
    assert kinds == ["REMOVE_CONTENT", "ADD_CONTENT", "CREATE_MISSION"]
    assert data(pair.ask(1, f"{HEX}/Night watch/changes", secago="0")) == []
    told = data(pair.ask(1, f"{HEX}/Night watch", changes="true"))[0]
    assert len(told["missionChanges"]) == 3 and told["contents"] == []
    types = [event.type for event in pair.heard]
    assert types == ["t-x-m-n", "t-x-m-c", "t-x-m-c"]
    assert pair.heard[1].to == [("PHONE", "")]
    assert digest in pair.heard[1].raw.decode()
    assert data(pair.ask(0, f"{HEX}/Night watch/subscriptions")) == ["PHONE"]
    assert pair.ask(1, f"{HEX}/Night watch/subscription", "DELETE", uid="PHONE").status == 200
    assert pair.ask(1, f"{HEX}/Night watch/subscription", uid="PHONE").status == 404
    assert pair.ask(1, f"{HEX}/Night watch", "DELETE").status == 403, "not the one who opened it"
    assert pair.ask(0, HEX, "DELETE", guid=guid).status == 200
    assert data(pair.ask(1, HEX)) == [] and pair.heard[-1].type == "t-x-m-d"
    assert pair.ask(1, f"{HEX}/Night watch").status == 404


def test_what_of_missions_is_not_served_is_said(pair):
    pair.ask(0, f"{HEX}/A", "POST", creatorUid="WEB")
    assert data(pair.ask(0, f"{HEX}/A/keywords", "PUT", ["night"]))[0]["keywords"] == ["night"]
    assert data(pair.ask(0, f"{HEX}/A", "POST", creatorUid="WEB"))[0]["keywords"] == ["night"]
    for method, tail in (("PUT", "A/layers"), ("POST", "logs/entries"), ("GET", "A/archive")):
        assert pair.ask(0, f"{HEX}/{tail}", method).status == 501
    marked = pair.ask(0, f"{HEX}/A/contents", "PUT", {"uids": ["marker-1"]})
    assert marked.status == 501 and b"no markers" in marked.body
    assert pair.ask(0, "/Marti/api/injectors/cot/uid", "POST").status == 501
    assert data(pair.ask(0, f"{HEX}/all/invitations")) == []
    assert b"<events>" in pair.ask(0, f"{HEX}/A/cot").body
    for bad in ("not json", {"hashes": "x"}, {"hashes": ["0" * 64]}):
        assert pair.ask(0, f"{HEX}/A/contents", "PUT", bad).status in (400, 404, 422)
    assert pair.ask(0, f"{HEX}/B", "POST", password="x").status in (400, 422)
    assert pair.ask(0, f"{HEX}/A/changes", start="yesterday").status in (400, 422)


def test_a_mission_is_seen_in_its_operation_only_and_by_people(pair, place, officer, key):
    pair.ask(0, f"{HEX}/Night watch", "POST", creatorUid="WEB")
    elsewhere = operation(person("Other Leader"))
    stranger = member(elsewhere, Role.OFFICER, person())
    device = tak.add_client(actor=stranger, operation=elsewhere, label="x", person=stranger)
    shown = fingerprint(enrolled(device, stranger, key))
    assert data(ask(pair.doors.marti, HEX, shown=shown)) == []
    assert ask(pair.doors.marti, f"{HEX}/Night watch", shown=shown).status == 404
    assert b"Night watch" in signed_in(officer).get(f"/tak/{place.slug}/").content
    assert signed_in(stranger).get(f"/tak/{place.slug}/").status_code == 404


def test_a_sign_in_is_given_on_screen_and_dies_with_the_next(client, officer, doors):
    page = signed_in(officer).post(f"/tak/clients/{client.pk}/sign-in/")
    assert b"ssl://" in page.content and tak.username_of(client).encode() in page.content
    first = TakInvitation.objects.get(device=client)
    assert first.standing and first.expires_at > now() + timedelta(days=80)
    tak.invite_client(actor=officer, device=client)
    first.refresh_from_db()
    assert first.expires_at <= now()


def test_whoever_left_signs_in_no_more(client, officer, place, doors, key):
    secret = tak.invite_client(actor=officer, device=client, standing=True)
    Membership.objects.filter(user=officer).update(until=now() - timedelta(minutes=1))
    assert sign_in(doors, secret).status == 401
    Membership.objects.filter(user=officer).update(until=None)
    assert sign_in(doors, secret).status == 200
    deactivate(actor=person("Ann", is_administrator=True), user=officer)
    assert sign_in(doors, secret).status == 401
