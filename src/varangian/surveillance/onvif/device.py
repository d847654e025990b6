"""One device, asked over HTTP: what it is, its profiles, its stream, its events.

Nothing that it says leads to another machine: of every address that it names, port and path are
taken and the host is the one that a person chose. Redirects and proxies are not followed. The
password goes out as a digest only, in the envelope or as HTTP Digest, never plain. The
certificate of a camera is not judged, since cameras sign theirs themselves.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from urllib.parse import urlsplit, urlunsplit
from xml.sax.saxutils import escape

import httpx

from . import soap

PATIENCE = httpx.Timeout(6.0, connect=4.0)
PULL_S = 20
MOST_MESSAGES = 50
LEASE = timedelta(minutes=10)
MOST_PROFILES = 24
EVENTS = "http://www.onvif.org/ver10/events/wsdl"
NOTIFY = "http://docs.oasis-open.org/wsn/bw-2"
REFUSING = ("notauthorized", "authority failure", "failedauthentication", "not authorized")


class Trouble(Exception):
    """In words of ours: what a camera says itself is never shown as if it were true."""


@dataclass(frozen=True)
class Profile:
    token: str
    name: str
    codec: str
    width: int | None
    height: int | None
    source: str
    """Address of its stream, without user and password."""

    @property
    def words(self) -> str:
        size = f"{self.width} x {self.height}" if self.width and self.height else ""
        return ", ".join(filter(None, (self.name or self.token, size, self.codec)))


@dataclass(frozen=True)
class About:
    maker: str
    model: str
    firmware: str


@dataclass
class Subscription:
    address: str
    echoed: str
    ends_in: timedelta = LEASE


@dataclass
class Device:
    address: str
    user: str = ""
    password: str = field(default="", repr=False)
    transport: Any = None
    """Of tests."""
    drift: timedelta = timedelta()
    """How far its clock is ahead of ours."""

    async def __aenter__(self) -> Self:
        self.client = httpx.AsyncClient(
            timeout=PATIENCE,
            follow_redirects=False,
            trust_env=False,
            verify=False,  # noqa: S501
            transport=self.transport,
            headers={"Accept-Encoding": "identity", "User-Agent": "Varangian"},
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.aclose()

    async def read_clock(self) -> None:
        """Asked without a password; digests are made with the time that the camera believes."""
        answer = await self._say(self.address, "<tds:GetSystemDateAndTime/>", named=False)
        at = _clock(soap.first(answer, "UTCDateTime"))
        self.drift = at - datetime.now(UTC) if at else timedelta()

    async def about(self) -> About:
        root = await self._say(self.address, "<tds:GetDeviceInformation/>")
        names = ("Manufacturer", "Model", "FirmwareVersion")
        return About(*(soap.text(root, one, most=60) for one in names))

    async def services(self) -> dict[str, str]:
        """``media`` and ``events``: where they are on this device."""
        body = "<tds:GetCapabilities><tds:Category>All</tds:Category></tds:GetCapabilities>"
        root = await self._say(self.address, body)
        found = {}
        for name in ("Media", "Events"):
            told = soap.text(root, "Capabilities", name, "XAddr", most=400)
            if told:
                found[name.lower()] = self._here(told)
        return found

    async def profiles(self) -> list[Profile]:
        media = (await self.services()).get("media")
        if media is None:
            raise Trouble("This device offers no pictures over ONVIF")
        root = await self._say(media, "<trt:GetProfiles/>")
        found = []
        for one in list(soap.each(root, "Profiles"))[:MOST_PROFILES]:
            token, encoder = one.get("token", ""), soap.first(one, "VideoEncoderConfiguration")
            if 0 < len(token) <= 64 and encoder is not None:
                found.append(await self._profile(media, one, encoder, token))
        if not found:
            raise Trouble("This device has no profile with a picture")
        return found

    async def _profile(
        self, media: str, given: soap.Element, encoder: soap.Element, token: str
    ) -> Profile:
        body = (
            "<trt:GetStreamUri><trt:StreamSetup><tt:Stream>RTP-Unicast</tt:Stream>"
            "<tt:Transport><tt:Protocol>RTSP</tt:Protocol></tt:Transport></trt:StreamSetup>"
            f"<trt:ProfileToken>{escape(token)}</trt:ProfileToken></trt:GetStreamUri>"
        )
        answer = await self._say(media, body)
        return Profile(
            token=token,
            name=soap.text(given, "Name", most=60),
            codec=soap.text(encoder, "Encoding", most=12),
            width=soap.whole(encoder, "Resolution", "Width"),
            height=soap.whole(encoder, "Resolution", "Height"),
            source=self._stream(soap.text(answer, "Uri", most=900)),
        )

    async def subscribe(self) -> Subscription:
        where = (await self.services()).get("events")
        if where is None:
            raise Trouble("This device tells no events over ONVIF")
        lease = int(LEASE.total_seconds())
        body = (
            "<tev:CreatePullPointSubscription><tev:InitialTerminationTime>"
            f"PT{lease}S</tev:InitialTerminationTime></tev:CreatePullPointSubscription>"
        )
        port = f"{EVENTS}/EventPortType/CreatePullPointSubscriptionRequest"
        root = await self._say(where, body, action=port)
        told = soap.text(root, "SubscriptionReference", "Address", most=400)
        if not told:
            raise Trouble("This device opens no subscription of events")
        echoed = soap.echoed(soap.first(root, "SubscriptionReference"))
        return Subscription(self._here(told), echoed, _lease(root))

    async def pull(self, of: Subscription, seconds: int = PULL_S) -> soap.Element:
        """Waits at the camera until something happens, or for so long."""
        body = (
            f"<tev:PullMessages><tev:Timeout>PT{seconds}S</tev:Timeout>"
            f"<tev:MessageLimit>{MOST_MESSAGES}</tev:MessageLimit></tev:PullMessages>"
        )
        action = f"{EVENTS}/PullPointSubscription/PullMessagesRequest"
        patience = httpx.Timeout(seconds + 8.0, connect=4.0)
        return await self._say(of.address, body, action=action, echoed=of.echoed, patience=patience)

    async def renew(self, of: Subscription) -> None:
        lease = int(LEASE.total_seconds())
        body = f"<wsnt:Renew><wsnt:TerminationTime>PT{lease}S</wsnt:TerminationTime></wsnt:Renew>"
        action = f"{NOTIFY}/SubscriptionManager/RenewRequest"
        root = await self._say(of.address, body, action=action, echoed=of.echoed)
        of.ends_in = _lease(root)

    async def leave(self, of: Subscription) -> None:
        action = f"{NOTIFY}/SubscriptionManager/UnsubscribeRequest"
        body, short = "<wsnt:Unsubscribe/>", httpx.Timeout(1.5)
        await self._say(of.address, body, action=action, echoed=of.echoed, patience=short)

    async def _say(
        self,
        address: str,
        body: str,
        *,
        named: bool = True,
        action: str = "",
        echoed: str = "",
        patience: httpx.Timeout = PATIENCE,
    ) -> soap.Element:
        for last in (False, True):
            data = soap.envelope(
                body,
                user=self.user if named else "",
                password=self.password,
                at=datetime.now(UTC) + self.drift,
                action=action,
                to=address,
                echoed=echoed,
            )
            status, challenge, answer = await self._post(address, data, action, patience)
            if status != httpx.codes.UNAUTHORIZED or last:
                break
            if not self.user or self.client.auth is not None or "digest" not in challenge:
                break
            self.client.auth = httpx.DigestAuth(self.user, self.password)
        return _judged(status, answer)

    async def _post(
        self, address: str, data: bytes, action: str, patience: httpx.Timeout
    ) -> tuple[int, str, bytes]:
        kind = "application/soap+xml; charset=utf-8" + (f'; action="{action}"' if action else "")
        head = {"Content-Type": kind}
        try:
            async with (
                asyncio.timeout(4.0 + (patience.read or 0) * 2),
                self.client.stream(
                    "POST", address, content=data, headers=head, timeout=patience
                ) as answer,
            ):
                if answer.headers.get("Content-Encoding", "identity") != "identity":
                    raise Trouble("What answers there is no ONVIF device")
                body = b""
                async for piece in answer.aiter_raw():
                    body += piece
                    if len(body) > soap.MOST_BYTES:
                        raise Trouble("The device says too much at once")
                return answer.status_code, answer.headers.get("WWW-Authenticate", "").lower(), body
        except (httpx.TimeoutException, TimeoutError) as error:
            raise Trouble("The device does not answer in time") from error
        except (NotImplementedError, KeyError) as error:
            raise Trouble("The device asks for a digest that is not known here") from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError) as error:
            raise Trouble("Nobody answers at this address") from error

    def _here(self, told: str) -> str:
        """Port and path of what it names; a device behind another address keeps the port too."""
        chosen = urlsplit(self.address)
        try:
            parts = urlsplit(told)
            port = parts.port
        except ValueError as error:
            raise Trouble("The device names an address that is none") from error
        same = parts.hostname == chosen.hostname and parts.scheme in ("http", "https")
        scheme, port = (parts.scheme, port) if same else (chosen.scheme, chosen.port)
        return urlunsplit(
            (scheme, _netloc(chosen.hostname or "", port), parts.path, parts.query, "")
        )

    def _stream(self, told: str) -> str:
        try:
            parts = urlsplit(told)
            port = parts.port
        except ValueError as error:
            raise Trouble("The device names an address that is none") from error
        if parts.scheme not in ("rtsp", "rtsps", "http", "https"):
            raise Trouble("The device names a stream that cannot be opened")
        netloc = _netloc(urlsplit(self.address).hostname or "", port)
        return urlunsplit((parts.scheme, netloc, parts.path, parts.query, ""))


def _judged(status: int, answer: bytes) -> soap.Element:
    if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        raise Trouble("The device refused user or password")
    try:
        root = soap.read(answer)
    except soap.Unreadable as error:
        raise Trouble("What answers there is no ONVIF device") from error
    fault = soap.refusal(root)
    if any(word in fault.lower() for word in REFUSING):
        raise Trouble("The device refused user or password")
    if fault or status != httpx.codes.OK:
        raise Trouble("The device does not do what it was asked for")
    return root


def _netloc(host: str, port: int | None) -> str:
    host = f"[{host}]" if ":" in host else host
    return f"{host}:{port}" if port else host


def _lease(root: soap.Element) -> timedelta:
    """By its own two times, so that its clock does not matter."""
    begins = soap.moment(soap.text(root, "CurrentTime"))
    ends = soap.moment(soap.text(root, "TerminationTime"))
    lasts = ends - begins if begins and ends else LEASE
    return min(LEASE, max(timedelta(seconds=30), lasts))


def _clock(told: soap.Element | None) -> datetime | None:
    if told is None:
        return None
    day = [soap.whole(told, "Date", one) for one in ("Year", "Month", "Day")]
    time = [soap.whole(told, "Time", one) for one in ("Hour", "Minute", "Second")]
    try:
        return datetime(*day, *time, tzinfo=UTC)  # pyright: ignore
    except (TypeError, ValueError):
        return None
