"""The housekeeping every installation needs."""

from procrastinate import JobContext

from varangian.platform.access.context import acting
from varangian.platform.access.scope import SYSTEM

from .app import app


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="seal-audit", name="house.seal_audit")
def seal_audit(timestamp: int) -> None:
    """Chain the audit entries of the last minute and sign the head."""
    from varangian.platform.audit.services import checkpoint, seal

    with acting(SYSTEM, purpose="seal the audit"):
        while seal():
            pass
        checkpoint()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="rescue-jobs", name="house.rescue_stalled", pass_context=True)
async def rescue_stalled(context: JobContext, timestamp: int) -> None:
    """Jobs of a worker that died go to another."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        await manager.retry_job(job)
