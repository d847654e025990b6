"""What else the live process answers and runs, brought by the features in ``AppConfig.ready``."""

from collections.abc import Awaitable, Callable
from typing import Any

Handler = Callable[[dict[str, Any], Any, Any], Awaitable[None]]
"""An ASGI application for http scopes."""
Service = Callable[[], Awaitable[None]]
"""A coroutine function that runs as long as the process; cancelled at its end."""

Speech = Callable[[Any], str]
"""For a user, the HTML that their screens show of a topic."""

_routes: dict[str, Handler] = {}
_services: dict[str, Service] = {}
_carried: dict[str, str] = {}
_speeches: dict[str, Speech] = {}


def route(prefix: str, handler: Handler) -> None:
    """Requests whose path begins with ``prefix``, for instance ``/ingest/``, go to the handler."""
    _routes[prefix] = handler


def service(name: str, run: Service) -> None:
    """Started with the process; one that ends in an error is started again after a second."""
    _services[name] = run


def carry(topic: str, *, action: str) -> None:
    """News of this topic bring their data along, for those alone who hold ``action`` in the
    compartment of the news. ``data`` is a list of rows, each of which begins with what it is of:
    a newer row of the same takes the place of one that was not sent yet."""
    _carried[topic] = action


def speak(topic: str, speech: Speech) -> None:
    """After news of this topic each person who heard it is sent what it says to them. The page
    finds the place by ``data-said`` with the name of the topic."""
    _speeches[topic] = speech


def speech_of(topic: str) -> Speech | None:
    return _speeches.get(topic)


def speeches() -> list[Speech]:
    return list(_speeches.values())


def carried() -> dict[str, str]:
    return dict(_carried)


def handler_for(path: str) -> Handler | None:
    return next((found for prefix, found in _routes.items() if path.startswith(prefix)), None)


def services() -> dict[str, Service]:
    return dict(_services)
