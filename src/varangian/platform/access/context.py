"""Tell the database, for this transaction, who acts and why; row security and audit read it."""

from contextlib import contextmanager
from contextvars import ContextVar

from django.db import close_old_connections, connection, transaction

from varangian.platform.database.embedded import WORKER

from . import stage
from .scope import SYSTEM, Actor

_actor: ContextVar[Actor] = ContextVar("actor", default=SYSTEM)
SET = """select set_config('varangian.user', %s, true), set_config('varangian.actor', %s, true),
set_config('varangian.purpose', %s, true), set_config('varangian.request', %s, true)"""
NAMES = ("user", "actor", "purpose", "request", "exercise")


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
    nested = connection.in_atomic_block
    if not nested:
        close_old_connections()
    outer = _told() if nested else {}
    token, before = _actor.set(actor), stage.exercising()
    try:
        with transaction.atomic():
            act_as(actor, purpose=purpose, request=request, exercise=exercise)
            yield actor
    finally:
        _actor.reset(token)
        stage.leave_to(before)
        if outer and not connection.needs_rollback:
            _tell_again(outer)


@contextmanager
def as_house(*, purpose: str):
    """One transaction of the house inside a process that speaks for people, such as live."""
    nested = connection.in_atomic_block
    with acting(SYSTEM, purpose=purpose):
        if not nested:
            with connection.cursor() as cursor:
                cursor.execute(f"set local role {WORKER}")
        yield SYSTEM


def _told() -> dict[str, str]:
    """What the running transaction was told; it goes on when a unit inside of it has ended."""
    asked = ", ".join(f"coalesce(current_setting('varangian.{name}', true), '')" for name in NAMES)
    with connection.cursor() as cursor:
        cursor.execute(f"select {asked}")
        return dict(zip(NAMES, cursor.fetchone(), strict=True))


def _tell_again(outer: dict[str, str]) -> None:
    with connection.cursor() as cursor:
        for name, value in outer.items():
            cursor.execute("select set_config(%s, %s, true)", [f"varangian.{name}", value])


def current_actor() -> Actor:
    return _actor.get()
