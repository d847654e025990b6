"""Tell the database, for this transaction, who acts and why; row security and audit read it."""

from contextlib import contextmanager
from contextvars import ContextVar

from django.db import close_old_connections, connection, transaction

from . import stage
from .scope import SYSTEM, Actor

_actor: ContextVar[Actor] = ContextVar("actor", default=SYSTEM)
SET = """select set_config('varangian.user', %s, true), set_config('varangian.actor', %s, true),
set_config('varangian.purpose', %s, true), set_config('varangian.request', %s, true)"""


def act_as(actor: Actor, *, purpose: str = "", request: str = "", exercise: bool = False) -> None:
    """Bind the running transaction to a person, in life or in an exercise. Call it inside one."""
    _actor.set(actor)
    stage.tell(exercise)
    user = str(actor.pk) if getattr(actor, "pk", None) else ""
    with connection.cursor() as cursor:
        cursor.execute(SET, [user, user or str(actor.name or "anonymous"), purpose[:400], request])


def release() -> None:
    """After a request nobody acts in this thread."""
    _actor.set(SYSTEM)
    stage.leave_to(exercise=False)


@contextmanager
def acting(actor: Actor, *, purpose: str = "", request: str = "", exercise: bool = False):
    """One transaction on behalf of a person: for the CLI, jobs and tests."""
    if not connection.in_atomic_block:
        close_old_connections()
    token, before = _actor.set(actor), stage.exercising()
    try:
        with transaction.atomic():
            act_as(actor, purpose=purpose, request=request, exercise=exercise)
            yield actor
    finally:
        _actor.reset(token)
        stage.leave_to(before)
        if exercise != before and connection.in_atomic_block and not connection.needs_rollback:
            stage.tell(before)


def current_actor() -> Actor:
    return _actor.get()
