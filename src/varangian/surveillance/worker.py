"""The worker that looks: one process a machine, with as many cameras as it is given."""

import asyncio
import os
import socket

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "varangian.config.settings")
django.setup()

import structlog  # noqa: E402
from django.db.backends.signals import connection_created  # noqa: E402
from procrastinate.contrib.django import app  # noqa: E402
from procrastinate.exceptions import ConnectorException  # noqa: E402

from varangian.platform.ui.logs import configure  # noqa: E402
from varangian.surveillance.jobs import QUEUE  # noqa: E402

log = structlog.get_logger()
CAMERAS = int(os.environ.get("VARANGIAN_VISION_CAMERAS", "12"))
HEARTBEAT, STALLED = 1.0, 5.0
HOLDS_S = 4
"""A worker that hangs in the middle of a write keeps the row of its camera locked, and who takes
the camera over would wait for that lock. After so long the server takes it away."""


def let_go_of_locks(connection, **_) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"set idle_in_transaction_session_timeout = '{HOLDS_S}s'")


async def work() -> None:
    connector = app.connector.get_worker_connector()  # pyright: ignore
    with app.replace_connector(connector) as vision:
        async with vision.open_async():
            rescue = asyncio.create_task(take_over(vision))
            try:
                await vision.run_worker_async(
                    name=f"vision-{socket.gethostname()}-{os.getpid()}",
                    queues=[QUEUE],
                    concurrency=CAMERAS,
                    listen_notify=True,
                    fetch_job_polling_interval=2.0,
                    abort_job_polling_interval=2.0,
                    delete_jobs="always",
                    update_heartbeat_interval=HEARTBEAT,
                    stalled_worker_timeout=STALLED,
                    shutdown_graceful_timeout=1.0,
                )
            finally:
                rescue.cancel()


async def take_over(vision) -> None:
    """Cameras of a worker that fell silent are given out again; the fence keeps it harmless when
    the silent one still lives."""
    while True:
        await asyncio.sleep(HEARTBEAT)
        try:
            stalled = await vision.job_manager.get_stalled_jobs(
                queue=QUEUE, seconds_since_heartbeat=STALLED
            )
            for job in stalled:
                await vision.job_manager.retry_job(job)
                log.info("a camera is given to another worker", job=job.id)
        except ConnectorException as error:
            log.warning("vision waits for the database", error=type(error).__name__)


if __name__ == "__main__":
    configure("vision")
    connection_created.connect(let_go_of_locks)
    asyncio.run(work())
