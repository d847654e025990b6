"""``varangian backup``, ``restore`` and ``doctor``"""

import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import psycopg
import typer

from varangian.kernel.results import Refused
from varangian.platform.ui import console

from . import checks
from .connect import database_at_hand, owner_dsn
from .embedded import home_folder

PassphraseFile = Annotated[
    Path | None, typer.Option(help="first line; else VARANGIAN_BACKUP_PASSPHRASE, else asked")
]
MARKS = {"ok": "ok  ", "off": "off ", "warn": "warn", "bad": "BAD "}


def backup(
    file: Path, passphrase_file: PassphraseFile = None, as_json: console.AsJson = False
) -> None:
    """Write database, files and keys into one encrypted file."""
    from .backup import make_backup, size_of

    home = home_folder()
    secret = passphrase(passphrase_file, twice=True)
    with console.progress("Backing up", size_of(home)) as advance:
        manifest = make_backup(home, file, secret, advance)
    if as_json:
        console.emit({"file": str(file), "size": file.stat().st_size, **manifest}, as_json)
        return
    rows = sum(manifest["counts"].values())
    console.say(f"Wrote {file}: {rows} rows, {file.stat().st_size / 1024**2:.1f} MB, encrypted.")
    console.say("Without the passphrase it opens for nobody, you included.")


def restore(
    file: Path,
    passphrase_file: PassphraseFile = None,
    replace: Annotated[bool, typer.Option("--replace", help="lose what is there")] = False,
    as_json: console.AsJson = False,
) -> None:
    """Bring a backup back into an empty home; erasures since then are done again."""
    from .restore import restore_backup

    secret = passphrase(passphrase_file, twice=False)
    size = file.stat().st_size if file.is_file() else None
    with console.progress("Proving the backup", size) as advance:
        done = restore_backup(home_folder(), file, secret, replace=replace, advance=advance)
    if as_json:
        console.emit(
            {
                "files": done.files,
                "erased_again": done.erased_again,
                "whole": done.whole,
                "audit": done.audit,
                **done.manifest,
            },
            as_json,
        )
    rows = sum(done.manifest["counts"].values())
    console.say(f"Restored {rows} rows and {done.files} files of {done.manifest['made_at'][:16]}.")
    if done.erased_again:
        console.say(f"Erased again: the keys of {done.erased_again} subjects.")
    if not done.whole:
        broken = [one for one in done.audit if not one["whole"]]
        first = broken[0] if broken else {"chain": "audit", "serial": None, "reason": "no answer"}
        raise Refused(
            f"The house is back, but the {first['chain']} chain is broken at entry "
            f"{first['serial']}: {first['reason']}",
            mend="It was so in the backup. Tell the auditor, and compare an older backup.",
        )
    console.say(f"The audit and {len(done.audit) - 1} logs are whole.")


def doctor(as_json: console.AsJson = False) -> None:
    """What is wrong with this installation, and how to mend it."""
    from django.conf import settings

    home = home_folder()
    found = [*checks.of_machine(home), *_of_database(home), checks.live(settings.LIVE_PORT)]
    bad = [check for check in found if check.state == "bad"]
    if as_json:
        console.emit([asdict(check) for check in found], as_json)
    else:
        for check in found:
            typer.echo(f"{MARKS[check.state]}  {check.name}: {check.found}")
            if check.mend:
                typer.echo(f"      {check.mend}")
    if bad:
        raise Refused(f"{len(bad)} things are wrong: {', '.join(check.name for check in bad)}")
    console.say("Nothing is wrong.")


def _of_database(home: Path) -> list[checks.Check]:
    """The database is started for the look when nothing else runs it."""
    if not owner_dsn() and not (home / "postgres" / "PG_VERSION").exists():
        return [checks.Check("database", "bad", "not made yet", "Run varangian up once.")]
    try:
        with database_at_hand(home), psycopg.connect(owner_dsn() or "") as connection:
            _point_django(owner_dsn() or "")
            table = connection.execute("select to_regclass('audit_auditentry')").fetchone()
            if not table or table[0] is None:
                return [checks.Check("tables", "bad", "not made yet", "Run varangian up once.")]
            return list(checks.of_database(home, connection))
    except (Refused, psycopg.Error) as error:
        mend = "Look at postgres/log in the home folder, or at DATABASE_URL."
        return [checks.Check("database", "bad", f"does not answer: {error}", mend)]


def _point_django(dsn: str) -> None:
    """Settings were read before the database was there."""
    from django.conf import settings
    from django.db import connections

    from .connect import django_database

    os.environ.setdefault("VARANGIAN_DSN", dsn)
    known = settings.DATABASES["default"]
    fresh = {**known, **django_database(os.environ.get("VARANGIAN_DB_ROLE", "app"))}
    connections.settings["default"].update(fresh)
    connections["default"].close()
    connections["default"].settings_dict.update(fresh)


def passphrase(file: Path | None, *, twice: bool) -> str:
    if file is not None:
        words = console.read_file(file, limit=10_000).decode("utf-8", "replace").splitlines()
        given = words[0].strip() if words else ""
    else:
        given = os.environ.get("VARANGIAN_BACKUP_PASSPHRASE", "")
    if not given and sys.stdin.isatty():
        given = typer.prompt("Passphrase", hide_input=True, confirmation_prompt=twice, err=True)
    if not given:
        raise Refused(
            "This needs a passphrase",
            mend="Use --passphrase-file FILE or VARANGIAN_BACKUP_PASSPHRASE.",
        )
    return given


groups = {"backup": backup, "restore": restore, "doctor": doctor}
