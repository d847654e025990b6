"""The API answers invented requests as its schema says: never with a failure of its own.

Every operation gets valid and invalid requests from schemathesis, half of them about records that
exist, sent as several roles in turn. Deterministic; PostgreSQL enforces row security meanwhile.
"""

import json
from types import SimpleNamespace
from typing import Any

import pytest
import requests
import schemathesis
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.matrix import routes
from tests.matrix.fixtures import _django_db_helper, house, settled  # noqa: F401

from varangian.platform.access.roles import Role
from varangian.platform.access.services import issue_token

pytestmark = pytest.mark.django_db
EXAMPLES = 4
ROLES = (Role.DETAIL_LEADER, Role.ANALYST, Role.DRIVER, Role.CLIENT)
PROBLEM = {"type", "title", "status", "detail", "mend"}
ENDPOINTS = routes.operations()


SCHEMA = schemathesis.openapi.from_dict(routes.schema())


@pytest.fixture
def callers(settled: SimpleNamespace, house: SimpleNamespace) -> list[tuple[str, str]]:  # noqa: F811
    """Role and token of a member of team A, and of strangers to it."""
    people = {role.value: settled.world.inside[role.value] for role in ROLES}
    people["stranger"] = settled.world.foreign["detail_leader"]
    people["administrator"] = settled.world.foreign["administrator"]
    return [
        (name, issue_token(user=user, label="contract", writes=True)[1])
        for name, user in people.items()
    ]


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=[one.name for one in ENDPOINTS])
def test_answers_as_the_schema_says(house, callers, endpoint):  # noqa: F811
    operation = SCHEMA[endpoint.schema][endpoint.method]

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), real=st.booleans())
    def ask(case: Any, real: bool) -> None:
        if real:
            for name, key in endpoint.gaps:
                case.path_parameters[name] = key[1:] if key[0] == "=" else str(house.world.ids[key])
        for role, token in callers:
            point = transaction.savepoint()
            try:
                answer = send(case, token)
            finally:
                transaction.savepoint_rollback(point)
            check(case, answer, f"{role} {case.method} {case.formatted_path}")

    ask()


def send(case: Any, token: str) -> Any:
    """Through the whole of the house, on the connection of the test."""
    made = requests.Request(**case.as_transport_kwargs(base_url="http://testserver")).prepare()
    body = made.body.encode() if isinstance(made.body, str) else made.body or b""
    return Client(raise_request_exception=False).generic(
        made.method or "GET",
        made.url.removeprefix("http://testserver"),
        body,
        content_type=made.headers.get("Content-Type", ""),
        headers={"Authorization": f"Bearer {token}"},
    )


def check(case: Any, answer: Any, shown: str) -> None:
    kind = answer.headers.get("Content-Type", "")
    assert answer.status_code < 500, f"{shown}: {answer.status_code} {case.as_curl_command()}"
    if answer.status_code >= 400:
        assert kind == "application/problem+json", f"{shown}: {answer.status_code} {kind}"
        told = json.loads(answer.content)
        assert set(told) == PROBLEM and told["status"] == answer.status_code, shown
        assert told["title"] and b"Traceback" not in answer.content, shown
        return
    known = case.operation.definition.raw["responses"]
    assert str(answer.status_code) in known, f"{shown}: {answer.status_code} is not in the schema"
    if answer.status_code != 204 and kind.startswith("application/json"):
        json.loads(answer.content)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\xfe", b'{"a":' * 2000, b"null"])
def test_broken_bodies_are_a_problem_of_the_sender(house, callers, body):  # noqa: F811
    token = callers[0][1]
    for endpoint in ENDPOINTS:
        if endpoint.method in ("GET", "DELETE"):
            continue
        answer = Client(raise_request_exception=False).generic(
            endpoint.method,
            endpoint.address(house.world.ids),
            body,
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}"},
        )
        assert answer.status_code < 500, f"{endpoint.name}: {answer.content[:200]}"
        if answer.status_code >= 400:
            assert answer.headers["Content-Type"] == "application/problem+json", endpoint.name


def test_a_refused_write_leaves_its_key_free(house, callers):  # noqa: F811
    """A refusal is no answer to remember: the same key works once the request is mended."""
    path = f"/api/v1/operations/{house.world.ids['operation']}/log"
    sent = {"Authorization": f"Bearer {callers[0][1]}", "Idempotency-Key": "mended"}
    answers = [
        Client(raise_request_exception=False).post(
            path, json.dumps({"event": event}), content_type="application/json", headers=sent
        )
        for event in ("", "", "arrived", "arrived")
    ]
    assert [one.status_code for one in answers] == [422, 422, 200, 200]
    assert answers[2].json() == answers[3].json()
