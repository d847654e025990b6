"""Cameras of the local network: found, and asked for their streams by a person who may add one."""

import asyncio
from dataclasses import dataclass

from django.db import transaction

from varangian.kernel.results import Denied, Refused
from varangian.platform.access.scope import Actor, holds
from varangian.platform.audit.services import note

from .. import rules
from ..onvif import finding, soap
from ..onvif.device import About, Device, Profile, Trouble

ASK_S = 20.0
LEAST_WIDTH = 600


@dataclass(frozen=True)
class Told:
    """What one device said of itself, once it knew who asks."""

    address: str
    about: About
    profiles: list[Profile]


@transaction.atomic
def find_devices(*, actor: Actor, seconds: float | None = None) -> list[finding.Found]:
    """Asks the local network aloud. Nothing that answers is called before somebody chose it."""
    _may(actor)
    try:
        found = finding.find(seconds)
    except OSError as error:
        raise Refused(
            "This machine cannot ask the local network",
            where=error.strerror or "",
            mend="Give the address of the camera by hand.",
        ) from error
    note(kind="find", actor=actor, purpose=f"cameras of the local network: {len(found)} answered")
    return found


@transaction.atomic
def ask_device(*, actor: Actor, address: str, user: str = "", password: str = "") -> Told:
    """Its profiles with the address of the stream of each. The password is kept nowhere here."""
    _may(actor)
    chosen = rules.read_device(address)
    host = chosen.partition("://")[2].partition("/")[0]
    try:
        told = asyncio.run(_ask(chosen, user, password))
    except Trouble as why:
        raise Refused(str(why), where=f"address, {host}", mend=_mend(str(why))) from why
    except (soap.Unreadable, TimeoutError) as why:
        raise Refused("The device does not answer in time", where=f"address, {host}") from why
    note(kind="find", actor=actor, purpose=f"a camera was asked for its streams: {host}")
    return told


async def _ask(address: str, user: str, password: str) -> Told:
    async with asyncio.timeout(ASK_S), Device(address, user, password) as device:
        await device.read_clock()
        return Told(address, await device.about(), await device.profiles())


def stream_of(told: Told, profile: str = "") -> str:
    """The address of the wanted profile, by token or name; without a wish of the one that costs
    least to look at: H.264, and not narrower than a person can be made out on."""
    if not profile:
        plain = [one for one in told.profiles if "264" in one.codec] or told.profiles
        wide = [one for one in plain if (one.width or 0) >= LEAST_WIDTH]
        return min(wide, key=lambda one: one.width or 0).source if wide else plain[0].source
    for one in told.profiles:
        if profile in (one.token, one.name):
            return one.source
    names = ", ".join(one.name or one.token for one in told.profiles)
    raise Refused("The camera has no such profile", where="profile", mend=f"It has: {names}.")


def _mend(words: str) -> str:
    if "refused" in words:
        return "Some cameras keep users of their own for ONVIF: look in its set-up."
    return "Is ONVIF switched on in its set-up?"


def _may(actor: Actor) -> None:
    if not (actor.is_system or holds(actor, "camera.change")):
        raise Denied("Your role registers no cameras", mend="Ask the detail leader.")
