"""A home whose tables are made, once a run: houses of real processes start from a copy of it."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from fasteners import InterProcessLock

RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID") or str(os.getpid())
SEED = Path(tempfile.gettempdir()) / f"varangian-seed-{RUN}"
LOCK = InterProcessLock(SEED.with_suffix(".lock"))
MAKE = """
from varangian.platform.database.connect import database_at_hand
from varangian.platform.database.schema import ensure_schema
with database_at_hand():
    ensure_schema()
"""


def furnish(home: Path) -> Path:
    """The first start of a house is tested where it matters; elsewhere it only takes time."""
    with LOCK:
        if not SEED.exists():
            _make()
        home.mkdir(exist_ok=True)
        subprocess.run(["cp", "-a", f"{SEED}/.", str(home)], check=True)
    return home


def _make() -> None:
    making = SEED.with_suffix(".making")
    kept = {name: value for name, value in os.environ.items() if not _ours(name)}
    own = {"VARANGIAN_HOME": str(making), "DJANGO_SETTINGS_MODULE": "varangian.config.settings"}
    environment = {**kept, **own, "VARANGIAN_DB_ROLE": "owner"}
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir()
    subprocess.run([sys.executable, "-c", MAKE], env=environment, check=True, timeout=480)
    making.rename(SEED)


def _ours(name: str) -> bool:
    return name.startswith("VARANGIAN_") or name in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")


def clear() -> None:
    with LOCK:
        shutil.rmtree(SEED, ignore_errors=True)
