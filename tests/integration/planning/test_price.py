"""What the pages of orders cost, with an order of many lines."""

from datetime import timedelta

import pytest
from tests import factories

from varangian.operations.services import add_movement
from varangian.planning import services

pytestmark = pytest.mark.django_db


@pytest.fixture
def long_order(team):
    for number in range(40):
        begins = team.operation.starts + timedelta(hours=1 + number)
        add_movement(
            actor=team.leader,
            operation=team.operation,
            kind="road",
            title=f"Leg {number}",
            origin=team.hotel,
            destination=team.hall,
            starts=begins,
            ends=begins + timedelta(minutes=30),
        )
    order = services.draft_order(actor=team.leader, operation=team.operation)
    order = services.approve_order(actor=team.leader, order=order)
    return services.issue_order(actor=team.leader, order=order)


def test_the_page_of_a_long_order_costs_few_queries(
    team, long_order, django_assert_max_num_queries
):
    client = factories.signed_in(team.leader)
    address = f"/planning/orders/{long_order.pk}/"
    for page, most in ((address, 48), (f"{address}part/", 30), ("/planning/orders/", 25)):
        client.get(page)  # what is noted once a minute is noted here
        with django_assert_max_num_queries(most):
            assert client.get(page).status_code == 200


def test_readiness_costs_few_queries(team, long_order, django_assert_max_num_queries):
    client = factories.signed_in(team.leader)
    client.get("/")
    with django_assert_max_num_queries(60):
        assert client.get(f"/planning/{team.operation.slug}/readiness/").status_code == 200
