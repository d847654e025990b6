"""SOAP as cameras speak it: envelopes written, answers read. Pure.

What comes from a camera is hostile: it has a limit, may declare no document type, hence no
entities, and is read by local names, since cameras choose their prefixes as they like.
"""

import base64
import hashlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, ParseError, tostring
from xml.sax.saxutils import escape, quoteattr

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

MOST_BYTES = 512 * 1024
MOST_ECHOED = 20
"""Elements that a camera may have sent back with each call to its subscription."""
SPACES = (
    'xmlns:s="http://www.w3.org/2003/05/soap-envelope" '
    'xmlns:a="http://www.w3.org/2005/08/addressing" '
    'xmlns:tds="http://www.onvif.org/ver10/device/wsdl" '
    'xmlns:trt="http://www.onvif.org/ver10/media/wsdl" '
    'xmlns:tev="http://www.onvif.org/ver10/events/wsdl" '
    'xmlns:tt="http://www.onvif.org/ver10/schema" '
    'xmlns:wsnt="http://docs.oasis-open.org/wsn/b-2"'
)
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
DIGEST = f"{WSSE}username-token-profile-1.0#PasswordDigest"
BASE64 = f"{WSSE}soap-message-security-1.0#Base64Binary"


class Unreadable(ValueError):
    """Not what ONVIF says, too long, or made to hurt."""


def envelope(
    body: str,
    *,
    user: str = "",
    password: str = "",
    at: datetime | None = None,
    action: str = "",
    to: str = "",
    echoed: str = "",
) -> bytes:
    """The password is never in it: a digest of it with a nonce and the camera's own time is."""
    head = _security(user, password, at or datetime.now(UTC)) if user else ""
    if action:
        head += f"<a:Action>{escape(action)}</a:Action><a:To>{escape(to)}</a:To>"
    text = (
        f'<?xml version="1.0" encoding="utf-8"?><s:Envelope {SPACES}>'
        f"<s:Header>{head}{echoed}</s:Header><s:Body>{body}</s:Body></s:Envelope>"
    )
    return text.encode()


def _security(user: str, password: str, at: datetime) -> str:
    nonce, created = os.urandom(16), at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    told = hashlib.sha1(nonce + created.encode() + password.encode(), usedforsecurity=False)
    digest, mark = base64.b64encode(told.digest()).decode(), base64.b64encode(nonce).decode()
    return (
        f'<w:Security xmlns:w="{WSSE}wssecurity-secext-1.0.xsd" '
        f'xmlns:u="{WSSE}wssecurity-utility-1.0.xsd"><w:UsernameToken>'
        f"<w:Username>{escape(user)}</w:Username>"
        f"<w:Password Type={quoteattr(DIGEST)}>{digest}</w:Password>"
        f"<w:Nonce EncodingType={quoteattr(BASE64)}>{mark}</w:Nonce>"
        f"<u:Created>{created}</u:Created></w:UsernameToken></w:Security>"
    )


def read(data: bytes) -> Element:
    if len(data) > MOST_BYTES:
        raise Unreadable("too long")
    try:
        return fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise Unreadable(type(error).__name__) from error


def local(element: Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def each(root: Element, name: str) -> Iterator[Element]:
    return (one for one in root.iter() if local(one) == name)


def first(root: Element, *names: str) -> Element | None:
    """Down a path of local names, however deep each lies; None where one is missing."""
    found: Element | None = root
    for name in names:
        if found is None:
            return None
        found = next((one for one in each(found, name) if one is not found), None)
    return found


def text(root: Element | None, *names: str, most: int = 200) -> str:
    found = first(root, *names) if root is not None and names else root
    return clean(found.text or "", most) if found is not None else ""


def clean(words: str, most: int = 200) -> str:
    """One line, as the database and a terminal take it."""
    return " ".join("".join(c for c in words if c.isprintable() or c.isspace()).split())[:most]


def whole(root: Element | None, *names: str) -> int | None:
    try:
        return int(text(root, *names, most=12))
    except ValueError:
        return None


def moment(words: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(words.strip())
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def echoed(reference: Element | None) -> str:
    """What a camera wants back with each call to its subscription, as it wrote it."""
    given = first(reference, "ReferenceParameters") if reference is not None else None
    if given is None:
        return ""
    if sum(1 for _ in given.iter()) > MOST_ECHOED:
        raise Unreadable("too many reference parameters")
    return "".join(tostring(one, encoding="unicode") for one in given)


def refusal(root: Element) -> str:
    """The codes of a fault, joined; empty when it is none."""
    fault = first(root, "Fault")
    if fault is None:
        return ""
    codes = [text(one, most=80).rpartition(":")[2] for one in each(fault, "Value")]
    return " ".join([*codes, text(fault, "faultcode"), text(fault, "Text")]).strip() or "Fault"
