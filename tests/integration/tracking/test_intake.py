"""From a batch of fixes to the tables: what is kept, what is counted, what the screens are told."""

from datetime import timedelta

import pytest
from django.db import connection
from tests.factories import operation, person

from varangian.kernel.clock import now
from varangian.operations.services import start_duty
from varangian.platform.access.roles import Role
from varangian.tracking import store
from varangian.tracking.fix import Fix
from varangian.tracking.models import Device, LastPosition, Position, Refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def device():
    return on_duty()


def on_duty(**fields) -> Device:
    from tests.factories import member

    where = operation()
    who = member(where, Role.OFFICER, person())
    start_duty(actor=who, operation=where)
    given = {"kind": "owntracks", "label": "Phone of one", **fields}
    return Device.objects.create(
        compartment_id=where.compartment_id, operation=where, person=who, **given
    )


def fix(device, seconds_ago: float = 0, lat: float = 60.17, lon: float = 24.94, **given) -> Fix:
    at = now() - timedelta(seconds=seconds_ago)
    return Fix(device.pk, at, now(), lat, lon, **{"accuracy": 5.0, "source": "test", **given})


def write(*fixes: Fix) -> list[str]:
    with connection.cursor() as cursor:
        return store.write(cursor, list(fixes))


def test_a_batch_is_kept_and_the_newest_is_the_last(device):
    assert write(fix(device, 30), fix(device, 5, lat=60.171), fix(device, 60)) == ["", "", ""]
    assert Position.objects.filter(device=device).count() == 3
    assert LastPosition.objects.get(device=device).lat == 60.171


def test_what_was_queued_on_the_way_does_not_move_the_device_back(device):
    write(fix(device, 5, lat=60.171))
    assert write(fix(device, 3600)) == [""]
    assert LastPosition.objects.get(device=device).lat == 60.171
    assert Position.objects.filter(device=device).count() == 2


def test_sent_twice_is_kept_once_and_counted(device):
    one = fix(device, 5)
    assert write(one, one) == ["", "duplicate"]
    assert write(one) == ["duplicate"]
    assert Position.objects.filter(device=device).count() == 1
    assert Refusal.objects.get(device=device, reason="duplicate").count == 2


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"lat": 0.0, "lon": 0.0}, "null_island"),
        ({"lat": float("nan")}, "coordinates"),
        ({"lat": 91.0}, "coordinates"),
        ({"seconds_ago": -86_400}, "future"),
        ({"seconds_ago": 86_400 * 400}, "past"),
    ],
)
def test_what_is_not_believed_is_counted_with_its_reason_and_is_not_on_the_map(
    device, given, reason
):
    assert write(fix(device, **given)) == [reason]
    assert not Position.objects.filter(device=device).exists()
    assert not LastPosition.objects.filter(device=device).exists()
    told = Refusal.objects.get(device=device)
    assert (told.reason, told.count) == (reason, 1)


def test_teleporting_is_refused_until_three_fixes_agree(device):
    write(fix(device, 40))
    far = [fix(device, ago, lat=52.5, lon=13.4) for ago in (30, 20, 10)]
    assert write(far[0]) == ["teleport"]
    assert write(far[1]) == ["teleport"]
    assert LastPosition.objects.get(device=device).lat == 60.17
    assert write(far[2]) == [""]
    assert LastPosition.objects.get(device=device).lat == 52.5


def test_a_burst_is_thinned(device):
    told = write(*[fix(device, 10 - n / 10) for n in range(20)])
    assert 4 <= told.count("") <= 6 and set(told) == {"", "burst"}


def test_off_duty_nothing_of_where_it_was_is_kept(device):
    device.person.duties.update(ended_at=now())
    assert write(fix(device)) == ["sharing"]
    told = Refusal.objects.get(device=device)
    assert (told.lat, told.lon) == (None, None)
    Device.objects.update(emergency_until=now() + timedelta(hours=1))
    assert write(fix(device)) == [""]


def test_a_token_that_was_withdrawn_or_has_expired_puts_nothing_on_the_map(device):
    for change in ({"revoked_at": now()}, {"expires_at": now() - timedelta(seconds=1)}):
        Device.objects.update(revoked_at=None, expires_at=None)
        Device.objects.update(**change)
        assert write(fix(device)) == ["expired"]
    assert Refusal.objects.get(device=device, reason="expired").count == 2


def test_one_notice_a_batch_cut_before_the_limit(device):
    many = [on_duty() for _ in range(90)]
    with connection.cursor() as cursor:
        sent: list[str] = []

        class Listening:
            def __getattr__(self, name):
                return getattr(cursor, name)

            def execute(self, sql, params=None):
                if "pg_notify" in sql:
                    sent.append(params[1])
                return cursor.execute(sql, params)

        Device.objects.update(compartment_id=device.compartment_id)
        assert set(store.write(Listening(), [fix(one) for one in many])) == {""}
    assert len(sent) == 2 and all(len(each) < 8000 for each in sent)
