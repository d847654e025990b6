"""Life or exercise: what a request sees is one of the two, never a mixture.

A compartment made for an exercise shows only to a member who has entered an exercise; whoever has
entered one sees no operation but exercises. Engagements, which have nothing above them, stand
behind both and are only read from an exercise. ``varangian.exercise`` tells the database.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection
from django.db.models import Q

SESSION = "exercise"
"""Key of the session of a person who has entered."""
_exercising: ContextVar[bool] = ContextVar("exercising", default=False)


def exercising() -> bool:
    return _exercising.get()


def tell(exercise: bool) -> None:
    """From here on, for this thread and its running transaction."""
    _exercising.set(exercise)
    with connection.cursor() as cursor:
        cursor.execute(
            "select set_config('varangian.exercise', %s, true)", ["on" if exercise else ""]
        )


def leave_to(exercise: bool = False) -> None:
    """After a request or unit; the setting of the database ended with its transaction."""
    _exercising.set(exercise)


@contextmanager
def on_stage(user: object, *, exercise: bool) -> Iterator[None]:
    """Look at the other side for a moment: what waits in life while somebody is in an exercise."""
    before = exercising()
    tell(exercise)
    forget(user)
    try:
        yield
    finally:
        tell(before)
        forget(user)


def forget(user: object) -> None:
    """What was learnt of a person's reach on one side does not hold on the other."""
    for name in ("_reach", "_roles"):
        vars(user).pop(name, None)


def on_this_side(path: str) -> Q:
    """Compartments, reached over ``path``, that show here."""
    return Q(**{f"{path}parent_id": None}) | Q(**{f"{path}exercise": exercising()})
