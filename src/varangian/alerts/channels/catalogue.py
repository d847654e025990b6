"""Which services there are, and which addresses of them may be called. Pure."""

from functools import cache
from typing import Annotated
from urllib.parse import parse_qsl, urlsplit

from pydantic import AfterValidator, Field

from varangian.kernel.library import Keyed, LibraryFile, load_yaml, unique
from varangian.kernel.results import Refused

PUSH = "push"
NOT_OURS = frozenset({"verify", "redirect", "cto", "rto", "overflow", "emojis", "format", "store"})
"""Parameters of an address that would weaken the call or change what is said."""


class Service(Keyed):
    words: str
    example: str
    schemes: tuple[str, ...]
    own: bool
    hosts: tuple[str, ...]


class Catalogue(LibraryFile):
    services: Annotated[tuple[Service, ...], AfterValidator(unique)] = Field(min_length=1)


@cache
def services() -> dict[str, Service]:
    found = load_yaml("varangian.alerts", "channels.yaml", Catalogue)
    return {service.id: service for service in found.services}


def service_named(name: str) -> Service:
    found = services().get(name)
    if found is None:
        raise Refused("There is no such service", where=name[:20], mend=", ".join(services()))
    return found


def service_of(url: str) -> Service:
    scheme = url.split("://", 1)[0].lower() if "://" in url else ""
    for service in services().values():
        if scheme in service.schemes:
            return service
    known = ", ".join(s.schemes[0] for s in services().values() if s.schemes)
    raise Refused("This is no address of a service we know", where=scheme[:20], mend=known)


def check(service: Service, url: str, hosts: list[str]) -> None:
    """Refuse an address that leads where nobody allowed it."""
    try:
        parts = urlsplit(url)
        given, port = parse_qsl(parts.query, keep_blank_values=True), parts.port
    except ValueError as error:
        raise Refused("This is no address", where=service.words) from error
    names = {name.lower().lstrip("+-:") for name, _ in given}
    if bad := names & NOT_OURS:
        raise Refused("The house sets this itself", where=", ".join(sorted(bad)))
    if not service.own:
        return
    allowed = [*service.hosts, *hosts]
    called = [parts.hostname or "", *(value for name, value in given if name.lower() == "smtp")]
    for host in called:
        if not (host_allowed(host, allowed) or host_allowed(f"{host}:{port}", allowed)):
            raise Refused(
                "This server is not one of those that may be called",
                where=host[:80],
                mend="An administrator names it under Alerts, Channels.",
            )


def host_allowed(host: str, allowed: list[str]) -> bool:
    """``.example.org`` allows every host below it."""
    host = host.lower()
    return any(host == name or (name[:1] == "." and host.endswith(name)) for name in allowed)
