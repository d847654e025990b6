"""GET /healthz: is every part of the house up?"""

import socket

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse

from varangian import __version__
from varangian.platform.processes.parts import near, running_here
from varangian.platform.processes.queries import runs_somewhere

WORKER_SQL = """select count(*) > (select count(*) from processes_part
where part = 'vision' and seen_at > now() - interval '30 seconds') from procrastinate_workers
where last_heartbeat > now() - interval '30 seconds'"""
"""Workers that look at cameras beat in the same table and do no other work."""


def healthz(_: HttpRequest) -> JsonResponse:
    parts = {"database": _database(), "live": "unknown", "worker": "unknown"}
    if parts["database"] == "ok":
        parts["worker"] = _worker()
    if "live" in running_here():
        parts["live"] = _live()
    elif parts["database"] == "ok":
        parts["live"] = "ok" if runs_somewhere("live") else "down"
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
        with socket.create_connection((near(), settings.LIVE_PORT), timeout=0.5):
            return "ok"
    except OSError:
        return "down"
