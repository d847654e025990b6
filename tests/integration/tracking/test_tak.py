"""TAK clients: brought in, let in, shut out; their calls for help; their data packages."""

import io
import zipfile
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from tests.factories import member, operation, person, signed_in

from varangian.kernel.clock import frozen, now
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.operations.services import start_duty
from varangian.platform.access.models import Membership
from varangian.platform.access.roles import Role
from varangian.platform.access.services import issue_token
from varangian.tracking.events import sos_cancelled, sos_heard
from varangian.tracking.models import Beacon, TakCertificate
from varangian.tracking.queries import tak as queries
from varangian.tracking.services import tak
from varangian.tracking.tak import authority, ways_in, wires
from varangian.tracking.tak.packages import form_file

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def leader():
    return person("Lea Leader")


@pytest.fixture
def place(leader):
    return operation(leader)


@pytest.fixture
def officer(place):
    return member(place, Role.OFFICER, person("Otto Officer"))


@pytest.fixture
def client(place, officer):
    return tak.add_client(actor=officer, operation=place, label="Phone", person=officer)


def request(key, name="somebody else"):
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = x509.CertificateSigningRequestBuilder().subject_name(subject)
    pem = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    return b"\n".join(pem.splitlines()[1:-1])


def enrolled(client, actor, key, uid="ANDROID-1"):
    secret = tak.invite_client(actor=actor, device=client)
    return tak.sign_for(secret=secret, request=request(key), client_uid=uid)


def seat(certificate):
    shown = authority.fingerprint(certificate)
    return queries.admitted([shown])[shown]


def test_a_certificate_carries_the_name_of_the_house_and_opens_its_own_operation(
    client, officer, key, place
):
    certificate = enrolled(client, officer, key)
    (name,) = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    assert name.value == "Phone"
    certificate.verify_directly_issued_by(authority.authority().certificate)
    found = seat(certificate)
    assert (found.device, found.compartment) == (client.pk, place.compartment_id)
    assert not found.shares, "nobody is on duty"
    start_duty(actor=officer, operation=place)
    assert seat(certificate).shares


def test_an_invitation_is_for_one_client_and_ends(client, officer, key):
    secret = tak.invite_client(actor=officer, device=client)
    first = tak.sign_for(secret=secret.lower(), request=request(key), client_uid="ANDROID-1")
    again = tak.sign_for(secret=secret, request=request(key), client_uid="ANDROID-1")
    assert seat(first) is None and seat(again), "an answer lost on the way is given again"
    with pytest.raises(Denied):
        tak.sign_for(secret=secret, request=request(key), client_uid="ANDROID-2")
    with frozen(now() + timedelta(minutes=16)), pytest.raises(Denied):
        tak.sign_for(secret=secret, request=request(key), client_uid="ANDROID-1")
    with pytest.raises(Denied):
        tak.sign_for(secret="GUESSED", request=request(key), client_uid="x")


def test_what_is_no_good_request_is_not_signed(client, officer):
    secret = tak.invite_client(actor=officer, device=client)
    weak = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    for bad in (b"", b"nonsense", request(weak)):
        with pytest.raises(Refused):
            tak.sign_for(secret=secret, request=bad, client_uid="x")


def test_shut_out_is_out_and_so_is_who_left_the_team(client, officer, leader, key, place):
    certificate = enrolled(client, officer, key)
    seats = Membership.objects.filter(user=officer, compartment_id=place.compartment_id)
    seats.update(until=now() - timedelta(minutes=1))
    assert seat(certificate) is None
    seats.update(until=None)
    assert seat(certificate)
    officer.is_active = False
    officer.save()
    assert seat(certificate) is None
    officer.is_active = True
    officer.save()
    tak.shut_out(actor=leader, device=client)
    assert seat(certificate) is None


def test_whoever_oversees_the_engagement_may_connect(leader, place, key):
    above = person("Ola Operator")
    Membership.objects.create(
        compartment_id=place.engagement.compartment_id, user=above, role=Role.OPERATOR
    )
    device = tak.add_client(actor=leader, operation=place, label="Desk", person=above)
    assert seat(enrolled(device, leader, key))


def test_an_operation_that_is_over_has_no_clients(client, officer, place, key):
    certificate = enrolled(client, officer, key)
    place.state = "closed"
    place.save()
    assert seat(certificate) is None


def test_an_officer_brings_in_their_own_client_only(client, officer, place, leader):
    other = member(place, Role.OFFICER, person())
    for who in (other, None):
        with pytest.raises(Denied):
            tak.add_client(actor=officer, operation=place, label="x", person=who)
    with pytest.raises(Denied):
        tak.invite_client(actor=other, device=client)
    with pytest.raises(Refused):
        tak.add_client(actor=leader, operation=place, label="x", person=person("A stranger"))
    stranger = person()
    with pytest.raises(NotFound):
        queries.client(stranger, client.pk)


def test_a_uid_belongs_to_the_device_that_said_it_first(client, officer, leader, place):
    other = tak.add_client(actor=leader, operation=place, label="Car")
    told = {"callsign": "OTTO", "client": "ATAK 5", "host": ""}
    assert tak.note_presence(device_id=client.pk, uid="ANDROID-1", **told)
    assert not tak.note_presence(device_id=other.pk, uid="ANDROID-1", **told)
    assert tak.note_presence(device_id=client.pk, uid="ANDROID-1", **told)


def call(client, uid="ANDROID-1-9-1-1"):
    at = now()
    return tak.open_beacon(
        device_id=client.pk, uid=uid, kind="b-a-o-tbl", at=at, position=(60.1, 24.9), event=b"<e/>"
    )


def test_a_call_for_help_is_one_however_often_it_is_repeated(client, officer):
    heard, off = [], []
    on_heard = lambda **told: heard.append(told)  # noqa: E731
    on_off = lambda **told: off.append(told)  # noqa: E731
    sos_heard.connect(on_heard)
    sos_cancelled.connect(on_off)
    try:
        assert call(client) and not call(client)
        tak.cancel_beacon(device_id=client.pk, uid="ANDROID-1-9-1-1", at=now())
        assert not tak.cancel_beacon(device_id=client.pk, uid="ANDROID-1-9-1-1", at=now())
        assert call(client)
    finally:
        sos_heard.disconnect(on_heard)
        sos_cancelled.disconnect(on_off)
    assert [one["person"] for one in heard] == [officer, officer]
    assert heard[0]["key"] == off[0]["key"] != heard[1]["key"]
    assert heard[0]["position"] == (60.1, 24.9) and heard[0]["via"] == "tak"
    assert Beacon.objects.filter(cancelled_at=None).count() == 1
    client.refresh_from_db()
    assert client.emergency_until > now()


def test_the_house_ends_the_calls_of_a_person_on_every_map(client, officer, place):
    call(client)
    assert tak.end_beacons(person_id=officer.pk) == 1
    assert tak.end_beacons(person_id=officer.pk) == 0
    assert queries.standing_beacons(place.compartment_id) == []


def test_an_event_goes_between_the_machines_whole_or_not_at_all(place):
    assert wires.tell(place.compartment_id, b"<event/>", sender="one")
    assert not wires.tell(place.compartment_id, b"x" * 7000, sender="one")


def test_who_joins_later_is_told_of_calls_that_are_open(client, place):
    call(client)
    assert queries.standing_beacons(place.compartment_id) == [b"<e/>"]


def test_a_package_is_kept_once_and_for_its_operation_only(client, officer, place, leader):
    told = {"data": b"PK zip", "media_type": "application/zip", "creator_uid": "ANDROID-1"}
    first = tak.keep_package(actor=officer, device=client, name="way.zip", **told)
    again = tak.keep_package(actor=officer, device=client, name="other.zip", **told)
    assert first.pk == again.pk and first.name == "way.zip"
    stranger = operation(leader)
    with pytest.raises(NotFound):
        queries.package(leader, stranger, first.digest)
    assert queries.package(officer, place, first.digest.upper()).pk == first.pk


def test_the_file_with_keys_opens_with_the_usual_password(client, officer):
    certificate, secret = tak.issue_keys(actor=officer, device=client)
    made = zipfile.ZipFile(io.BytesIO(ways_in.keys_package("op", certificate, secret, "tak.host")))
    assert set(made.namelist()) == {
        "MANIFEST/manifest.xml",
        "config.pref",
        "truststore.p12",
        "client.p12",
    }
    assert b"tak.host:8089:ssl" in made.read("config.pref")
    key, shown, _ = pkcs12.load_key_and_certificates(made.read("client.p12"), b"atakatak")
    assert shown == certificate and key.public_key() == certificate.public_key()
    server_only = zipfile.ZipFile(io.BytesIO(ways_in.trust_package("op")))
    assert "client.p12" not in server_only.namelist()
    assert b"enrollForCertificateWithTrust0" in server_only.read("config.pref")


def test_links_for_the_codes(client):
    way = ways_in.ways_in(client, "SECRET", "tak.host")
    assert way.link.startswith("tak://com.atakmap.app/enroll?host=tak.host&username=device-")
    assert '"connectionString":"tak.host:8089:ssl"' in way.itak


def test_the_file_of_a_form_comes_out_as_it_went_in():
    data = bytes(range(256)) * 3
    body = (
        b'--b1\r\nContent-Disposition: form-data; name="assetfile"; filename="a b.zip"\r\n'
        b"Content-Type: application/zip\r\n\r\n" + data + b"\r\n--b1--\r\n"
    )
    assert form_file("multipart/form-data; boundary=b1", body) == ("a b.zip", data)
    assert form_file("application/zip", data) is None


def test_the_screens_from_adding_a_client_to_shutting_it_out(place, officer):
    browser = signed_in(officer)
    address = f"/tak/{place.slug}/"
    assert b"No TAK client yet" in browser.get(address).content
    page = browser.post(address, {"person": str(officer.pk), "label": "My phone"})
    assert page.status_code == 200 and b"data:image/png" in page.content
    (device,) = queries.clients(officer, place)
    assert b"My phone" in browser.get(f"{address}part/").content
    keys = browser.post(f"/tak/clients/{device.pk}/keys/")
    assert keys.headers["Content-Type"] == "application/zip"
    assert browser.post(f"/tak/clients/{device.pk}/trust/").status_code == 200
    assert TakCertificate.objects.filter(device=device, revoked_at=None).count() == 1
    out = browser.post(f"/tak/clients/{device.pk}/shut-out/", follow=True)
    assert b"no certificate" in out.content
    assert not TakCertificate.objects.filter(device=device, revoked_at=None).exists()


def test_the_same_over_the_api(place, leader, officer):
    from django.test import Client

    _, secret = issue_token(user=leader, label="tests", writes=True)
    api = Client(headers={"Authorization": f"Bearer {secret}"})
    base = f"/api/v1/operations/{place.slug}/tak"
    made = api.post(base, {"person": officer.email}, content_type="application/json").json()
    assert made["person"] == "Otto Officer" and made["state"] == "out"
    way = api.post(f"/api/v1/tak-clients/{made['id']}/invite").json()
    assert way["token"] in way["link"]
    assert api.get(base).json()["items"][0]["state"] == "invited"
    assert api.post(f"/api/v1/tak-clients/{made['id']}/shut-out").json()["state"] == "out"
    assert api.get(f"{base}/packages").json()["items"] == []
    assert api.get(f"{base}/beacons").json()["items"] == []
