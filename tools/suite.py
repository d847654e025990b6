"""Every test, two at a time; files with a failure once more, by themselves, which decides.

Real processes, browsers and clocks share two cores here, and a promise in seconds can be broken by
a neighbour. What fails again, alone, is wrong. The first failure is printed all the same.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

MOST_FILES = 12
"""More than that is no neighbour's doing."""


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        failed = Path(folder) / "failed"
        code = pytest(["-n", "2"], VARANGIAN_FAILED_FILES=str(failed))
        files = failed.read_text().split() if failed.exists() else []
    if code != 1 or not 0 < len(files) <= MOST_FILES:
        return code
    print(f"\nonce more, alone: {', '.join(files)}", flush=True)
    return pytest(files)


def pytest(words: list[str], **more: str) -> int:
    done = subprocess.run([sys.executable, "-m", "pytest", *words], env={**os.environ, **more})
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
