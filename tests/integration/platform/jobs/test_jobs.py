"""Jobs: they live and die with the transaction, the audit is sealed, the stalled are rescued."""

import asyncio
from types import SimpleNamespace

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from tests import factories

from varangian.kernel.ids import new_id
from varangian.platform.audit.models import AuditEntry, Checkpoint
from varangian.platform.jobs.app import app
from varangian.platform.jobs.tasks import rescue_stalled, seal_audit

pytestmark = pytest.mark.django_db


def test_the_audit_is_sealed_and_signed():
    factories.operation(factories.person())
    assert AuditEntry.objects.filter(seal=None).exists()
    seal_audit(timestamp=0)
    assert AuditEntry.objects.filter(seal=None).count() == 0
    mark = Checkpoint.objects.latest("pk")
    seal_audit(timestamp=0)
    assert Checkpoint.objects.latest("pk") == mark, "a head that did not move is not signed again"


def test_jobs_of_a_dead_worker_go_to_another():
    retried = []

    class Manager:
        async def get_stalled_jobs(self):
            return ["one", "two"]

        async def retry_job(self, job):
            retried.append(job)

    context = SimpleNamespace(app=SimpleNamespace(job_manager=Manager()))
    asyncio.run(rescue_stalled(context, timestamp=0))
    assert retried == ["one", "two"]


def test_a_job_is_kept_only_with_its_transaction():
    task = app.configure_task("intelligence.match_movement")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        task.defer(movement=str(new_id()))
        _ = 1 / 0
    assert not ProcrastinateJob.objects.exists()
    task.defer(movement=str(new_id()))
    assert ProcrastinateJob.objects.get().status == "todo"


def test_housekeeping_waits_in_line_once():
    names = {periodic.task.name for periodic in app.periodic_registry.periodic_tasks.values()}
    assert {"house.seal_audit", "house.rescue_stalled", "intelligence.poll_feeds"} <= names
    locks = [task.queueing_lock for task in (seal_audit, rescue_stalled)]
    assert all(locks) and len(set(locks)) == 2
