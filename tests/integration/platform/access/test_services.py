"""People, members, tokens and links."""

from datetime import timedelta

import pytest
from tests import factories

from varangian.kernel.clock import frozen, now
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.platform.access import queries, services
from varangian.platform.access.jobs import prune
from varangian.platform.access.models import Membership, Replay, SignInLink
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM, compartments_for
from varangian.platform.audit.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator():
    return factories.person(is_administrator=True)


@pytest.fixture
def contract():
    return factories.engagement()


@pytest.fixture
def leader(contract):
    return factories.member(contract, Role.DETAIL_LEADER)


def test_invited_by_an_administrator_with_a_link_that_works_once(administrator):
    user, secret = services.invite(actor=administrator, email="New@Example.org", name="New Person")
    assert (user.email, user.has_usable_password()) == ("new@example.org", False)
    assert services.redeem_link(secret) == user
    assert services.redeem_link(secret) is None
    with pytest.raises(Refused, match="already"):
        services.invite(actor=administrator, email="new@example.org", name="Again")


def test_people_are_no_business_of_a_leader(leader):
    for forbidden in (
        lambda: queries.people(leader),
        lambda: services.invite(actor=leader, email="x@example.org", name="X"),
        lambda: services.deactivate(actor=leader, user=factories.person()),
        lambda: services.reset_second_factors(actor=leader, user=factories.person()),
        lambda: services.link_for(actor=leader, user=factories.person()),
    ):
        with pytest.raises(Denied):
            forbidden()


def test_a_link_lives_half_an_hour(administrator):
    secret = services.issue_link(user=administrator)
    with frozen(now() + timedelta(minutes=31)):
        assert services.redeem_link(secret) is None


def test_an_administrator_cannot_become_somebody_by_a_link(administrator):
    worker = factories.person()
    assert services.link_for(actor=administrator, user=worker)
    worker.last_login = now()
    worker.save()
    with pytest.raises(Denied, match="let you in as them"):
        services.link_for(actor=administrator, user=worker)
    assert services.link_for(actor=SYSTEM, user=worker)
    assert AuditEntry.objects.filter(kind="sign-in link").count() == 2


def test_shut_out_at_once(administrator):
    worker = factories.person()
    _, token = services.issue_token(user=worker, label="phone")
    link = services.issue_link(user=worker)
    services.deactivate(actor=administrator, user=worker)
    assert services.user_of_token(token) is None
    assert services.redeem_link(link) is None
    services.reactivate(actor=administrator, user=worker)
    assert services.user_of_token(token) is None


def test_the_last_administrator_stays(administrator):
    with pytest.raises(Refused, match="yourself"):
        services.deactivate(actor=administrator, user=administrator)
    with pytest.raises(Refused, match="last administrator"):
        services.deactivate(actor=SYSTEM, user=administrator)


def test_members_come_change_and_go(contract, leader):
    officer = factories.person()
    where = {"actor": leader, "compartment_id": contract.compartment_id, "user": officer}
    services.add_member(**where, role=Role.OFFICER)
    services.add_member(**where, role=Role.DRIVER)
    assert queries.member(leader, contract.compartment_id, officer.pk).role == "driver"
    services.remove_member(**where)
    with pytest.raises(NotFound):
        services.remove_member(**where)


def test_a_circle_keeps_a_leader(contract, leader):
    where = {"actor": leader, "compartment_id": contract.compartment_id}
    with pytest.raises(Refused, match="only detail leader"):
        services.remove_member(**where, user=leader)
    with pytest.raises(Refused, match="only detail leader"):
        services.add_member(**where, user=leader, role=Role.OFFICER)
    services.add_member(**where, user=factories.person(), role=Role.DETAIL_LEADER)
    services.remove_member(**where, user=leader)


def test_a_membership_ends_by_itself(contract, leader):
    officer = factories.person()
    where = {"actor": leader, "compartment_id": contract.compartment_id, "user": officer}
    with pytest.raises(Refused, match="end before"):
        services.add_member(**where, role=Role.OFFICER, until=now())
    services.add_member(**where, role=Role.OFFICER, until=now() + timedelta(hours=1))
    assert queries.compartment(officer, contract.compartment_id)
    officer.__dict__.pop("_reach", None)
    with frozen(now() + timedelta(hours=2)):
        assert not compartments_for(officer, "operation.view")
    ended = now() - timedelta(seconds=1)
    Membership.objects.filter(user=officer).update(until=ended)
    with pytest.raises(NotFound):
        queries.compartment(officer, contract.compartment_id)


def test_administrators_are_no_members(administrator, contract, leader):
    with pytest.raises(Refused, match="sees no content"):
        services.add_member(
            actor=leader,
            compartment_id=contract.compartment_id,
            user=administrator,
            role=Role.OFFICER,
        )
    assert not Membership.objects.filter(user=administrator).exists()


def test_only_a_leader_changes_members(contract):
    officer = factories.member(contract, Role.OFFICER)
    for actor, error in ((officer, Denied), (factories.person(), NotFound)):
        with pytest.raises(error):
            services.add_member(
                actor=actor,
                compartment_id=contract.compartment_id,
                user=factories.person(),
                role=Role.OFFICER,
            )


def test_only_ones_own_token_can_be_revoked(leader):
    token, _ = services.issue_token(user=leader, label="phone")
    with pytest.raises(NotFound):
        services.revoke_token(user=factories.person(), token_id=token.pk)
    services.revoke_token(user=leader, token_id=token.pk)
    assert not queries.tokens_of(leader).exists()


@pytest.mark.parametrize("given", [{"label": " "}, {"label": "x", "days": 367}])
def test_a_token_has_a_name_and_an_end(leader, given):
    with pytest.raises(Refused):
        services.issue_token(user=leader, **given)


def test_pruning_takes_only_what_is_over(leader):
    services.issue_link(user=leader)
    Replay.objects.create(user=leader, key="k", request_digest="d", status=200, body=b"x")
    assert prune() == (0, 0)
    with frozen(now() + timedelta(hours=25)):
        assert prune() == (1, 1)
    assert not SignInLink.objects.exists()
