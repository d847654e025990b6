"""A TAK client as its makers built it, in a few lines: enrols, connects, speaks, listens."""

import base64
import json
import socket
import ssl
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

PEM = serialization.Encoding.PEM
FRAME = "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n"


class Phone:
    def __init__(self, folder: Path, ports: list[int], uid: str, callsign: str) -> None:
        self.folder, self.ports, self.uid, self.callsign = folder, ports, uid, callsign
        self.got = b""

    def trusting(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.folder / "ca.pem"))

    def known(self) -> ssl.SSLContext:
        context = self.trusting()
        context.load_cert_chain(self.folder / "client.pem", self.folder / "client.key")
        return context

    def enrol(self, username: str, token: str) -> None:
        """As ATAK does after scanning the code; the house is trusted already."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, username)])
        made = x509.CertificateSigningRequestBuilder().subject_name(name)
        request = made.sign(key, hashes.SHA256()).public_bytes(PEM).splitlines()[1:-1]
        login = base64.b64encode(f"{username}:{token}".encode()).decode()
        answer = self.ask(
            1,
            f"/Marti/api/tls/signClient/v2?clientUid={self.uid}&version=5.1",
            b"\n".join(request),
            Authorization=f"Basic {login}",
            Accept="application/json",
        )
        told = json.loads(answer)
        (self.folder / "client.pem").write_text(FRAME.format(told["signedCert"]))
        plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        (self.folder / "client.key").write_bytes(key.private_bytes(PEM, *plain))

    def ask(self, door: int, path: str, body: bytes | None = None, **headers: str) -> bytes:
        context = self.trusting() if door == 1 else self.known()
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(f"https://127.0.0.1:{self.ports[door]}{path}", body, sent)
        with urllib.request.urlopen(request, context=context, timeout=30) as answer:
            return answer.read()

    def marti(self, path: str) -> object:
        return json.loads(self.ask(2, f"/Marti/{path}"))

    def connect(self) -> "Phone":
        plain = socket.create_connection(("127.0.0.1", self.ports[0]), 30)
        self.line = self.known().wrap_socket(plain, server_hostname="127.0.0.1")
        self.line.settimeout(0.2)
        return self

    def say(self, kind: str = "a-f-G-U-C", detail: str = "", uid: str = "") -> None:
        at = datetime.now(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"
        self.line.sendall(
            f'<event version="2.0" uid="{uid or self.uid}" type="{kind}" time="{at}" start="{at}" '
            f'stale="{at}" how="m-g"><point lat="60.1708" lon="24.9375" hae="9" ce="5" '
            f'le="9999999.0"/><detail><contact callsign="{self.callsign}" endpoint="*:-1:stcp"/>'
            f'<takv platform="ATAK-CIV" version="5.1" device="x" os="34"/>{detail}'
            f"</detail></event>".encode()
        )

    def hears(self, words: bytes, seconds: float = 20) -> bool:
        end = time.monotonic() + seconds
        while words not in self.got and time.monotonic() < end:
            try:
                more = self.line.recv(65536)
            except TimeoutError:
                continue
            if not more:
                break
            self.got += more
        return words in self.got

    def is_out(self, seconds: float = 30) -> bool:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if not self.line.recv(65536):
                    return True
            except TimeoutError:
                continue
            except OSError:
                return True
        return False
