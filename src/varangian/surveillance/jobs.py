"""One never-ending job a camera, in the queue of the machines that can look."""

from uuid import UUID

from procrastinate import JobContext

from varangian.platform.jobs.app import app

QUEUE = "vision"


@app.task(name="surveillance.run_camera", queue=QUEUE, pass_context=True, retry=True)
async def run_camera(context: JobContext, camera: str) -> None:
    from .running import Runner
    from .services.placing import Grip

    grip = Grip(UUID(camera), context.job.id or 0, context.job.attempts)
    await Runner(grip, context.worker_name or "", context.should_abort).run()


@app.task(name="surveillance.try_rules", retry=False)
def try_rules(trial: str) -> None:
    from .services.trials import run_now

    run_now(UUID(trial))


@app.task(name="surveillance.compare_ways", retry=False)
def compare_ways(operation: str) -> None:
    from .services.behind import compare_one

    compare_one(UUID(operation))


@app.task(name="surveillance.ask_recorder", retry=False)
def ask_recorder(sensor: str) -> None:
    from .services.recorders import ask_one

    ask_one(UUID(sensor))
