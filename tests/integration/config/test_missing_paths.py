"""What the API does not have is refused in the API's words, whatever the method and the caller."""

import json

import pytest
from django.test import Client
from tests.factories import person

from varangian.platform.access.services import issue_token

pytestmark = pytest.mark.django_db
METHODS = ("get", "post", "put", "patch", "delete", "options", "head")
PATHS = ("/api/v1/nothing", "/api/v1/operations/x/nothing", "/api/v1/", "/api/v2/operations",
         "/api/v1/operations/", "/api", "/api/v1")  # fmt: skip


@pytest.fixture(params=["stranger", "token"])
def headers(request) -> dict[str, str]:
    if request.param == "stranger":
        return {}
    _, secret = issue_token(user=person(), label="contract", writes=True)
    return {"Authorization": f"Bearer {secret}"}


def ask(method: str, path: str, headers: dict[str, str]):
    return getattr(Client(enforce_csrf_checks=True), method)(path, headers=headers)


def is_problem(answer, status: int) -> bool:
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json", answer.content[:200]
    return not answer.content or json.loads(answer.content)["status"] == status


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", METHODS)
def test_a_missing_path(method, path, headers):
    assert is_problem(ask(method, path, headers), 404)


def test_a_method_that_the_path_does_not_take(headers):
    answer = ask("delete", "/api/v1/engagements", headers)
    assert is_problem(answer, 405)
    assert "POST" in answer.headers["Allow"]


def test_a_page_sent_without_its_token_says_so_in_the_house_s_words():
    answer = ask("post", "/account/login/", {})
    assert answer.status_code == 403
    assert b"Load the page again" in answer.content
