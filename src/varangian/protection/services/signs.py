"""The last sign of anything that a person carries, and how often it is meant to speak."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from varangian.kernel.clock import now
from varangian.platform.access.models import User
from varangian.platform.access.scope import SYSTEM, system_read
from varangian.tracking.queries import positions

from ..models import Phone

LOST_PERIODS = 3
PHONE_SPEAKS_S = 60


@dataclass(frozen=True)
class Sign:
    at: datetime
    """By the clock of the house."""
    period_s: int


@system_read("before somebody is given up the house looks at all that it heard of them")
def last_sign(person: User) -> Sign | None:
    found = [Sign(row.seen_at, PHONE_SPEAKS_S) for row in Phone.objects.filter(person=person)]
    place = positions.position_of(SYSTEM, person)
    if place is not None:
        found.append(Sign(place.heard_at, place.device.period_s))
    return max(found, key=lambda sign: sign.at, default=None)


def is_lost(sign: Sign | None) -> bool:
    """No data for three periods: it is not known whether the person could have called."""
    if sign is None:
        return True
    return now() - sign.at > timedelta(seconds=LOST_PERIODS * sign.period_s)
