"""A recorder as Frigate answers over HTTP, on loopback: its events by time, a picture, a token."""

import json
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


class FrigateRecorder:
    def __init__(self, token: str = "") -> None:
        self.token, self.events, self.picture = token, [], b""
        self.asked: list[str] = []
        self.says: tuple[int, bytes, dict[str, str]] | None = None
        """Instead of every answer."""
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=[0.02], daemon=True).start()

    def __enter__(self) -> "FrigateRecorder":
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def sees(self, name: str, start: float, end: float | None = None, **more: Any) -> dict:
        row = {"id": name, "label": "person", "camera": "gate", "start_time": start,
               "end_time": end, "zones": ["drive"], "false_positive": False, **more}  # fmt: skip
        self.events.append(row)
        return row

    def _handler(self) -> Any:
        recorder = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                status, body, head = recorder.answer(self.path, self.headers)
                self.send_response(status)
                for name, value in {**head, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                with suppress(OSError):
                    self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    def answer(self, path: str, head: Any) -> tuple[int, bytes, dict[str, str]]:
        self.asked.append(path)
        if self.says is not None:
            return self.says
        if self.token and head.get("Authorization") != f"Bearer {self.token}":
            return 401, b"{}", {}
        found = urlsplit(path)
        if found.path == "/api/events":
            query = {name: values[0] for name, values in parse_qs(found.query).items()}
            after, before = float(query["after"]), float(query.get("before", "inf"))
            rows = [one for one in self.events if after < one["start_time"] < before]
            rows.sort(key=lambda one: -one["start_time"])
            return 200, json.dumps(rows[: int(query["limit"])]).encode(), {}
        if found.path.endswith("/snapshot.jpg") and self.picture:
            return 200, self.picture, {"Content-Type": "image/jpeg"}
        return 404, b"{}", {}
