"""What must be seen at once is put into words here, person by person, and sent along the stream.

A page that is only told that there is news must ask for it, and stands in line behind every other
page. What a call for help says to a person comes to their open screens without a further request.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import structlog
from django.contrib.auth.models import AnonymousUser
from django.db import InterfaceError, OperationalError, connection
from django.urls import get_resolver

from varangian.platform.access.context import acting
from varangian.platform.access.models import User

from .doors import speech_of, speeches
from .hub import Listener

log = structlog.get_logger()
THREADS = 4
Due = tuple[str, UUID]
"""A topic, and the person it is to be said to."""
AWAY = (OperationalError, InterfaceError)
"""A thread of the pool keeps its line, and learns only by speaking that the line broke."""
_pool = ThreadPoolExecutor(THREADS, thread_name_prefix="speaker")


class Speaker:
    """Says the newest only: a person who is due again meanwhile is spoken to once more after."""

    def __init__(self, listeners: set[Listener]) -> None:
        self.listeners = listeners
        self._due: dict[Due, None] = {}
        self._speaking: set[Due] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def due(self, topic: str, user: UUID) -> None:
        if speech_of(topic) is None:
            return
        self._due[topic, user] = None
        if len(self._tasks) < THREADS:
            task = asyncio.get_running_loop().create_task(self._work())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while one := next((due for due in self._due if due not in self._speaking), None):
            del self._due[one]
            self._speaking.add(one)
            try:
                said = await loop.run_in_executor(_pool, words_for, *one)
            except Exception as error:
                log.warning("pages ask for themselves", topic=one[0], error=type(error).__name__)
            else:
                self._say(one, said)
            finally:
                self._speaking.discard(one)

    def _say(self, due: Due, said: str | None) -> None:
        topic, user = due
        for listener in list(self.listeners):
            if said is not None and getattr(listener, "user", None) == user:
                listener.say(topic, said)


def words_for(topic: str, user_id: UUID) -> str | None:
    """Blocking. None for a person who was shut out meanwhile."""
    try:
        return _words(topic, user_id)
    except AWAY:
        connection.close()
        return _words(topic, user_id)


def _words(topic: str, user_id: UUID) -> str | None:
    speech = speech_of(topic)
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if speech is None or user is None:
        return None
    with acting(user, purpose="live stream"):
        return speech(user)


def warm() -> None:
    """Blocking. Loads what the first words need, the addresses of all pages above all: the first
    call for help must not wait seconds for it."""
    assert get_resolver().reverse_dict
    for speech in speeches():
        speech(AnonymousUser())
