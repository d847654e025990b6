"""A network apart from the machine's, for tests that lay lines and cut them.

Chromium gives up every request of its pages when an address of the machine it runs on comes or
goes, so such a test beside one in a browser must not touch the network that both would share.
"""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def ip(*words: str) -> str:
    done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False, timeout=20)
    if done.returncode:
        raise OSError(f"ip {' '.join(words)}: {done.stderr.strip()}")
    return done.stdout


@contextmanager
def apart() -> Iterator[None]:
    """This thread, and what it starts, in an empty network; skips where none may be made."""
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("ip") is None:
        pytest.skip("network namespaces need Linux, root and the command ip")
    with Path("/proc/thread-self/ns/net").open() as before:
        try:
            os.unshare(os.CLONE_NEWNET)
        except OSError as error:
            pytest.skip(f"this machine may not make network namespaces: {error}")
        try:
            _probe()
            ip("link", "set", "lo", "up")
            yield
        finally:
            os.setns(before.fileno(), os.CLONE_NEWNET)


def _probe() -> None:
    name = f"probe{os.getpid()}"
    try:
        ip("netns", "add", name)
        ip("link", "add", "probe", "type", "veth", "peer", "name", "eth0", "netns", name)
    except OSError as error:
        pytest.skip(f"this machine may not make network namespaces: {error}")
    finally:
        with contextlib.suppress(OSError):
            ip("netns", "del", name)
