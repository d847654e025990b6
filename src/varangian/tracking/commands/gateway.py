"""``varangian gateway mqtt``: devices that speak MQTT."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings

from varangian.kernel.results import Refused
from varangian.platform.ui import console

from ..gateway.broker import Broker, account
from ..gateway.run import Gateway

gateway = typer.Typer(help="Devices that do not speak HTTP.", no_args_is_help=True)
groups = {"gateway": gateway}
Pem = Annotated[str, typer.Option(help="file; without both, MQTT is plain")]


@gateway.command("mqtt")
def mqtt(
    token: Annotated[
        str, typer.Option(envvar="VARANGIAN_GATEWAY_TOKEN", help="of the gateway, as a device")
    ],
    listen: Annotated[str, typer.Option(help="HOST:PORT for the devices")] = "127.0.0.1:1883",
    certificate: Pem = "",
    key: Pem = "",
) -> None:
    """Start the broker and carry its messages into the house until Ctrl-C."""
    host, _, port = listen.rpartition(":")
    if not host or not port.isdecimal():
        raise Refused("An address is HOST:PORT", where=listen)
    folder = Path(settings.HOME) / "gateway"
    known = account(folder)
    broker = Broker(folder, host, int(port), (certificate, key) if certificate and key else None)
    broker.start()
    console.say(f"MQTT at {listen}: user device, password in {folder / 'accounts.json'}")
    try:
        asyncio.run(Gateway(token, broker, known.house).run())
    finally:
        broker.stop()
