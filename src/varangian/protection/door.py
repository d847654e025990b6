"""``/duress/<key>``: the door of phones, buttons and webhooks, open in web and in live.

The key is the whole authority: no session, no CSRF token, no confirmation. Whatever else comes
with it may be wrong or missing, and the press still counts. It is answered after the commit.
"""

import json
import time
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl

import structlog
from django.db import Error

from varangian.kernel.results import Refused

from .models import DuressKey, Via
from .services import duress, keys

log = structlog.get_logger()
PATH = "/duress/"
MOST_BYTES = 16_384
SAME_PRESS_S = 3
"""A button that gives its presses no number: what it sends again so soon is the same press."""
KEYS = ("key", "id", "event_cnt", "cnt", "seq")
TIMES = ("at", "t", "timestamp", "tst")
ACCURACIES = ("accuracy", "acc")
Answer = tuple[int, dict[str, Any]]


def fields_of(query: str, body: bytes, content_type: str) -> dict[str, Any]:
    """Query, form or JSON, as devices like it; what cannot be read is left out."""
    found: dict[str, Any] = dict(parse_qsl(query[:MOST_BYTES]))
    text = body[:MOST_BYTES].decode("utf-8", "replace").strip()
    if text.startswith("{"):
        try:
            sent = json.loads(text)
        except (ValueError, RecursionError):
            sent = {}
        flat = {k: v for k, v in sent.items() if isinstance(v, str | int | float)}
        return found | flat
    if "urlencoded" in content_type:
        found |= dict(parse_qsl(text))
    return found


def hear(secret: str, given: dict[str, Any], *, patience: float) -> Answer:
    """Blocking; tries for ``patience`` seconds when the database is away."""
    try:
        return duress.insist(lambda: _once(secret, given), seconds=patience)
    except Refused as why:
        log.error("a press found nobody to tell", why=why.what)
        return why.status, {"ok": False}
    except Error as error:
        log.error("a press was not kept", error=type(error).__name__)
        return 503, {"ok": False}


def _once(secret: str, given: dict[str, Any]) -> Answer:
    key = keys.key_of(secret)
    if key is None:
        return 404, {"ok": False}
    if str(given.get("event", "")).lower() not in ("alive", "test"):
        _press(key, given)
    with suppress(Error):
        keys.seen(key)
    return 200, {"ok": True}


def _press(key: DuressKey, given: dict[str, Any]) -> None:
    heard = duress.Heard(
        key=_name(key, given),
        via=Via.SLIDE if key.kind == DuressKey.Kind.PHONE else Via.BUTTON,
        at=duress.instant(_first(given, TIMES)),
        lat=duress.number(given.get("lat")),
        lon=duress.number(given.get("lon")),
        accuracy=duress.number(_first(given, ACCURACIES)),
        words="" if key.kind == DuressKey.Kind.PHONE else key.label,
    )
    if key.person is None:
        duress.press_of_place(key=key, heard=heard)
    else:
        duress.press(person=key.person, heard=heard)


def _name(key: DuressKey, given: dict[str, Any]) -> str:
    """A phone names each press anew, also over two ways; a button counts, or has only the time."""
    named = _first(given, KEYS)
    if named is None:
        return f"{key.pk}:t{int(time.time() / SAME_PRESS_S)}"
    return str(named) if key.kind == DuressKey.Kind.PHONE else f"{key.pk}:{named}"


def _first(given: dict[str, Any], names: tuple[str, ...]) -> Any:
    return next((given[name] for name in names if given.get(name) not in (None, "")), None)
