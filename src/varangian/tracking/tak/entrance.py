"""Enrolment and sign-in on 8446: whoever comes here has no certificate yet."""

import base64
import re
from collections.abc import Awaitable, Callable
from functools import partial
from urllib.parse import parse_qsl

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from varangian.kernel.results import Denied, Refused

from ..queries import tak as queries
from ..services import tak as services
from . import authority, logins
from .house import House
from .packages import Connection, connection_package
from .web import Answer, Asked

WRONG, SHUT_FOR = 10, 60.0
CONFIG = (
    '<ns2:certificateConfig xmlns="http://bbn.com/marti/xml/config" '
    'xmlns:ns2="com.bbn.marti.config"><nameEntries><nameEntry name="O" value="Varangian"/>'
    '<nameEntry name="OU" value="TAK"/></nameEntries></ns2:certificateConfig>'
)
ASKS = {"WWW-Authenticate": 'Basic realm="Varangian TAK"'}
BAD = {"error": "invalid_grant", "error_description": "Bad credentials"}


class Enrolment:
    """An invitation, once, buys a certificate; a standing one signs a web client in each time."""

    def __init__(
        self,
        house: House,
        ports: tuple[int, int, int],
        clock: Callable[[], float],
        marti: Callable[[Asked], Awaitable[Answer]],
    ):
        self.house, self.ports, self.clock, self.marti = house, ports, clock, marti
        self._wrong: dict[str, tuple[int, float]] = {}

    async def __call__(self, asked: Asked) -> Answer:
        path = asked.path.rstrip("/")
        if path == "/Marti/api/tls/config" and asked.method == "GET":
            return Answer.text(CONFIG)
        if self._shut(asked.peer):
            return Answer.text("too many wrong invitations", 429)
        if path == "/oauth/token":
            return await self._sign_in(asked)
        kind, _, given = asked.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            return await self._signed_in(asked, given)
        secret = _secret(given) if kind.lower() == "basic" else None
        if secret is None:
            return Answer(401, headers=ASKS)
        work = self._route(asked, path, secret)
        if work is None:
            return Answer.text("there is no such address", 404)
        try:
            return await self.house.work(work)
        except Refused as refused:
            self._count(asked.peer)
            status = 401 if refused.status == 403 else refused.status
            return Answer(status, str(refused).encode(), headers=ASKS if status == 401 else {})

    def _route(self, asked: Asked, path: str, secret: str) -> Callable[[], Answer] | None:
        if asked.method == "POST" and path in (
            "/Marti/api/tls/signClient",
            "/Marti/api/tls/signClient/v2",
        ):
            return partial(_sign, asked, secret, path.endswith("v2"))
        if asked.method == "GET" and path == "/Marti/api/tls/profile/enrollment":
            return partial(_profile, asked, secret, self.ports[0])
        return None

    async def _sign_in(self, asked: Asked) -> Answer:
        """The password grant of OAuth, in the query as CloudTAK asks or in a form."""
        if asked.method != "POST":
            return Answer.text("send it", 405)
        given = dict(asked.query)
        if "urlencoded" in asked.headers.get("content-type", ""):
            given |= dict(parse_qsl(asked.body.decode("latin-1")))
        if given.get("grant_type") != "password":
            words = "only the password grant is served"
            told = {"error": "unsupported_grant_type", "error_description": words}
            return Answer.json(told, 400)
        try:
            told = await self.house.work(partial(_token, given.get("password", "")))
        except Denied:
            self._count(asked.peer)
            return Answer.json(BAD, 401)
        return Answer.json(told)

    async def _signed_in(self, asked: Asked, token: str) -> Answer:
        """What a certificate opens on the Marti port, for as long as the device has one."""
        device = logins.device_of(token)
        if device is None:
            self._count(asked.peer)
            return Answer.text("sign in again", 401)
        asked.fingerprint = await self.house.work(partial(queries.good_fingerprint, device))
        return await self.marti(asked)

    def _shut(self, peer: str) -> bool:
        count, since = self._wrong.get(peer, (0, 0.0))
        if self.clock() - since > SHUT_FOR:
            self._wrong.pop(peer, None)
            return False
        return count >= WRONG

    def _count(self, peer: str) -> None:
        count, _ = self._wrong.get(peer, (0, 0.0))
        if len(self._wrong) > 10_000:
            self._wrong.clear()
        self._wrong[peer] = (count + 1, self.clock())


def host_of(asked: Asked) -> str:
    """The name under which the client came is the one that works for it."""
    name = re.sub(r":\d+$", "", asked.headers.get("host", ""))
    return name if re.fullmatch(r"[\w.:\[\]-]{1,253}", name) else authority.hosts()[0]


def _secret(given: str) -> str | None:
    try:
        _, colon, secret = base64.b64decode(given).decode().partition(":")
    except ValueError:
        return None
    return secret if colon else None


def _token(secret: str) -> dict[str, object]:
    device = services.invited_device(secret)
    username = services.username_of(device)
    return {
        "access_token": logins.token_for(device.pk, username),
        "token_type": "bearer",
        "expires_in": int(logins.HOURS.total_seconds()),
    }


def _sign(asked: Asked, secret: str, second: bool) -> Answer:
    """iTAK wants JSON called text; ATAK takes XML or JSON as it asks for it."""
    query = {name.lower(): value for name, value in asked.query.items()}
    uid = query.get("clientuid", "")
    certificate = services.sign_for(secret=secret, request=asked.body, client_uid=uid)
    ours = authority.authority().certificate
    if not second:
        chain = certificate.public_bytes(Encoding.PEM) + ours.public_bytes(Encoding.PEM)
        return Answer(200, chain, "application/x-pem-file")
    signed, ca = _bare(certificate), _bare(ours)
    if "xml" in asked.headers.get("accept", ""):
        body = f"<enrollment><signedCert>{signed}</signedCert><ca>{ca}</ca></enrollment>"
        return Answer(200, body.encode(), "application/xml; charset=utf-8")
    answer = Answer.json({"signedCert": signed, "ca0": ca, "ca1": ca})
    if asked.headers.get("accept") == "text/plain":
        answer.kind = "text/plain; charset=utf-8"
    return answer


def _bare(certificate: x509.Certificate) -> str:
    lines = certificate.public_bytes(Encoding.PEM).decode().strip().splitlines()
    return "\n".join(lines[1:-1])


def _profile(asked: Asked, secret: str, port: int) -> Answer:
    device = services.invited_device(secret)
    link = Connection(
        name=device.operation.slug,
        host=host_of(asked),
        port=port,
        trust=authority.trust_store(authority.authority()),
        password=authority.STORE_PASSWORD,
    )
    return Answer(200, connection_package(link), "application/zip")
