"""Secret addresses of personal calendars: made anew, revoked; only their hash is kept."""

import secrets
from datetime import timedelta

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Denied, NotFound
from varangian.platform.access.models import User
from varangian.platform.access.scope import Actor, system_read
from varangian.platform.access.services import digest

from ..models import CalendarLink
from ..queries import roster as rows


@transaction.atomic
def rotate_link(*, actor: Actor) -> tuple[CalendarLink, str]:
    """A new secret, shown once; the one before it opens nothing any more."""
    if actor.is_system or not actor.is_authenticated:
        raise Denied("A calendar belongs to a person", mend="Use --as with an e-mail.")
    old = rows.calendar_link(actor)
    if old is not None:
        _revoke(old)
    secret = secrets.token_urlsafe(32)
    return CalendarLink.objects.create(person=actor, digest=digest(secret)), secret


@transaction.atomic
def revoke_link(*, actor: Actor) -> None:
    found = None if actor.is_system else rows.calendar_link(actor)
    if found is None:
        raise NotFound("There is no calendar link")
    _revoke(found)


def _revoke(link: CalendarLink) -> None:
    link.revoked_at = now()
    link.save(update_fields=["revoked_at"])


@system_read("a calendar program knows nothing but the secret")
def person_of(secret: str) -> User | None:
    found = CalendarLink.objects.select_related("person").filter(
        digest=digest(secret), revoked_at=None, person__is_active=True
    )
    link = found.first()
    if link is None:
        return None
    if link.last_used_at is None or link.last_used_at < now() - timedelta(minutes=5):
        link.last_used_at = now()
        link.save(update_fields=["last_used_at"])
    return link.person
