"""People in the street, their phones and the link between them and the house."""

import contextlib
import json
import select
import socket
import threading
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.acceptance.house import House

HARBOUR = (60.1660, 24.9540)


class Link:
    """Forwards a port until it is cut: then nothing gets through, and nothing is answered."""

    def __init__(self, port: int) -> None:
        self.target, self.up = port, True
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.pairs: set[tuple[socket.socket, socket.socket]] = set()
        threading.Thread(target=self._serve, daemon=True).start()

    def cut(self) -> None:
        self.up = False
        for pair in list(self.pairs):
            self._close(pair)

    def restore(self) -> None:
        self.up = True

    def end(self) -> None:
        self.cut()
        self.server.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self.server.accept()
                if not self.up:
                    near.close()
                    continue
                pair = (near, socket.create_connection(("127.0.0.1", self.target)))
                self.pairs.add(pair)
                threading.Thread(target=self._carry, args=(pair,), daemon=True).start()

    def _carry(self, pair: tuple[socket.socket, socket.socket]) -> None:
        with contextlib.suppress(OSError, ValueError):
            while True:
                ready, _, _ = select.select(pair, [], [], 1)
                for one in ready:
                    data = one.recv(65536)
                    if not data:
                        raise OSError
                    pair[one is pair[0]].sendall(data)
        self._close(pair)

    def _close(self, pair: tuple[socket.socket, socket.socket]) -> None:
        self.pairs.discard(pair)
        for one in pair:
            one.close()


@dataclass
class Officer:
    """One member of the detail with a phone that queues what it cannot send."""

    house: House
    operation: str
    name: str
    email: str
    token: str
    web: int
    live: int
    tracker: str = ""
    """Path of the ingest for the tracker app on the same phone."""
    queue: list[dict[str, Any]] = field(default_factory=list)
    seq: int = 0
    walked: int = 0

    def does(self, kind: str, **body: Any) -> None:
        """Queued with the time of the deed, then sent if the link is there."""
        self.seq += 1
        act = {"key": str(uuid.uuid4()), "kind": kind, "seq": self.seq, "body": body}
        self.queue.append(act | {"at": datetime.now(UTC).isoformat()})
        self.send()

    def send(self) -> bool:
        """The whole queue, again and again the same; what was taken leaves it."""
        if not self.queue:
            return True
        sent = {"device": self.email, "sent_at": datetime.now(UTC).isoformat(), "acts": self.queue}
        try:
            answer = self.ask("POST", "/api/v1/outbox", sent)
        except OSError:
            return False
        states = {row["key"]: row for row in answer["acts"]}
        refused = [row for row in states.values() if row["state"] == "refused"]
        assert not refused, f"{self.name}: {refused}"
        self.queue = [a for a in self.queue if states.get(a["key"], {}).get("state") != "done"]
        return not self.queue

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        return self._call(self.web, method, path, body, Authorization=f"Bearer {self.token}")

    def walks(self) -> bool:
        """One position by OwnTracks."""
        self.walked += 1
        words = {
            "_type": "location",
            "lat": HARBOUR[0] + self.walked * 1e-5,
            "lon": HARBOUR[1],
            "tst": int(time.time()),
            "acc": 8,
            "batt": 80,
            "tid": "aa",
        }
        try:
            self._call(self.live, "POST", self.tracker, words)
        except OSError:
            return False
        return True

    def presses(self, path: str, key: str) -> bool:
        """The slide: one request without a session."""
        try:
            return bool(self._call(self.web, "POST", path, {"key": key})["ok"])
        except OSError:
            return False

    def _call(self, port: int, method: str, path: str, body: Any, **headers: str) -> Any:
        """OSError when nobody answers; an answer that refuses is a fault of the test."""
        data = None if body is None else json.dumps(body).encode()
        head = {"Content-Type": "application/json", **headers}
        address = f"http://127.0.0.1:{port}{path}"
        request = urllib.request.Request(address, data, head, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{path}: {error.code} {error.read()[:300]!r}") from error
        except (ConnectionError, TimeoutError, urllib.error.URLError) as error:
            raise OSError(str(error)) from error
