"""The one command. Every part of the house brings its own verbs in ``commands.py``."""

import os
import sys
import warnings
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from varangian import __version__
from varangian.kernel.results import Refused

FILE_ROSTERS = {"solve", "repair", "schema"}
FILE_COMMS = {"read", "writers", "record"}
OFFLINE = {"up", "units", "version", "--help", "--version", "doctor", "restore"}


def main(argv: Sequence[str] | None = None) -> None:
    """Exit codes: 0 done, 1 refused with the reason, 2 wrong use."""
    words = list(sys.argv[1:] if argv is None else argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "varangian.config.settings")
    os.environ.setdefault("VARANGIAN_DB_ROLE", "worker")
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
    try:
        sys.exit(_run(words))
    except Refused as refused:
        _refuse(str(refused))
    except KeyboardInterrupt:
        _refuse("Cancelled")
    except Exception as error:
        from varangian.platform.database.outage import outage

        refused = outage(error)
        if refused is None:
            raise
        _refuse(str(refused))


def _refuse(words: str) -> NoReturn:
    print(words, file=sys.stderr)  # noqa: T201
    sys.exit(1)


def _run(words: list[str]) -> int:
    if words[:1] in (["version"], ["--version"]):
        print(__version__)  # noqa: T201
        return 0
    if words[:1] == ["up"] and "--help" not in words:
        from varangian.platform.processes.up import run

        return run(_only(words[1:]))
    if not needs_database(words):
        return _commands(words)
    from varangian.platform.database.connect import database_at_hand
    from varangian.platform.database.schema import ensure_schema

    with database_at_hand():
        ensure_schema()
        return _commands(words)


def _only(words: list[str]) -> list[str]:
    """``up`` is read here, since the verbs of all parts need settings and those a database."""
    parser = ArgumentParser(prog="varangian up")
    parser.add_argument("--only", action="append", default=[])
    return parser.parse_args(words).only


def needs_database(words: list[str]) -> bool:
    """Help, ``up``, what works on files alone, the offline verifier need no database."""
    if not words or words[0] in OFFLINE or "--help" in words:
        return False
    if words[:2] == ["keys", "import"]:
        return False
    if words[0] == "roster" and words[1:2] and words[1] in FILE_ROSTERS:
        return False
    if words[0] == "comms" and words[1:2] and words[1] in FILE_COMMS:
        return False
    if words[:2] == ["vision", "counts"]:
        return not any(Path(word).is_file() for word in words[2:])
    if words[0] in ("behaviours", "crowd", "vision") or words[:2] in (
        ["route", "plan"],
        ["sighting", "correlate"],
    ):
        return False
    return not (words[:2] == ["audit", "verify"] and any(not w.startswith("-") for w in words[2:]))


def _commands(words: list[str]) -> int:
    import django

    django.setup()
    from varangian.config.commands import root

    return root(words)


if __name__ == "__main__":
    main()
