"""GET /healthz: is every part of the house up?"""

import socket

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse

from varangian import __version__

WORKER_SQL = """select count(*) from procrastinate_workers
where last_heartbeat > now() - interval '30 seconds'"""


def healthz(_: HttpRequest) -> JsonResponse:
    parts = {"database": _database(), "live": _live(), "worker": "unknown"}
    if parts["database"] == "ok":
        parts["worker"] = _worker()
    whole = all(state == "ok" for state in parts.values())
    body = {"status": "ok" if whole else "degraded", "version": __version__, **parts}
    return JsonResponse(body, status=200 if parts["database"] == "ok" else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except Error:
        connection.close()
        return "down"
    return "ok"


def _worker() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute(WORKER_SQL)
            return "ok" if cursor.fetchone()[0] else "down"
    except Error:
        return "unknown"


def _live() -> str:
    try:
        with socket.create_connection(("127.0.0.1", settings.LIVE_PORT), timeout=0.5):
            return "ok"
    except OSError:
        return "down"
