"""Which parts of the house are there, on whatever machine."""

from datetime import timedelta

from varangian.kernel.clock import now

from .models import Part

MISSED = timedelta(seconds=15)


def runs_somewhere(part: str) -> bool:
    return Part.objects.filter(part=part, seen_at__gt=now() - MISSED).exists()
