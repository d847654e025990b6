"""Who is shut out of the house: phones, trackers, TAK certificates and duress keys end at once."""

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from tests import factories
from tests.integration.tracking.test_tak import enrolled, seat

from varangian.kernel.clock import now
from varangian.kernel.results import Denied
from varangian.platform.access.roles import Role
from varangian.platform.access.services import deactivate, reactivate
from varangian.protection import door
from varangian.protection.models import DuressKey, Press
from varangian.protection.services import keys, phones
from varangian.tracking.models import Device, TakInvitation
from varangian.tracking.services import tak
from varangian.tracking.services.devices import enrol

pytestmark = pytest.mark.django_db
PHONE = "a" * 20


@pytest.fixture
def scene():
    leader, chief = factories.person("Lea Leader"), factories.person("Ann", is_administrator=True)
    operation = factories.operation(leader)
    officer = factories.member(operation, Role.OFFICER, factories.person("Otto Officer"))
    other = factories.member(operation, Role.OFFICER, factories.person("Pia Officer"))
    return leader, chief, operation, officer, other


def all_of(officer, operation):
    phones.open_phone(actor=officer, device=PHONE + str(officer.pk.hex[-8:]), session="gone")
    _, secret = keys.issue_key(actor=officer, label="Phone")
    device, _ = enrol(
        actor=officer, operation=operation, kind="owntracks", label="Phone", person=officer
    )
    client = tak.add_client(actor=officer, operation=operation, label="ATAK", person=officer)
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return secret, device, enrolled(client, officer, key, uid=officer.email)


def test_everything_of_theirs_ends_at_once_and_nothing_of_the_others(scene):
    _, chief, operation, officer, other = scene
    secret, device, certificate = all_of(officer, operation)
    kept, beside, good = all_of(other, operation)
    deactivate(actor=chief, user=officer)
    assert phones.to_be_wiped(PHONE + officer.pk.hex[-8:])
    assert officer.phones.get().secret is None
    assert (
        seat(certificate) is None
        and not Device.objects.filter(person=officer, revoked_at=None).exists()
    )
    assert not TakInvitation.objects.filter(device__person=officer, expires_at__gt=now()).exists()
    assert door.hear(secret, {"key": "after"}, patience=0)[0] == 404
    assert not Press.objects.exists()
    assert not phones.to_be_wiped(PHONE + other.pk.hex[-8:])
    assert seat(good) and Device.objects.get(pk=beside.pk).live
    assert DuressKey.objects.get(person=other).revoked_at is None
    assert door.hear(kept, {"key": "theirs"}, patience=0)[0] == 200


def test_who_is_let_in_again_begins_anew(scene):
    """Nothing that lay in a drawer meanwhile comes back to life by itself."""
    _, chief, operation, officer, _ = scene
    secret, device, certificate = all_of(officer, operation)
    deactivate(actor=chief, user=officer)
    reactivate(actor=chief, user=officer)
    officer.refresh_from_db()
    assert seat(certificate) is None and not Device.objects.get(pk=device.pk).live
    assert door.hear(secret, {"key": "old"}, patience=0)[0] == 404
    name = PHONE + officer.pk.hex[-8:]
    assert phones.open_phone(actor=officer, device=name) == {"wipe": True}
    phones.emptied(actor=officer, device=name)
    assert phones.open_phone(actor=officer, device=name)["secret"]


def test_only_an_administrator_shuts_out(scene):
    leader, _, operation, officer, _ = scene
    all_of(officer, operation)
    with pytest.raises(Denied):
        deactivate(actor=leader, user=officer)
    assert officer.phones.get().wiped_at is None
