"""How long positions are kept, and how densely."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from varangian.kernel.clock import now
from varangian.platform.access.scope import system_read

from ..models import Refusal

AHEAD_DAYS = 2
DENSE = timedelta(hours=24)
THIN_FROM = 7
"""Days back that are thinned each time: what a phone sends late is thinned with the next round."""
THIN = """delete from tracking_position p using (
    select device_id, at, row_number() over (
        partition by device_id, date_trunc('minute', at) order by at) as place
    from tracking_position where at >= %s and at < %s and trigger not in ('sos', 'upload')) ranked
where p.device_id = ranked.device_id and p.at = ranked.at and ranked.place > 1
    and p.at >= %s and p.at < %s"""

ERASE = """with theirs as (
    update tracking_device d set revoked_at = coalesce(revoked_at, now())
    from operations_operation o
    where o.id = d.operation_id and o.principal_id = %s and d.carried_by_principal
    returning d.id),
last as (delete from tracking_lastposition where device_id in (select id from theirs)),
told as (delete from tracking_refusal where device_id in (select id from theirs))
delete from tracking_position where device_id in (select id from theirs)"""


@transaction.atomic
@system_read("reads nothing: the tables of the days to come")
def make_days() -> None:
    """The partitions of today and the days to come, before anybody needs them."""
    today = now().date()
    with connection.cursor() as cursor:
        for ahead in range(AHEAD_DAYS + 1):
            cursor.execute("select tracking_make_day(%s)", [today + timedelta(days=ahead)])


@transaction.atomic
@system_read("what is old is thinned, whoever it was of")
def thin() -> int:
    """After a day one position a minute is enough; calls for help and uploads stay whole."""
    until = now() - DENSE
    since = until - timedelta(days=THIN_FROM)
    with connection.cursor() as cursor:
        cursor.execute(THIN, [since, until, since, until])
        return cursor.rowcount


@transaction.atomic
@system_read("what is too old is dropped, whoever it was of")
def forget() -> int:
    """Returns how many days of positions were dropped."""
    before = now().date() - timedelta(days=settings.POSITIONS_DAYS)
    Refusal.objects.filter(day__lt=before).delete()
    with connection.cursor() as cursor:
        cursor.execute("select tracking_drop_days(%s)", [before])
        return cursor.fetchone()[0]


@system_read("an erased principal leaves no trail")
def on_erased(principal: Any, **_: Any) -> None:
    """Positions of what the principal carried go too; the devices are withdrawn."""
    with connection.cursor() as cursor:
        cursor.execute(ERASE, [principal.pk])
