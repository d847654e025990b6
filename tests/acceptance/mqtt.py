"""Devices that speak MQTT, and the gateway that hears them as a process of its own."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import Any

from tests.acceptance.house import House
from tests.stack import free_ports, patience, until


@dataclass
class Gateway:
    house: House
    token: str
    port: int = field(default_factory=free_ports)
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> "Gateway":
        with (self.house.home / "gateway.log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "varangian.cli", "gateway", "mqtt"),
                    *("--listen", f"127.0.0.1:{self.port}"),
                ],
                env={**self.house.environment, "VARANGIAN_GATEWAY_TOKEN": self.token},
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )
        return self

    def kill(self) -> None:
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(patience(30))

    def device(self, name: str) -> "Device":
        return Device(self, name)

    @property
    def password(self) -> str:
        path = self.house.home / "gateway" / "accounts.json"
        until(path.exists, 60)
        return json.loads(path.read_text())["device"]


class Device:
    """A real MQTT client; what the broker has taken from it is in ``taken``."""

    def __init__(self, gateway: Gateway, name: str) -> None:
        from paho.mqtt.client import Client, MQTTv311
        from paho.mqtt.enums import CallbackAPIVersion

        self.sent: dict[int, Any] = {}
        self.taken: list[Any] = []
        self.client = Client(CallbackAPIVersion.VERSION2, name, False, protocol=MQTTv311)
        self.client.username_pw_set("device", gateway.password)
        self.client.reconnect_delay_set(1, 1)
        self.client.on_publish = lambda _c, _d, mid, *_: self.taken.append(mid)
        self.client.connect_async("127.0.0.1", gateway.port, keepalive=10)
        self.client.loop_start()

    def says(self, topic: str, payload: Any, name: Any = None) -> None:
        """Once more when the line breaks before the broker has said that it has it (QoS 1)."""
        given = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        told = self.client.publish(topic, given, 1)
        self.sent[told.mid] = name

    def acknowledged(self) -> list[Any]:
        return [self.sent[mid] for mid in list(self.taken) if mid in self.sent]

    def await_taken(self, seconds: float = 30) -> None:
        until(lambda: len(set(self.taken)) >= len(self.sent), seconds)

    def end(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


def place(lat: float, lon: float, at: float | None = None) -> dict[str, Any]:
    """As OwnTracks says it."""
    tst = int(time.time() if at is None else at)
    return {"_type": "location", "lat": lat, "lon": lon, "tst": tst, "acc": 6, "batt": 71}


def mesh(node: int, lat: float, lon: float) -> dict[str, Any]:
    """As the radio that carries a mesh over says it."""
    found = {"latitude_i": int(lat * 1e7), "longitude_i": int(lon * 1e7), "time": int(time.time())}
    return {"type": "position", "from": node, "channel": 0, "payload": found, "rssi": -80}
