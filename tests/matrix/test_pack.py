"""Whoever holds the link of a contractor pack opens that page, and nothing else in the house."""

from types import SimpleNamespace

import pytest
from django.conf import settings
from django.test import Client

from . import routes
from .test_matrix import ALL, ask, leaks, sent_to_the_door, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def contractor(house: SimpleNamespace) -> Client:
    """A browser that has read its page, and tries its secret wherever a house might take one."""
    secret = house.world.ids["pack_secret"]
    client = Client(raise_request_exception=False)
    assert client.get(f"/pack/{secret}").status_code == 200
    assert not client.cookies
    client.cookies[settings.SESSION_COOKIE_NAME] = secret
    client.defaults |= {
        "HTTP_AUTHORIZATION": f"Bearer {secret}",
        "HTTP_REFERER": f"http://testserver/pack/{secret}",
        "QUERY_STRING": f"token={secret}&secret={secret}",
    }
    return client


def test_the_page_itself_opens_and_shows_only_its_lines(house):
    answer = Client().get(f"/pack/{house.world.ids['pack_secret']}")
    told = words(answer)
    assert answer.status_code == 200 and "Wait at the east door" in told
    for other in ("two days", "to the quay", "pursuer", "approach", "second car", "contract"):
        assert f"ZEPHYRMARK {other}" not in told


def test_the_secret_of_a_pack_opens_nothing_else(house, contractor):
    opened = []
    for endpoint in ALL:
        answer = ask(contractor, endpoint, house.world.ids)
        if leaks(answer) or not sent_to_the_door(answer, endpoint):
            opened.append((endpoint.name, answer.status_code))
    assert opened == []


@pytest.mark.parametrize("route", sorted(routes.PUBLIC - {"pack/<secret>"}))
def test_the_secret_is_no_key_to_the_other_open_addresses(house, contractor, route):
    secret = house.world.ids["pack_secret"]
    answer = contractor.get(f"/{route}".replace("<secret>", secret))
    assert answer.status_code in (200, 404, 503) and not leaks(answer)
    pressed = contractor.post(f"/{route}".replace("<secret>", secret))
    assert not leaks(pressed)
    assert not any(cookie.value for cookie in pressed.cookies.values())
    assert pressed.status_code >= 400 or "<secret>" not in route
