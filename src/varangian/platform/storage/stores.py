"""Where sealed files lie: in the database that all machines share, or in a folder.

``VARANGIAN_FILES`` names a folder that every machine sees, or says ``database``. Unsaid, a house
with DATABASE_URL keeps them in the database and a single machine in its home. What was kept in
another place before is still found there.
"""

import os
from pathlib import Path
from typing import Protocol

from django.conf import settings

from .models import Blob

IN_DATABASE = "database"


class Store(Protocol):
    def put(self, name: str, sealed: bytes) -> None:
        """Kept for good when this returns; a second time changes nothing."""
        ...

    def get(self, name: str) -> bytes | None: ...

    def drop(self, name: str) -> None:
        """Gone when this returns, also when it was not there."""
        ...


class Folder:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        return self.folder / name[:2] / name

    def put(self, name: str, sealed: bytes) -> None:
        path = self.path(name)
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial = path.with_suffix(f".{os.getpid()}.partial")
        with partial.open("wb") as out:
            out.write(sealed)
            out.flush()
            os.fsync(out.fileno())
        partial.replace(path)

    def get(self, name: str) -> bytes | None:
        try:
            return self.path(name).read_bytes()
        except FileNotFoundError:
            return None

    def drop(self, name: str) -> None:
        self.path(name).unlink(missing_ok=True)


class Table:
    """In the transaction of the record that names it: both are kept or neither."""

    def put(self, name: str, sealed: bytes) -> None:
        Blob.objects.bulk_create([Blob(name=name, sealed=sealed)], ignore_conflicts=True)

    def get(self, name: str) -> bytes | None:
        found = Blob.objects.filter(pk=name).values_list("sealed", flat=True).first()
        return bytes(found) if found is not None else None

    def drop(self, name: str) -> None:
        Blob.objects.filter(pk=name).delete()


def store() -> Store:
    return Table() if settings.FILES == IN_DATABASE else Folder(Path(settings.FILES))


def everywhere() -> list[Store]:
    """The store of today first, then where files may lie from before."""
    return [store(), Folder(Path(settings.HOME) / "files"), Table()]
