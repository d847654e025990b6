"""What a person needs to bring a client in: links for the QR code, files, in words and bytes."""

import json
import os
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from ..models import Device
from ..services.tak import username_of
from . import authority
from .endpoint import where
from .packages import Connection, connection_package


@dataclass(frozen=True)
class WaysIn:
    """Of one client, from one invitation."""

    host: str
    ports: tuple[int, int, int]
    username: str
    secret: str

    @property
    def link(self) -> str:
        """ATAK and what follows it."""
        given = {"host": self.host, "username": self.username, "token": self.secret}
        return f"tak://com.atakmap.app/enroll?{urlencode(given)}"

    @property
    def itak(self) -> str:
        """What iTAK scans."""
        user = {"username": self.username, "token": self.secret, "registrationId": self.username}
        server = {"connectionString": f"{self.host}:{self.ports[0]}:ssl"}
        told = {"type": "registration", "serverCredentials": server, "userCredentials": user}
        return json.dumps(told, separators=(",", ":"))


def ways_in(device: Device, secret: str, host: str = "") -> WaysIn:
    return WaysIn(host or public_host(), where().ports, username_of(device), secret)


def public_host() -> str:
    return authority.hosts()[0]


def is_open() -> bool:
    return bool(os.environ.get("VARANGIAN_TAK"))


def trust_package(name: str, host: str = "") -> bytes:
    """For a client that asks for its own certificate but must learn first whom to trust."""
    return connection_package(_connection(name, host))


def keys_package(
    name: str, certificate: x509.Certificate, key: rsa.RSAPrivateKey, host: str = ""
) -> bytes:
    """Everything in one file: for WinTAK, CloudTAK and whatever cannot enrol."""
    ours = authority.authority()
    client = authority.key_store(certificate, key, ours, authority.STORE_PASSWORD)
    return connection_package(_connection(name, host, client))


def _connection(name: str, host: str, client: bytes = b"") -> Connection:
    return Connection(
        name=name,
        host=host or public_host(),
        port=where().ports[0],
        trust=authority.trust_store(authority.authority()),
        password=authority.STORE_PASSWORD,
        client=client,
    )


def pem_files(certificate: x509.Certificate, key: rsa.RSAPrivateKey) -> dict[str, bytes]:
    """For programs: certificate, key and the authority to trust."""
    plain = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    shown = certificate.public_bytes(serialization.Encoding.PEM)
    return {"client.pem": shown, "client.key": plain, "ca.pem": authority.authority().pem}


def sign_in_shape(way: WaysIn) -> dict[str, str]:
    """What CloudTAK asks for: the three addresses of a server, a user and a password."""
    stream, enrolment, marti = way.ports
    return {
        "username": way.username,
        "password": way.secret,
        "stream": f"ssl://{way.host}:{stream}",
        "api": f"https://{way.host}:{marti}",
        "web": f"https://{way.host}:{enrolment}",
    }


def endpoint_shape() -> dict[str, Any]:
    at = where()
    return {
        "open": bool(at.host),
        "host": public_host(),
        "ports": dict(zip(("stream", "enrolment", "marti"), at.ports, strict=True)),
        "plain": f"{at.plain[0]}:{at.plain[1]}" if at.plain else None,
    }
