"""Wrong passwords are counted over all processes, and nothing else pays for the count."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.core.internal import ratelimit
from django.conf import settings
from django.core.cache import cache, caches
from django.db import connection, transaction
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from tests import factories

from varangian.platform.access.jobs import prune
from varangian.platform.access.roles import Role

pytestmark = pytest.mark.django_db
KEY = "someone@example.org"


def attempt(number: int) -> bool:
    """One wrong password, as a request of a process with a connection of its own."""
    try:
        request = RequestFactory().post("/", REMOTE_ADDR=f"192.0.2.{number}")
        with transaction.atomic():
            return bool(
                ratelimit.consume(
                    request, app="allauth.account", action="login_failed", key=KEY,
                    config=settings.ACCOUNT_RATE_LIMITS,
                )
            )  # fmt: skip
    finally:
        connection.close()


@pytest.fixture
def swept():
    yield
    with ThreadPoolExecutor(1) as pool:
        pool.submit(sweep).result()


def sweep() -> None:
    cache.clear()
    connection.close()


def test_attempts_at_once_from_many_processes_get_five_in_all(swept):
    with ThreadPoolExecutor(6) as pool:
        granted = list(pool.map(attempt, range(18)))
    assert sum(granted) == 5
    caches["near"].clear()
    with ThreadPoolExecutor(1) as pool:
        assert not pool.submit(attempt, 99).result()


def test_ordinary_pages_do_not_ask_the_shared_table():
    operation = factories.operation()
    client = factories.signed_in(factories.member(operation, Role.DETAIL_LEADER))
    for address in ("/", "/operations/", "/account/login/", "/api/v1/operations"):
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        assert not [q["sql"] for q in asked if "house_cache" in q["sql"]], address


def test_old_counts_are_swept():
    cache.set("kept", 1, 60)
    cache.set("gone", 1, -1)
    with connection.cursor() as cursor:
        cursor.execute("insert into house_cache values ('x', '', now() - interval '1 minute')")
    prune()
    with connection.cursor() as cursor:
        cursor.execute("select cache_key from house_cache")
        assert [row[0] for row in cursor.fetchall()] == [":1:kept"]
