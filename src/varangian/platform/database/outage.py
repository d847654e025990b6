"""A database that cannot be reached, in words a person can act on."""

import psycopg
from psycopg.conninfo import conninfo_to_dict

from varangian.kernel.results import Refused

from .connect import owner_dsn

CONNECTION_ENDED = ("08", "57P")
"""SQLSTATE classes of a lost connection and of a server that shuts down or starts."""


def outage(error: BaseException | None) -> Refused | None:
    """The refusal for an error that has a lost or refused connection at its root, else None."""
    while error is not None:
        if isinstance(error, psycopg.OperationalError):
            gone = error.sqlstate is None or error.sqlstate.startswith(CONNECTION_ENDED)
            return _away(error) if gone else None
        error = error.__cause__ or error.__context__
    return None


def _away(error: psycopg.OperationalError) -> Refused:
    mend = (
        "Is it running, and is DATABASE_URL right? Without DATABASE_URL the embedded one is used; "
        "varangian doctor looks at either."
    )
    try:
        parts = conninfo_to_dict(owner_dsn() or "")
    except psycopg.Error:
        # the reason would quote the line, and the password with it
        return Refused("The address of the database cannot be read", "DATABASE_URL", mend)
    host, port = parts.get("host") or "the local socket", parts.get("port") or 5432
    where = f"{parts.get('dbname') or 'no database named'} at {host}, port {port}"
    reason = " ".join(str(error).split())
    return Refused(f"The database cannot be reached: {reason}", where=where, mend=mend)
