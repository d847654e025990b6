"""The parent of the child that tries rules on a recording."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

from varangian.kernel.results import Refused

from .children import spare_environment, with_parent
from .wire import Broken, head_of

MODULE = "varangian.surveillance.streams.trying"
LONGEST_S = 600.0
BROKE = "The recording could not be read to its end"


class Stopped(Exception):
    """Somebody stopped it."""


class Child:
    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None

    def run(self, data: bytes, rules: str) -> Iterator[tuple[dict[str, Any], bytes]]:
        """Its steps and events. Raises Refused for what is wrong with rules or recording."""
        self.process = process = subprocess.Popen(
            (sys.executable, "-m", MODULE),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=spare_environment(),
            preexec_fn=with_parent,
        )
        feeder = threading.Thread(target=self._feed, args=(data, rules), daemon=True)
        feeder.start()
        ender = threading.Timer(LONGEST_S, self.stop)
        ender.start()
        try:
            yield from self._heard(process)
        finally:
            ender.cancel()

    def _heard(self, process: subprocess.Popen[bytes]) -> Iterator[tuple[dict[str, Any], bytes]]:
        assert process.stdout is not None
        while True:
            line = process.stdout.readline()
            if not line:
                raise Refused(BROKE, mend="Check it with another player.")
            try:
                head = head_of(line)
            except Broken as error:
                raise Refused(BROKE) from error
            body = process.stdout.read(head["size"])
            if head.get("say") == "end":
                if head["reason"]:
                    raise Refused(str(head["reason"]))
                return
            yield head, body

    def _feed(self, data: bytes, rules: str) -> None:
        process = self.process
        if process is None or process.stdin is None:
            return
        head = json.dumps({"rules": rules, "bytes": len(data)}).encode()
        try:
            process.stdin.write(head + b"\n" + data)
            process.stdin.close()
        except (BrokenPipeError, ConnectionResetError, ValueError):
            return

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
