"""Who is at the other end of a stream, and what they may hear."""

from importlib import import_module
from uuid import UUID

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import close_old_connections, transaction

from varangian.platform.access.context import act_as
from varangian.platform.access.models import User
from varangian.platform.access.scope import compartments_for, reach_of
from varangian.platform.access.stage import SESSION, on_stage

from .doors import carried
from .hub import Listener


def listener_for(session_key: str) -> Listener | None:
    """None when the session is unknown, expired or of a person who was shut out."""
    close_old_connections()
    engine = import_module(settings.SESSION_ENGINE)
    session = engine.SessionStore(session_key) if session_key else {}
    user_id = session.get(SESSION_KEY)
    user = User.objects.filter(pk=user_id, is_active=True).first() if user_id else None
    if user is None:
        return None
    with transaction.atomic():
        act_as(user, purpose="live stream", exercise=bool(session.get(SESSION)))
        places = _places(user)
        seen = {topic: frozenset(compartments_for(user, act)) for topic, act in carried().items()}
        with on_stage(user, exercise=False):
            return Listener(user.pk, places, seen, _places(user))


def _places(user: User) -> frozenset[UUID]:
    return frozenset(r.compartment for r in reach_of(user) if not r.from_below)
