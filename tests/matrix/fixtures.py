"""The world is built once a module, inside a transaction that is rolled back at its end."""

import time
from collections.abc import Iterator
from types import SimpleNamespace
from unittest.mock import patch

import pytest
from django.db import connection, transaction
from django.test import Client

from varangian.platform.database.embedded import APP
from varangian.surveillance.onvif import finding

from .world import World, build

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def _django_db_helper() -> None:
    """The mark only asks for the database to be made; its transaction is the module's, below."""


@pytest.fixture(scope="module")
def settled(django_db_setup, django_db_blocker) -> Iterator[SimpleNamespace]:
    """The world, and a signed-in browser for everybody in it."""
    with django_db_blocker.unblock(), transaction.atomic():
        world: World = build()
        clients = {
            name: _browser(user)
            for name, user in [
                *((f"foreign {role}", user) for role, user in world.foreign.items()),
                *((f"own {role}", user) for role, user in world.inside.items()),
            ]
        }
        yield SimpleNamespace(world=world, clients={**clients, "anonymous": _stranger()})
        transaction.set_rollback(True)


@pytest.fixture
def house(settled: SimpleNamespace, django_db_blocker) -> Iterator[SimpleNamespace]:
    """Requests speak to the database as the plain role, and leave nothing behind."""
    alone = patch.multiple(finding, GROUP=("127.0.0.1", 9), SECONDS=0.05)
    with alone, django_db_blocker.unblock(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"set local role {APP}")
        yield settled
        transaction.set_rollback(True)


def _stranger() -> Client:
    return Client(raise_request_exception=False)


def _browser(user) -> Client:
    """Somebody who proved who they are, for as long as the slowest machine takes."""
    client = _stranger()
    client.force_login(user, backend=BACKEND)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() + 3600}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client
