"""The command line's manners: data on standard output, words on standard error."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from varangian.kernel.results import Refused
from varangian.platform.access.context import acting
from varangian.platform.access.scope import SYSTEM, Actor

AsJson = Annotated[bool, typer.Option("--json", help="JSON on standard output")]
_who = ""
_exercise = False
_out = Console()
_err = Console(stderr=True)


def act_for(email: str, *, exercise: bool = False) -> None:
    """Remember ``--as`` and ``--exercise`` for the verb that follows."""
    global _who, _exercise
    _who, _exercise = email, exercise


def actor() -> Actor:
    """The person named by ``--as``, or the house itself at its own console."""
    if not _who:
        return SYSTEM
    from varangian.platform.access.queries import user_by_email

    user = user_by_email(_who)
    if user is None:
        raise Refused("There is no such person", where=_who, mend="See varangian user list.")
    return user


@contextmanager
def unit(purpose: str = "") -> Iterator[Actor]:
    """One command, one transaction, one actor."""
    with acting(actor(), purpose=purpose or "command line", exercise=_exercise) as who:
        yield who


def emit(data: Any, as_json: bool, columns: Sequence[str] = ()) -> None:
    """Rows as a table for people or as JSON for programs."""
    if as_json:
        typer.echo(json.dumps(data, indent=2, ensure_ascii=False, default=str))
        return
    if isinstance(data, list):
        table = Table(*columns, box=None, header_style="bold")
        for row in data:
            table.add_row(*[_cell(row.get(column)) for column in columns])
        _out.print(table if data else "none")
        return
    for key, value in data.items():
        _out.print(f"[bold]{key}[/]: {_cell(value)}")


def _cell(value: Any) -> str:
    return "" if value is None else str(value)


def serial(words: str) -> int:
    """``R4`` or ``4``: the number of a line within its operation."""
    digits = words[1:] if words[:1].isalpha() else words
    if not digits.isdecimal():
        raise Refused("This is no number of a line", where=words, mend="Such as R4, or 4.")
    return int(digits)


def in_zone(at: datetime | None, zone: str) -> datetime | None:
    """A time typed without a zone is on the clock of the operation."""
    return at.replace(tzinfo=ZoneInfo(zone)) if at and at.tzinfo is None else at


def say(words: str) -> None:
    _err.print(words, highlight=False)


def read_file(path: Path, limit: int = 25 * 1024 * 1024) -> bytes:
    if not path.is_file():
        raise Refused("There is no such file", where=str(path))
    if path.stat().st_size > limit:
        size, most = path.stat().st_size // 1024 // 1024, limit // 1024 // 1024
        raise Refused(f"The file has {size} MB; the limit is {most} MB", where=str(path))
    return path.read_bytes()


@contextmanager
def progress(words: str, total: int | None = None) -> Iterator[Any]:
    """A bar on standard error; yields ``advance(n)``."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn(), console=_err, transient=True) as bar:
        task = bar.add_task(words, total=total)
        yield lambda n=1: bar.advance(task, n)


@contextmanager
def shares(words: str) -> Iterator[Any]:
    """A bar on standard error; yields ``tell(step, share)``, the share from 0 to 1."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, TimeRemainingColumn(), console=_err, transient=True) as bar:
        task = bar.add_task(words, total=1.0)
        yield lambda step, share: bar.update(task, description=step or words, completed=share)
