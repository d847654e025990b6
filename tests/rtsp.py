"""A camera of RTSP for tests: one H.264 stream over TCP, with user and password, for ever."""

import base64
import re
import socket
import socketserver
import struct
import threading
import time
from typing import Any

RATE, MOST = 15, 1300


def pictures(seconds: int = 4, size: tuple[int, int] = (640, 360)) -> list[list[bytes]]:
    """NAL units of each picture; a box crosses the yard in every turn."""
    import av
    import numpy as np

    width, height = size
    codec: Any = av.CodecContext.create("libx264", "w")
    codec.width, codec.height, codec.pix_fmt, codec.framerate = width, height, "yuv420p", RATE
    codec.options = {"g": str(RATE), "preset": "veryfast", "tune": "zerolatency"}
    found = []
    for number in range(seconds * RATE + 1):
        image = np.full((height, width, 3), 70, np.uint8)
        image[: height // 6] = (150, 120, 90)
        x = int(number * (width - 80) / (seconds * RATE))
        image[height // 3 : height * 2 // 3, x : x + 60] = (40, 160, 220)
        frame = av.VideoFrame.from_ndarray(image, format="bgr24")
        frame.pts = number
        packets = codec.encode(frame if number < seconds * RATE else None)
        found += [units(bytes(packet)) for packet in packets]
    return found


def units(data: bytes) -> list[bytes]:
    return [unit for unit in re.split(rb"\x00\x00\x00?\x01", data) if unit]


class Rtsp:
    """``film``: NAL units of each picture, shown at ``rate`` a second; ``began``: the newest play
    by the clock of the wall, 0.0 before there was one."""

    def __init__(
        self, user: str = "gate", password: str = "of-the-test", film: Any = None, rate: int = RATE
    ) -> None:
        self.pictures, self.rate, self.began = film or pictures(), rate, 0.0
        self.secret = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
        self.open: set[socket.socket] = set()
        self.refused = 0
        camera = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                camera._serve(self)

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address, daemon_threads = True, True

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.url = f"rtsp://{user}:{password}@127.0.0.1:{self.port}/yard"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def _serve(self, handler: Any) -> None:
        self.open.add(handler.connection)
        try:
            while request := self._request(handler.rfile):
                self._answer(handler, *request)
        except OSError:
            return
        finally:
            self.open.discard(handler.connection)

    def _request(self, lines: Any) -> tuple[str, dict[str, str]] | None:
        first = lines.readline()
        while first[:1] == b"$":  # reports of the receiver, between the requests
            first = first[4:] or lines.readline()
        if not first.strip():
            return None
        heads: dict[str, str] = {}
        while (line := lines.readline().decode().strip()) != "":
            name, _, value = line.partition(":")
            heads[name.lower()] = value.strip()
        return first.decode("latin-1").split()[0], heads

    def _answer(self, handler: Any, method: str, heads: dict[str, str]) -> None:
        if method != "OPTIONS" and heads.get("authorization") != self.secret:
            self.refused += 1
            self._say(handler, heads, "401 Unauthorized", 'WWW-Authenticate: Basic realm="yard"')
            return
        extra = {
            "OPTIONS": ["Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER"],
            "SETUP": ["Transport: RTP/AVP/TCP;unicast;interleaved=0-1", "Session: 1"],
            "PLAY": ["Session: 1"],
        }.get(method, [])
        self._say(
            handler, heads, "200 OK", *extra, body=self._sdp() if method == "DESCRIBE" else ""
        )
        if method == "PLAY":
            threading.Thread(target=self._play, args=(handler.connection,), daemon=True).start()

    def _say(self, handler: Any, heads: dict[str, str], state: str, *lines: str, body: str = ""):
        told = [f"RTSP/1.0 {state}", f"CSeq: {heads.get('cseq', '0')}", *lines]
        if body:
            told += ["Content-Type: application/sdp", f"Content-Length: {len(body)}"]
        handler.wfile.write(("\r\n".join(told) + "\r\n\r\n" + body).encode())

    def _sdp(self) -> str:
        kinds = {unit[0] & 31: unit for unit in self.pictures[0]}
        sets = ",".join(base64.b64encode(kinds[kind]).decode() for kind in (7, 8))
        return (
            "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=yard\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n"
            "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
            f"a=fmtp:96 packetization-mode=1;sprop-parameter-sets={sets}\r\na=control:track1\r\n"
        )

    def _play(self, out: socket.socket) -> None:
        begun, number, sequence = time.monotonic(), 0, 0
        self.began = time.time()
        try:
            while True:
                units = self.pictures[number % len(self.pictures)]
                stamp = number * 90_000 // self.rate
                for index, unit in enumerate(units):
                    for piece, last in _pieces(unit):
                        mark = 0x80 if last and index == len(units) - 1 else 0
                        head = struct.pack(">BBHII", 0x80, mark | 96, sequence & 65535, stamp, 7)
                        out.sendall(b"$\0" + struct.pack(">H", 12 + len(piece)) + head + piece)
                        sequence += 1
                number += 1
                time.sleep(max(0.0, begun + number / self.rate - time.monotonic()))
        except OSError:
            return

    def unplug(self) -> None:
        for one in list(self.open):
            one.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.unplug()


def _pieces(unit: bytes) -> list[tuple[bytes, bool]]:
    """Whole, or in fragments (RFC 6184, FU-A)."""
    if len(unit) <= MOST:
        return [(unit, True)]
    parts = [unit[1 + n : 1 + n + MOST] for n in range(0, len(unit) - 1, MOST)]
    mark, kind, end = bytes([(unit[0] & 0xE0) | 28]), unit[0] & 31, len(parts) - 1
    flags = [(0x80 if n == 0 else 0) | (0x40 if n == end else 0) | kind for n in range(end + 1)]
    return [(mark + bytes([flags[n]]) + part, n == end) for n, part in enumerate(parts)]
