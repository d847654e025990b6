"""A real pytak client in a process of its own: this file with FOLDER URL UID CALLSIGN.

Says where it is every second; a word on its input is said as an event of that type; whatever it
hears goes to its output, an event a line.
"""

import asyncio
import subprocess
import sys
import threading
import time
import xml.etree.ElementTree as ElementTree
from configparser import ConfigParser
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytak

PLACE = (60.1710, 24.9380)


def event(uid: str, callsign: str, kind: str) -> bytes:
    contact = ElementTree.Element("contact", callsign=callsign, endpoint="*:-1:stcp")
    words = {"device": "test", "platform": "pytak", "version": version("pytak"), "os": "linux"}
    told = [contact, ElementTree.Element("takv", words)]
    if kind.startswith("b-a-o"):
        told.append(ElementTree.Element("emergency", type="911 Alert"))
        uid += "-9-1-1"
    return ElementTree.tostring(
        pytak.cot_event(*PLACE, 5, 9, 5, uid, 60, kind, detail=pytak.cot_detail(*told))
    )


class Speaker(pytak.QueueWorker):
    async def run(self, _: int = -1) -> None:
        self.told: asyncio.Queue[str] = asyncio.Queue()
        asyncio.get_running_loop().run_in_executor(None, self._listen, asyncio.get_running_loop())
        uid, callsign = self.config["UID"], self.config["CALLSIGN"]
        while True:
            await self.put_queue(event(uid, callsign, "a-f-G-U-C"))
            try:
                kind = await asyncio.wait_for(self.told.get(), 1)
            except TimeoutError:
                continue
            await self.put_queue(event(uid, callsign, kind))

    def _listen(self, loop: asyncio.AbstractEventLoop) -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(self.told.put_nowait, line.strip())

    async def handle_data(self, data: bytes) -> None:
        """Of the queue's other end: nothing."""


class Listener(pytak.QueueWorker):
    async def handle_data(self, data: bytes) -> None:
        sys.stdout.buffer.write(b" ".join(data.split()) + b"\n")
        sys.stdout.buffer.flush()


async def main(folder: str, url: str, uid: str, callsign: str) -> None:
    parser = ConfigParser()
    parser["radio"] = {
        "COT_URL": url,
        "PYTAK_TLS_CLIENT_CERT": f"{folder}/client.pem",
        "PYTAK_TLS_CLIENT_KEY": f"{folder}/client.key",
        "PYTAK_TLS_CLIENT_CAFILE": f"{folder}/ca.pem",
        "UID": uid,
        "CALLSIGN": callsign,
    }
    config = parser["radio"]
    tool = pytak.CLITool(config)
    await tool.setup()
    tool.add_tasks({Speaker(tool.tx_queue, config), Listener(tool.rx_queue, config)})
    await tool.run()


class PytakRadio:
    """The same hands as ``tak.Phone``, from outside of its process."""

    def __init__(self, folder: Path, ports: list[int], uid: str, callsign: str) -> None:
        self.uid, self.got, self._more = uid, b"", threading.Condition()
        words = [str(folder), f"tls://127.0.0.1:{ports[0]}", uid, callsign]
        self.process: subprocess.Popen[bytes] = subprocess.Popen(
            [sys.executable, __file__, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in self._pipe("stdout"):
            with self._more:
                self.got += line
                self._more.notify_all()

    def _pipe(self, name: str) -> Any:
        return getattr(self.process, name)

    def say(self, kind: str = "") -> None:
        """Its position it says by itself."""
        assert self.process.poll() is None, "pytak has ended"
        if kind:
            self._pipe("stdin").write(f"{kind}\n".encode())
            self._pipe("stdin").flush()

    def hears(self, words: bytes, seconds: float = 20) -> bool:
        end = time.monotonic() + seconds
        with self._more:
            while words not in self.got and (left := end - time.monotonic()) > 0:
                self._more.wait(left)
            return words in self.got

    def end(self) -> None:
        self.process.kill()
        self.process.wait(10)
        for name in ("stdin", "stdout"):
            self._pipe(name).close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
