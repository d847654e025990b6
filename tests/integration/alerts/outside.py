"""A service on the other side of the wire, and threads that run at once."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Outside(ThreadingHTTPServer):
    """Keeps what it is sent; ``answer`` is the status it gives."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.heard: list[tuple[str, dict[str, str], bytes]] = []
        self.answer = 201

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Outside

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.server.heard.append((self.path, dict(self.headers), body))
        self.send_response(self.server.answer)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Tests speak for themselves."""


@contextmanager
def outside():
    server = Outside()
    threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


class AtOnce:
    """In place of a pool: the test's own transaction sees what a thread would have done."""

    def submit(self, function, *given) -> None:
        function(*given)
