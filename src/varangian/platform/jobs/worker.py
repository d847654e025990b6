"""The worker process. Started as a module of its own: tasks live elsewhere."""

import asyncio
import os
import socket

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "varangian.config.settings")
django.setup()

from procrastinate.contrib.django import app  # noqa: E402

from varangian.platform.jobs import ticks  # noqa: E402
from varangian.platform.ui.logs import configure  # noqa: E402

CONCURRENCY = 4
QUEUES = ["default", "builtin"]
"""Never-ending jobs have queues and workers of their own."""


async def work() -> None:
    connector = app.connector.get_worker_connector()  # pyright: ignore
    with app.replace_connector(connector) as worker_app:
        async with worker_app.open_async():
            await worker_app.run_worker_async(
                name=f"worker-{socket.gethostname()}-{os.getpid()}",
                queues=QUEUES,
                concurrency=CONCURRENCY,
                listen_notify=True,
                delete_jobs="successful",
                update_heartbeat_interval=5,
                stalled_worker_timeout=20,
            )


if __name__ == "__main__":
    configure("worker")
    ticks.start()
    asyncio.run(work())
