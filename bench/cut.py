"""A line between clients and a server that can be cut: for benchmarks of what happens then."""

import socket
import threading
import time
from contextlib import suppress

SIZE = 65_536


class Line:
    """Forwards from a port of its own; while it is cut, nobody gets through and all are dropped."""

    def __init__(self, target: int) -> None:
        self.target = target
        self._until = 0.0
        self._open: set[socket.socket] = set()
        self._door = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def cut(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds
        for one in list(self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    @property
    def _is_cut(self) -> bool:
        return time.monotonic() < self._until

    def _serve(self) -> None:
        while True:
            near, _ = self._door.accept()
            if self._is_cut:
                near.close()
                continue
            try:
                far = socket.create_connection(("127.0.0.1", self.target), timeout=5)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        self._open.add(source)
        try:
            while data := source.recv(SIZE):
                sink.sendall(data)
        except OSError:
            pass
        finally:
            self._open.discard(source)
            for one in (source, sink):
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
                one.close()
