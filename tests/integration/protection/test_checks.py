"""Check calls: the house keeps the time, and nobody is given up for what the house missed."""

from datetime import UTC, datetime, timedelta

import pytest
from tests import factories

from varangian.alerts import queries as alert_queries
from varangian.kernel import clock
from varangian.kernel.results import Conflict, Denied, Refused
from varangian.operations.services import add_post
from varangian.operations.services.duties import end_duty, set_status, start_duty
from varangian.platform.access.roles import Role
from varangian.protection import check_rules as rules
from varangian.protection.models import Check, Duress, Press
from varangian.protection.queries import checks as queries
from varangian.protection.services import checks, duress, pins, signs
from varangian.protection.services.cancelling import give_pin, vouch

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def at(seconds):
    return clock.frozen(START + timedelta(seconds=seconds))


def look(*seconds):
    for one in seconds:
        with at(one):
            checks.look()
            duress.sweep()


def watch(until, every=20, begin=0):
    look(*range(begin, until + 1, every))


@pytest.fixture
def team():
    """Otto is on duty since START and says that he is well every half an hour."""
    leader = factories.person("Lea Leader")
    with at(0):
        operation = factories.operation(leader)
        officer = factories.member(operation, Role.OFFICER, factories.person("Otto Officer"))
        second = factories.member(operation, Role.OPERATOR, factories.person("Pia Operator"))
        checks.set_rule(actor=leader, operation=operation, minutes=30)
        duty = start_duty(actor=officer, operation=operation)
    return leader, operation, officer, second, duty


def current():
    return Check.objects.get(outcome="")


def test_a_missed_call_reminds_nudges_asks_and_fires(team):
    _, _, officer, second, _ = team
    assert current().due_at == START + timedelta(minutes=30)
    watch(1730)
    assert current().step == Check.Step.WAITING
    look(1740)
    assert current().step == Check.Step.REMINDED
    watch(1800, begin=1745)
    look(1800)
    assert current().step == Check.Step.NUDGED and not alert_queries.alerts(second).exists()
    watch(1860, begin=1801)
    look(1860)
    (alert,) = alert_queries.alerts(second)
    assert alert.source == "check_call" and "Otto Officer" in alert.title
    watch(1979, begin=1870)
    assert not Duress.objects.exists()
    look(1980, 1981)
    call = Duress.objects.get()
    assert (call.kind, call.person) == ("unknown", officer)
    (alert,) = alert_queries.alerts(second)
    assert (alert.source, alert.urgency) == ("dead_man", "now")
    assert Check.objects.get().outcome == "lost", "no device of his was ever heard"
    watch(2100, begin=1990)
    assert Press.objects.count() == 1, "it fires once"


def test_lost_is_not_missed(team, monkeypatch):
    heard = signs.Sign(START + timedelta(seconds=1900), 60)
    monkeypatch.setattr(signs, "last_sign", lambda _: heard)
    watch(1985)
    row = Check.objects.get()
    assert row.outcome == "missed"
    assert "last data" in Press.objects.get().words


def test_a_call_in_time_begins_the_next_period(team):
    _, _, officer, second, _ = team
    watch(1865)
    with at(1870):
        row = checks.check_call(person=officer)
        assert row.due_at == START + timedelta(seconds=1870 + 1800)
        assert not alert_queries.alerts(second).exists(), "the request to call him fell"
        assert [r.outcome for r in queries.recent(second, row.operation)] == ["made"]
        (line,) = queries.lines(second, row.operation)
        assert line.check == row and line.tone == "green"


def test_a_queued_call_counts_from_when_it_was_said(team):
    _, _, officer, _, _ = team
    with at(1700):
        row = checks.check_call(person=officer, at=START + timedelta(seconds=600))
    assert row.due_at == START + timedelta(seconds=2400)
    with at(1710):
        again = checks.check_call(person=officer, at=START + timedelta(seconds=300))
    assert again == row, "older than what is known"
    with at(1720):
        ahead = checks.check_call(person=officer, at=START + timedelta(days=1))
    assert ahead.due_at == START + timedelta(seconds=1720 + 1800), "a clock a day ahead"


def test_a_queue_that_arrives_late_is_not_given_up_in_between(team):
    _, _, officer, _, _ = team
    with at(6000):
        row = checks.check_call(person=officer, at=START + timedelta(seconds=1800))
        assert row.due_at == START + timedelta(seconds=6060)
        row = checks.check_call(person=officer, at=START + timedelta(seconds=3600))
        row = checks.check_call(person=officer, at=START + timedelta(seconds=5400))
    assert row.due_at == START + timedelta(seconds=7200)


def test_after_an_absence_of_the_house_people_get_a_minute(team):
    look(0)
    look(7200)
    assert current().step == Check.Step.CALLED
    watch(7255, begin=7201, every=5)
    assert not Duress.objects.exists()
    look(7262)
    assert Duress.objects.exists()


def test_standing_down_ends_it_and_resting_too(team):
    _, _, officer, _, duty = team
    with at(100):
        set_status(actor=officer, duty=duty, status="rest")
        assert not Check.objects.filter(outcome="").exists()
        set_status(actor=officer, duty=duty, status="moving")
        assert current().due_at == START + timedelta(seconds=1900)
        end_duty(actor=officer, duty=duty)
    watch(4000, every=400)
    assert not Duress.objects.exists()
    assert not Check.objects.filter(outcome="").exists()


def test_a_rule_of_a_post_and_phase_comes_before_the_rest(team):
    leader, operation, officer, _, duty = team
    with at(10):
        end_duty(actor=officer, duty=duty)
        post = add_post(actor=leader, operation=operation, title="Gate", role="ppo", edition="ppo")
        checks.set_rule(actor=leader, operation=operation, minutes=10, post=post)
        checks.set_rule(actor=leader, operation=operation, minutes=5, post=post, phase="moving")
        duty = start_duty(actor=officer, operation=operation, post=post)
        assert current().period_s == 600
        set_status(actor=officer, duty=duty, status="moving")
        assert current().period_s == 300
        checks.set_rule(actor=leader, operation=operation, minutes=None, post=post, phase="moving")
        assert current().period_s == 600
        with pytest.raises(Denied):
            checks.set_rule(actor=officer, operation=operation, minutes=90)
        with pytest.raises(Refused):
            checks.set_rule(actor=leader, operation=operation, minutes=5, phase="asleep")


def test_the_radio_counts_and_says_who_heard_it(team):
    _, operation, officer, second, duty = team
    with at(500):
        checks.record_check(actor=second, duty=duty)
        with pytest.raises(Denied):
            driver = factories.member(operation, Role.DRIVER)
            checks.record_check(actor=driver, duty=duty)
    made = Check.objects.exclude(outcome="").get()
    assert (made.via, made.made_by) == ("radio", second)


def test_the_duress_pin_at_a_check_call_looks_like_a_check_call(team):
    _, _, officer, _, _ = team
    pins.set_pins(actor=officer, own="4711", forced="4712")
    with at(500):
        assert checks.proves(person=officer, pin="4711")
        mine = checks.check_call(person=officer)
        duress.sweep()
        assert not Duress.objects.exists()
    with at(600):
        assert checks.proves(person=officer, pin="4712")
        forced = checks.check_call(person=officer)
        duress.sweep()
    assert forced.due_at - mine.due_at == timedelta(seconds=100)
    assert Duress.objects.get().state == "confirmed"
    with at(700):
        assert not checks.proves(person=officer, pin="1111")


def test_after_a_cancel_check_calls_go_on(team):
    _, _, officer, second, _ = team
    pins.set_pins(actor=officer, own="4711", forced="4712")
    watch(1985)
    call = Duress.objects.get()
    assert not Check.objects.filter(outcome="").exists()
    with at(2000):
        vouch(actor=second, call=call, words="challenge by voice")
        give_pin(person=officer, pin="4711")
        assert current().due_at == START + timedelta(seconds=3800)


def test_who_is_not_on_duty_makes_none(team):
    with pytest.raises(Conflict):
        checks.check_call(person=factories.person())


@pytest.mark.parametrize(
    ("seconds", "step"),
    [(-61, 0), (-60, 1), (-1, 1), (0, 2), (59, 2), (60, 3), (179, 3), (180, 4), (99999, 4)],
)
def test_steps(seconds, step):
    assert rules.step_at(START, START + timedelta(seconds=seconds)) == step
