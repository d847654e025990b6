"""Calls that may only lead outside: a feed's address must not open the house's own network.

Each hop, redirects included, is resolved here, judged, and then asked at the very address that was
judged, so that a name cannot answer one address to the judge and another to the caller. Proxies
of the environment are not used: they would resolve the name where nobody judges it.
"""

import ipaddress
import socket
from typing import TYPE_CHECKING, Any

from django.conf import settings

from varangian.kernel.results import Refused

if TYPE_CHECKING:
    import httpx

type Address = ipaddress.IPv4Address | ipaddress.IPv6Address
NAT64 = ipaddress.ip_network("64:ff9b::/96")
OF_CLOUDS = frozenset({ipaddress.ip_address("168.63.129.16")})
"""Metadata services that lie in the public range; the others are link-local or private."""


def judge(host: str, port: int = 0) -> str:
    """The address to call for a host; Refused when any of its addresses lies inside."""
    bare = host.strip("[]")
    if bare.lower().rstrip(".") in {name.lower() for name in settings.FEEDS_INSIDE}:
        return _resolved(bare, port)[0]
    found = _resolved(bare, port)
    for one in found:
        if not allowed(one):
            raise Refused(
                "This address lies inside the own network",
                where=bare if bare == one else f"{bare} is {one}",
                mend="A feed is outside; to allow this one set VARANGIAN_FEEDS_INSIDE.",
            )
    return found[0]


def _resolved(host: str, port: int) -> list[str]:
    rows = socket.getaddrinfo(host, port or None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]).partition("%")[0] for row in rows))


def allowed(text: str) -> bool:
    """Public, or within one of the networks of VARANGIAN_FEEDS_INSIDE."""
    address = _bare(ipaddress.ip_address(text))
    if any(address in network for network in _networks() if network.version == address.version):
        return True
    return address.is_global and not address.is_multicast and address not in OF_CLOUDS


def _bare(address: Address) -> Address:
    """The IPv4 address that some IPv6 addresses only carry."""
    if not isinstance(address, ipaddress.IPv6Address):
        return address
    if address in NAT64:
        return ipaddress.ip_address(int(address) & 0xFFFFFFFF)
    carried = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
    return carried or address


def _networks() -> list[Any]:
    found = []
    for words in settings.FEEDS_INSIDE:
        try:
            found.append(ipaddress.ip_network(words, strict=False))
        except ValueError:
            continue
    return found


def refuse_inside(host: str) -> None:
    """At switching on, without a network: what is inside by its very spelling."""
    if host.lower().rstrip(".").endswith("localhost"):
        judge(host)
        return
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return
    judge(host)


def client(**given: Any) -> "httpx.Client":
    """An httpx client that calls nothing inside."""
    import httpx  # costs 0.4 s to load, and only the worker calls

    class Outward(httpx.HTTPTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            host = request.url.host
            try:
                address = judge(host, request.url.port or 0)
            except (OSError, UnicodeError) as error:
                raise httpx.ConnectError(f"{host}: {error}", request=request) from error
            judged = httpx.Request(
                request.method,
                request.url.copy_with(host=address),
                headers=request.headers,
                stream=request.stream,
                extensions={**request.extensions, "sni_hostname": host},
            )
            return super().handle_request(judged)

    return httpx.Client(transport=Outward(), **given)
