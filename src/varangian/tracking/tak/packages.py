"""Zip files that a TAK client opens: how to reach the house, and parts of forms. Pure."""

import io
import re
import zipfile
from dataclasses import dataclass
from uuid import uuid4

from .cot import quoted

STRING, BOOLEAN, INTEGER = (f"class java.lang.{name}" for name in ("String", "Boolean", "Integer"))
TRUST, CLIENT = "truststore.p12", "client.p12"


@dataclass(frozen=True)
class Connection:
    """Without ``client`` the app asks for a certificate of its own, with the invitation."""

    name: str
    host: str
    port: int
    trust: bytes
    password: str
    client: bytes = b""

    @property
    def string(self) -> str:
        return f"{self.host}:{self.port}:ssl"


def connection_package(link: Connection) -> bytes:
    """Flat, with the usual names: iTAK looks for no others."""
    files = {"config.pref": _preferences(link).encode(), TRUST: link.trust}
    if link.client:
        files[CLIENT] = link.client
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("MANIFEST/manifest.xml", _manifest(link.name, list(files)))
        for name, content in files.items():
            package.writestr(name, content)
    return out.getvalue()


def _manifest(name: str, files: list[str]) -> str:
    contents = "".join(f'<Content ignore="false" zipEntry={quoted(file)}/>' for file in files)
    return (
        '<MissionPackageManifest version="2"><Configuration>'
        f'<Parameter name="uid" value="{uuid4()}"/>'
        f'<Parameter name="name" value={quoted(name)}/>'
        '<Parameter name="onReceiveDelete" value="true"/></Configuration>'
        f"<Contents>{contents}</Contents></MissionPackageManifest>"
    )


def _preferences(link: Connection) -> str:
    trust = f"cert/{TRUST}"
    streams = [
        ("count", INTEGER, "1"),
        ("description0", STRING, link.name),
        ("enabled0", BOOLEAN, "true"),
        ("connectString0", STRING, link.string),
        ("caLocation0", STRING, trust),
        ("caPassword0", STRING, link.password),
    ]
    own = [("caLocation", STRING, trust), ("caPassword", STRING, link.password)]
    if link.client:
        streams.append(("certificateLocation0", STRING, f"cert/{CLIENT}"))
        streams.append(("clientPassword0", STRING, link.password))
        own.append(("certificateLocation", STRING, f"cert/{CLIENT}"))
        own.append(("clientPassword", STRING, link.password))
    else:
        streams.append(("enrollForCertificateWithTrust0", BOOLEAN, "true"))
        streams.append(("useAuth0", BOOLEAN, "true"))
    body = _preference("cot_streams", streams) + _preference("com.atakmap.app_preferences", own)
    return f"<?xml version='1.0' standalone='yes'?><preferences>{body}</preferences>"


def _preference(name: str, entries: list[tuple[str, str, str]]) -> str:
    rows = "".join(
        f'<entry key="{key}" class="{kind}">{quoted(value)[1:-1]}</entry>'
        for key, kind, value in entries
    )
    return f'<preference version="1" name="{name}">{rows}</preference>'


def form_file(content_type: str, body: bytes) -> tuple[str, bytes] | None:
    """Name and content of the first file in a form; None when it is no form or holds none."""
    found = re.search(r'boundary="?([^";,\s]{1,100})', content_type)
    if not found:
        return None
    for part in body.split(b"--" + found[1].encode())[1:]:
        head, gap, content = part.partition(b"\r\n\r\n")
        name = re.search(rb'filename="([^"\r\n]{0,200})"', head)
        if gap and name:
            return name[1].decode("utf-8", "replace"), content.removesuffix(b"\r\n")
    return None
