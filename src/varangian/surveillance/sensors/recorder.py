"""A recorder (Frigate) over HTTP: what it saw since, and its picture of one event. Pure but for the
calls, which touch no database.

Only the address that a person gave is called: redirects and proxies are not followed, an answer
has a limit, and what it names is put into an address as one plain word.
"""

import json
import re
import ssl
from dataclasses import dataclass, field
from time import monotonic
from typing import Any
from urllib.parse import quote

import httpx

from .reading import frigate
from .told import Told

PATIENCE = httpx.Timeout(6.0, connect=3.0)
TOTAL_S = 12.0
MOST_LIST, MOST_PICTURE = 2 * 1024 * 1024, 8 * 1024 * 1024
A_PAGE, MOST_PAGES = 100, 5
HELD_S = 1800.0
"""Something that goes on longer, such as a car that is parked, is not told as ended."""
NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")


class Silent(Exception):
    """Why the recorder told nothing, in words of ours."""


@dataclass(frozen=True)
class Recorder:
    address: str
    access: str = field(default="", repr=False)


@dataclass(frozen=True)
class News:
    """What is new, oldest first, and from where to ask the next time."""

    told: list[Told]
    after: float


def ask(recorder: Recorder, after: float, transport: Any = None) -> News:
    """All that began later, and what of it has ended meanwhile: known keys are heard once."""
    rows: dict[str, dict[str, Any]] = {}
    with _client(recorder, transport) as client:
        before = 0.0
        for _ in range(MOST_PAGES):
            page = _page(client, after, before)
            fresh = [row for row in page if row["id"] not in rows]
            rows |= {row["id"]: row for row in fresh}
            if len(page) < A_PAGE or not fresh:
                break
            before = min(row["start_time"] for row in page)
    found = sorted(rows.values(), key=lambda row: row["start_time"])
    told = [one for row in found for one in _told(row) if one.name]
    return News(told, _next(found, after))


def picture(recorder: Recorder, event: str, transport: Any = None) -> bytes:
    if not NAME.fullmatch(event):
        raise Silent("The recorder keeps no picture of this event")
    with _client(recorder, transport) as client:
        return _get(client, f"/api/events/{quote(event, safe='')}/snapshot.jpg", {}, MOST_PICTURE)


def _client(recorder: Recorder, transport: Any) -> httpx.Client:
    head = {"User-Agent": "Varangian", "Accept-Encoding": "identity"}
    if recorder.access:
        head["Authorization"] = f"Bearer {recorder.access}"
    return httpx.Client(
        base_url=recorder.address,
        headers=head,
        timeout=PATIENCE,
        follow_redirects=False,
        trust_env=False,
        verify=ssl.create_default_context(),
        transport=transport,
    )


def _page(client: httpx.Client, after: float, before: float) -> list[dict[str, Any]]:
    query = {"after": repr(after), "limit": str(A_PAGE), "include_thumbnails": "0"}
    if before:
        query["before"] = repr(before)
    data = _get(client, "/api/events", query, MOST_LIST)
    try:
        rows = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Silent("What answers there is no recorder") from error
    if not isinstance(rows, list):
        raise Silent("What answers there is no recorder")
    return [row for row in rows[:A_PAGE] if _sound(row)]


def _sound(row: Any) -> bool:
    if not isinstance(row, dict) or row.get("false_positive") is True:
        return False
    start, ended = row.get("start_time"), row.get("end_time")
    if not (isinstance(start, float | int) and isinstance(ended, float | int | None)):
        return False
    return 0 < start < 1e11 and bool(NAME.fullmatch(str(row.get("id", ""))))


def _told(row: dict[str, Any]) -> list[Told]:
    """The same two things, under the same keys, as over MQTT."""
    kinds = ["new", "end"] if row.get("end_time") else ["new"]
    return [one for kind in kinds for one in frigate({"type": kind, "after": row})]


def _next(found: list[dict[str, Any]], after: float) -> float:
    """Held back for what goes on, so that its end is seen; not for ever."""
    if not found:
        return after
    newest = found[-1]["start_time"]
    open_ = [row["start_time"] for row in found if not row.get("end_time")]
    held = [at for at in open_ if newest - at < HELD_S]
    return max(after, min([newest, *(at - 0.001 for at in held)]))


def _get(client: httpx.Client, way: str, query: dict[str, str], most: int) -> bytes:
    until = monotonic() + TOTAL_S
    try:
        with client.stream("GET", way, params=query) as answer:
            if answer.status_code in (401, 403):
                raise Silent("The recorder refused the token")
            if answer.status_code == 404:
                raise Silent("The recorder has nothing under this address")
            if answer.status_code != 200:
                raise Silent("What answers there is no recorder")
            if answer.headers.get("Content-Encoding", "identity") != "identity":
                raise Silent("What answers there is no recorder")
            data = bytearray()
            for piece in answer.iter_raw():
                data += piece
                if len(data) > most or monotonic() > until:
                    raise Silent("The recorder says too much at once")
            return bytes(data)
    except httpx.TimeoutException as error:
        raise Silent("The recorder does not answer in time") from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        raise Silent("Nobody answers at this address") from error
