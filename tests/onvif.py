"""A camera of ONVIF for tests: a SOAP service over HTTP and an answer to WS-Discovery, on loopback.

It checks the digest of the password against its own clock, may insist on HTTP Digest, names
another machine in every address it tells (as one behind a translation does, or a malicious one),
and tells the events that a test gives it.
"""

import base64
import hashlib
import re
import socket
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

USER, PASSWORD = "operator", "Hush-hush 7"
ELSEWHERE = "203.0.113.9"
SPACES = (
    'xmlns:e="http://www.w3.org/2003/05/soap-envelope" '
    'xmlns:x="http://www.onvif.org/ver10/schema" xmlns:n="http://docs.oasis-open.org/wsn/b-2" '
    'xmlns:ad="http://www.w3.org/2005/08/addressing" xmlns:tns1="http://www.onvif.org/ver10/topics"'
)
PROFILES = (("main", "Main", "H264", 1920, 1080), ("sub", "Sub", "H264", 640, 360),
            ("jpeg", "Still", "JPEG", 320, 180))  # fmt: skip
CHALLENGE = 'Digest realm="cam", nonce="abcdef", qop="auth", algorithm=MD5'


def notification(topic: str, state: bool | None, operation: str = "Changed", **source: str) -> str:
    items = "".join(f'<x:SimpleItem Name="{k}" Value="{v}"/>' for k, v in source.items())
    data = '<x:SimpleItem Name="ObjectId" Value="7"/>'
    if state is not None:
        data = f'<x:SimpleItem Name="State" Value="{str(state).lower()}"/>'
    at = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return (
        f"<n:NotificationMessage><n:Topic>tns1:{topic}</n:Topic><n:Message>"
        f'<x:Message UtcTime="{at}" PropertyOperation="{operation}"><x:Source>{items}</x:Source>'
        f"<x:Data>{data}</x:Data></x:Message></n:Message></n:NotificationMessage>"
    )


class OnvifCamera:
    def __init__(self, *, drift_s: int = 3600, only_http_digest: bool = False) -> None:
        self.drift, self.only_http_digest = timedelta(seconds=drift_s), only_http_digest
        self.calls: list[str] = []
        self.bodies: list[str] = []
        self.told: list[str] = []
        self.subscriptions = 0
        self.broken = False
        """Forgets its subscriptions and answers with a fault."""
        self.says: bytes | None = None
        """Instead of every answer."""
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=[0.02], daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/onvif/device_service"

    def __enter__(self) -> "OnvifCamera":
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def _handler(self) -> Any:
        camera = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                status, answer, head = camera.answer(body, self.headers.get("Authorization", ""))
                self.send_response(status)
                for name, value in {**head, "Content-Length": str(len(answer))}.items():
                    self.send_header(name, value)
                self.end_headers()
                with suppress(OSError):
                    self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    def answer(self, body: str, named: str) -> tuple[int, bytes, dict[str, str]]:
        found = re.search(r"<s:Body><\w+:(\w+)", body)
        call = found.group(1) if found else ""
        self.calls.append(call)
        self.bodies.append(body)
        if self.says is not None:
            return 200, self.says, {}
        if call != "GetSystemDateAndTime" and not self._allowed(body, named):
            if self.only_http_digest:
                return 401, b"", {"WWW-Authenticate": CHALLENGE}
            return 400, self._envelope(self._fault("ter:NotAuthorized")), {}
        told = getattr(self, f"_{call}", None)
        if told is None or (self.broken and call == "PullMessages"):
            return 500, self._envelope(self._fault("ter:ActionNotSupported")), {}
        return 200, self._envelope(told()), {}

    def _allowed(self, body: str, named: str) -> bool:
        if self.only_http_digest:
            return f'username="{USER}"' in named and self._digested(named)
        parts = [
            re.search(rf"<\w:{name}\b[^>]*>([^<]*)<", body)
            for name in ("Username", "Password", "Nonce", "Created")
        ]
        if not all(parts):
            return False
        user, digest, nonce, created = (one.group(1) for one in parts if one)
        at = datetime.fromisoformat(created)
        if user != USER or abs(at - (datetime.now(UTC) + self.drift)) > timedelta(seconds=5):
            return False
        told = base64.b64decode(nonce) + created.encode() + PASSWORD.encode()
        return base64.b64encode(hashlib.sha1(told).digest()).decode() == digest

    def _digested(self, named: str) -> bool:
        said = dict(re.findall(r'(\w+)="?([^",]+)"?', named))
        first = hashlib.md5(f"{USER}:cam:{PASSWORD}".encode()).hexdigest()
        second = hashlib.md5(f"POST:{said['uri']}".encode()).hexdigest()
        whole = f"{first}:{said['nonce']}:{said['nc']}:{said['cnonce']}:auth:{second}"
        return hashlib.md5(whole.encode()).hexdigest() == said["response"]

    def _envelope(self, body: str) -> bytes:
        return f"<e:Envelope {SPACES}><e:Body>{body}</e:Body></e:Envelope>".encode()

    def _fault(self, code: str) -> str:
        return (
            "<e:Fault><e:Code><e:Value>e:Sender</e:Value><e:Subcode>"
            f"<e:Value>{code}</e:Value></e:Subcode></e:Code></e:Fault>"
        )

    def _GetSystemDateAndTime(self) -> str:
        at = datetime.now(UTC) + self.drift
        return (
            "<r><x:UTCDateTime>"
            f"<x:Time><x:Hour>{at.hour}</x:Hour><x:Minute>{at.minute}</x:Minute>"
            f"<x:Second>{at.second}</x:Second></x:Time><x:Date><x:Year>{at.year}</x:Year>"
            f"<x:Month>{at.month}</x:Month><x:Day>{at.day}</x:Day></x:Date></x:UTCDateTime></r>"
        )

    def _GetDeviceInformation(self) -> str:
        return (
            "<r><x:Manufacturer>Invented</x:Manufacturer><x:Model>Dome 4</x:Model>"
            "<x:FirmwareVersion>1.2</x:FirmwareVersion></r>"
        )

    def _GetCapabilities(self) -> str:
        return (
            "<r><x:Capabilities>"
            f"<x:Media><x:XAddr>http://{ELSEWHERE}/onvif/media</x:XAddr></x:Media>"
            f"<x:Events><x:XAddr>http://{ELSEWHERE}:9/onvif/events</x:XAddr></x:Events>"
            "</x:Capabilities></r>"
        )

    def _GetProfiles(self) -> str:
        return "".join(
            f'<x:Profiles token="{token}"><x:Name>{name}</x:Name><x:VideoEncoderConfiguration>'
            f"<x:Encoding>{codec}</x:Encoding><x:Resolution><x:Width>{width}</x:Width>"
            f"<x:Height>{height}</x:Height></x:Resolution></x:VideoEncoderConfiguration>"
            "</x:Profiles>"
            for token, name, codec, width, height in PROFILES
        )

    def _GetStreamUri(self) -> str:
        token = re.findall(r"ProfileToken>(\w+)<", self.bodies[-1])[0]
        return f"<r><x:Uri>rtsp://{ELSEWHERE}:554/live/{token}?a=1</x:Uri></r>"

    def _CreatePullPointSubscription(self) -> str:
        self.subscriptions += 1
        self.broken = False
        at = datetime.now(UTC)
        return (
            f"<n:SubscriptionReference><ad:Address>http://{ELSEWHERE}/pull</ad:Address>"
            f'<ad:ReferenceParameters><x:Id xmlns:x="urn:own">{self.subscriptions}</x:Id>'
            "</ad:ReferenceParameters></n:SubscriptionReference>"
            f"<n:CurrentTime>{at:%Y-%m-%dT%H:%M:%SZ}</n:CurrentTime>"
            f"<n:TerminationTime>{at + timedelta(minutes=9):%Y-%m-%dT%H:%M:%SZ}</n:TerminationTime>"
        )

    def _PullMessages(self) -> str:
        end = time.monotonic() + 1.0
        while not self.told and time.monotonic() < end and not self.broken:
            time.sleep(0.01)
        told, self.told = self.told, []
        return f"<r>{''.join(told)}</r>"

    def _Unsubscribe(self) -> str:
        return "<r/>"


class Responder:
    """Answers a probe from loopback, and says of itself what a test gives it."""

    def __init__(self, *answers: str) -> None:
        self.answers = answers
        self.line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.line.bind(("127.0.0.1", 0))
        self.group = self.line.getsockname()
        threading.Thread(target=self._answer, daemon=True).start()

    def __enter__(self) -> "Responder":
        return self

    def __exit__(self, *_: object) -> None:
        self.line.close()

    def _answer(self) -> None:
        with suppress(OSError):
            while True:
                data, sender = self.line.recvfrom(16_384)
                mark = re.findall(r"MessageID>([^<]+)<", data.decode())[0]
                for one in self.answers:
                    self.line.sendto(one.replace("MARK", mark).encode(), sender)


def match(address: str, scopes: str = "", mark: str = "MARK") -> str:
    return (
        '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" '
        'xmlns:ad="http://schemas.xmlsoap.org/ws/2004/08/addressing" '
        'xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"><e:Header>'
        f"<ad:RelatesTo>{mark}</ad:RelatesTo></e:Header><e:Body><d:ProbeMatches><d:ProbeMatch>"
        f"<d:Scopes>{scopes}</d:Scopes><d:XAddrs>{address}</d:XAddrs>"
        "</d:ProbeMatch></d:ProbeMatches></e:Body></e:Envelope>"
    )
