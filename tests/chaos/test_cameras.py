"""Workers that look are killed and stopped: another takes their cameras, and never two at once."""

import os
import signal
import subprocess
import sys
import time

import psutil
import psycopg
import pytest

pytest.importorskip("av")
pytest.importorskip("cv2")

from tests.cameras import Looker, all_live, await_live, dsn_of, register, runs
from tests.clips import clip
from tests.seed import furnish
from tests.stack import Stack, patience, team, until

pytestmark = pytest.mark.chaos
CAMERAS = 4
HANGS = """
import time
from varangian.surveillance import worker
worker.connection_created.connect(worker.let_go_of_locks)
from django.db import connection, transaction
with transaction.atomic(), connection.cursor() as cursor:
    cursor.execute("select 1 from surveillance_camerarun for update")
    print("holds", flush=True)
    time.sleep(60)
"""
TAKEN_OVER = 10


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clips")
    clip(folder / "a.mp4", seconds=8, size=(320, 180))
    stack = Stack(
        furnish(tmp_path_factory.mktemp("cameras")),
        VARANGIAN_VISION="0",
        VARANGIAN_CAMERA_FILES=str(folder),
    )
    try:
        stack.start()
        stack.folder, stack.dsn = folder, dsn_of(stack)
        stack.team = team(stack)
        for number in range(CAMERAS):
            name = f"Gate {number}"
            register(stack, stack.team.leader, stack.team.operation, name, "file:///a.mp4")
        yield stack
    finally:
        stack.kill()


@pytest.fixture
def looker(house):
    made = []

    def start() -> Looker:
        made.append(Looker(house, house.folder))
        return made[-1]

    yield start
    for one in made:
        one.close()


def children_of(worker: Looker) -> list[psutil.Process]:
    return psutil.Process(worker.pid).children(recursive=True)


def watch(house, owner: int, seconds: float) -> float:
    """Seconds until all cameras are live with this owner; meanwhile no camera ever goes back to
    an earlier attempt."""
    begun, seen = time.monotonic(), {}
    while time.monotonic() - begun < seconds:
        for name, _, job, attempt, *_ in runs(house.dsn):
            assert (job, attempt) >= seen.get(name, (0, 0)), name
            seen[name] = (job, attempt)
        if all_live(house.dsn, owner, CAMERAS):
            return time.monotonic() - begun
        time.sleep(0.2)
    raise AssertionError(runs(house.dsn))


def test_a_killed_worker_loses_its_cameras_to_another(house, looker):
    first = looker()
    await_live(house.dsn, first.pid, CAMERAS, 60)
    second = looker()
    time.sleep(patience(6))
    left = children_of(first)
    assert len(left) == CAMERAS
    first.kill()
    passed = watch(house, second.pid, patience(30))
    assert passed < patience(TAKEN_OVER)
    until(lambda: not any(one.is_running() for one in left), 5)
    assert len(children_of(second)) == CAMERAS


def test_one_that_hangs_and_wakes_finds_itself_fenced_off(house, looker):
    first = looker()
    await_live(house.dsn, first.pid, CAMERAS, 60)
    second = looker()
    time.sleep(patience(6))
    first.kill(signal.SIGSTOP)
    watch(house, second.pid, patience(40))
    owned = {row[0]: row[2:4] for row in runs(house.dsn)}
    first.kill(signal.SIGCONT)
    until(lambda: not children_of(first), 20)
    for name, owner, job, attempt, *_ in runs(house.dsn):
        assert owner.endswith(f"-{second.pid}") and (job, attempt) >= owned[name]


def test_who_hangs_in_the_middle_of_a_write_keeps_no_camera_locked(house):
    environment = {**house.environment, "VARANGIAN_DSN": house.dsn, "VARANGIAN_DB_ROLE": "worker"}
    environment |= {"DJANGO_SETTINGS_MODULE": "varangian.config.settings"}
    hanging = subprocess.Popen(
        [sys.executable, "-c", HANGS], env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert hanging.stdout.readline() == "holds\n"
        os.kill(hanging.pid, signal.SIGSTOP)
        begun = time.monotonic()
        with psycopg.connect(house.dsn, connect_timeout=5) as connection:
            connection.execute("set lock_timeout = '40s'")
            connection.execute("select 1 from surveillance_camerarun for update")
        assert time.monotonic() - begun < patience(TAKEN_OVER)
    finally:
        hanging.kill()
        hanging.wait()


def test_a_child_that_dies_touches_no_neighbour(house, looker):
    worker = looker()
    await_live(house.dsn, worker.pid, CAMERAS, 60)
    before = {child.pid for child in children_of(worker)}
    victim = min(before)
    psutil.Process(victim).kill()
    until(lambda: len({one.pid for one in children_of(worker)} - {victim}) == CAMERAS, 20)
    after = {child.pid for child in children_of(worker)}
    assert before - after == {victim} and len(after - before) == 1
    await_live(house.dsn, worker.pid, CAMERAS, 20)
