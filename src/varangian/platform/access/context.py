"""Tell the database, for this transaction, who acts and why; row security and audit read it."""

from contextlib import contextmanager
from contextvars import ContextVar

from django.db import close_old_connections, connection, transaction

from .scope import SYSTEM, Actor

_actor: ContextVar[Actor] = ContextVar("actor", default=SYSTEM)
SET = """select set_config('varangian.user', %s, true), set_config('varangian.actor', %s, true),
set_config('varangian.purpose', %s, true), set_config('varangian.request', %s, true)"""


def act_as(actor: Actor, *, purpose: str = "", request: str = "") -> None:
    """Bind the running transaction to a person. Must be called inside one."""
    _actor.set(actor)
    user = str(actor.pk) if getattr(actor, "pk", None) else ""
    with connection.cursor() as cursor:
        cursor.execute(SET, [user, user or str(actor.name or "anonymous"), purpose[:400], request])


def release() -> None:
    """After a request nobody acts in this thread."""
    _actor.set(SYSTEM)


@contextmanager
def acting(actor: Actor, *, purpose: str = "", request: str = ""):
    """One transaction on behalf of a person: for the CLI, jobs and tests."""
    if not connection.in_atomic_block:
        close_old_connections()
    token = _actor.set(actor)
    try:
        with transaction.atomic():
            act_as(actor, purpose=purpose, request=request)
            yield actor
    finally:
        _actor.reset(token)


def current_actor() -> Actor:
    return _actor.get()
