"""Deliveries grow with every round to every device: those of alerts long over are dropped."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction

from varangian.kernel.clock import now
from varangian.platform.access.scope import system_read

from ..models import Alert, Delivery

AT_ONCE = 20_000


@transaction.atomic
@system_read("what is too old is dropped, whoever it was sent to")
def forget_deliveries() -> int:
    """Of open alerts nothing is dropped, however old. Returns how many went."""
    before = now() - timedelta(days=settings.DELIVERIES_DAYS)
    old = Delivery.objects.filter(queued_at__lt=before).exclude(alert__state__in=Alert.OPEN)
    found = list(old.values_list("pk", flat=True)[:AT_ONCE])
    Delivery.objects.filter(pk__in=found).delete()
    return len(found)
