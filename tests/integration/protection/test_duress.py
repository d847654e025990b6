"""From the press to its end: kept first, answered once, hidden from the caller, ended by two."""

import pytest
from django.db import connection
from tests import factories

from varangian.alerts import queries as alert_queries
from varangian.kernel.results import Conflict, Denied, NotFound, Refused
from varangian.log import queries as log_queries
from varangian.operations.services.duties import start_duty
from varangian.platform.access.context import acting
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.protection.models import Duress, Press, Via
from varangian.protection.queries import duress as queries
from varangian.protection.services import duress, pins
from varangian.protection.services.cancelling import end, give_pin, vouch
from varangian.protection.services.duress import Heard

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    leader = factories.person("Lea Leader")
    operation = factories.operation(leader)
    officer = factories.member(operation, Role.OFFICER, factories.person("Otto Officer"))
    second = factories.member(operation, Role.OPERATOR, factories.person("Pia Operator"))
    return leader, operation, officer, second


def slide(person, key="one", **more):
    return duress.press(person=person, heard=Heard(key=key, via=Via.SLIDE, **more))


def test_a_press_is_one_row_and_is_answered_once(team):
    _, operation, officer, second = team
    row = slide(officer, lat=60.17, lon=24.95)
    assert slide(officer) is None, "the same press again"
    assert Press.objects.count() == 1
    assert queries.waiting(second).get() == row
    assert not queries.waiting(officer).exists()
    assert duress.sweep() == 1 and duress.sweep() == 0
    call = Duress.objects.get()
    assert (call.state, call.person, call.operation_id) == ("open", officer, operation.pk)
    alert = alert_queries.alerts(second).get()
    assert (alert.source, alert.urgency, alert.about) == ("duress", "now", call.pk)
    assert "Otto Officer" in alert.title and alert.position == [60.17, 24.95]


def test_nothing_shows_on_the_screens_of_the_caller(team):
    _, operation, officer, second = team
    slide(officer)
    before = alert_queries.open_count(officer), log_queries.entries(officer, operation).count()
    duress.sweep()
    after = alert_queries.open_count(officer), log_queries.entries(officer, operation).count()
    assert before == after
    assert not queries.calls(officer).exists()
    assert queries.calls(second).count() == 1
    assert alert_queries.open_count(second) == 1
    browser = factories.signed_in(officer)
    for address in ("/", "/alerts/", f"/log/of/{operation.slug}/", "/frame/banner", "/m/duress/"):
        page = browser.get(address).content.decode()
        assert "Duress: " not in page and 'vg-duress"' not in page, address
    told = factories.signed_in(second).get("/frame/banner").content.decode()
    assert "vg-duress" in told and "Otto Officer" in told


def test_the_banner_tells_how_many_more_call_than_it_shows(team):
    _, operation, officer, second = team
    crowd = [factories.person(f"Officer {number}") for number in range(6)]
    for person in (officer, *crowd):
        if person != officer:
            factories.member(operation, Role.OFFICER, person)
        slide(person, f"of {person.name}")
        duress.sweep()
    shown = [banner.words for banner in queries.banners(second)]
    assert len(shown) == 6 and shown[-1] == "and 2 more"
    assert shown[0].startswith("Officer 5,"), "the newest first"
    assert len(queries.banners(crowd[0])) == 6, "one's own call is not counted"
    assert queries.banners(crowd[0])[-1].words == "and 1 more"


def test_an_export_of_the_callers_own_has_no_gap_that_tells(team):
    leader, operation, _, second = team
    before = log_queries.unbroken(leader, operation).count()
    slide(leader)
    duress.sweep()
    assert log_queries.unbroken(leader, operation).count() == before
    assert log_queries.unbroken(second, operation).count() > before
    assert log_queries.walked(list(log_queries.unbroken(leader, operation))).broken is None


def test_pressing_again_joins_the_call_and_shouts_only_when_it_was_answered(team):
    from varangian.alerts.services import acknowledge

    _, _, officer, second = team
    slide(officer, "one")
    duress.sweep()
    slide(officer, "two")
    duress.sweep()
    assert Duress.objects.count() == 1 and alert_queries.alerts(second).count() == 1
    acknowledge(actor=second, alert=alert_queries.alerts(second).get())
    slide(officer, "three")
    duress.sweep()
    assert alert_queries.alerts(second).count() == 2
    assert Press.objects.filter(call=Duress.objects.get()).count() == 3


def test_cancel_needs_the_real_pin_and_a_second_person(team):
    leader, _, officer, second = team
    pins.set_pins(actor=officer, own="4711", forced="4712")
    slide(officer)
    duress.sweep()
    call = Duress.objects.get()
    with pytest.raises(NotFound):
        vouch(actor=officer, call=call, words="it is me, all well")
    vouch(actor=second, call=queries.call(second, call.pk), words="challenge by voice")
    call.refresh_from_db()
    assert call.state == "open", "one of two"
    assert not give_pin(person=officer, pin="9999")
    assert give_pin(person=officer, pin="4711")
    call.refresh_from_db()
    assert call.state == "cancelled"
    assert not alert_queries.alerts(leader).exists()
    slide(officer, "later")
    duress.sweep()
    assert Duress.objects.filter(state="open").count() == 1


def test_pressing_again_takes_back_what_was_given_towards_a_cancel(team):
    _, _, officer, second = team
    pins.set_pins(actor=officer, own="4711", forced="4712")
    slide(officer)
    duress.sweep()
    give_pin(person=officer, pin="4711")
    slide(officer, "two")
    duress.sweep()
    call = queries.call(second, Duress.objects.get().pk)
    assert vouch(actor=second, call=call, words="seen by me").state == "open"


def test_the_duress_pin_confirms_and_is_answered_like_the_real_one(team):
    leader, _, officer, second = team
    pins.set_pins(actor=officer, own="4711", forced="4712")
    slide(officer)
    duress.sweep()
    assert give_pin(person=officer, pin="4712") is True
    duress.sweep()
    call = queries.call(second, Duress.objects.get().pk)
    assert call.state == "confirmed"
    assert any("Confirmed duress" in alert.title for alert in alert_queries.alerts(second))
    give_pin(person=officer, pin="4711")
    with pytest.raises(Refused):
        vouch(actor=second, call=call, words="sounds well to me")
    with pytest.raises(Denied):
        end(actor=factories.member(call.operation, Role.DRIVER), call=call, reason="all is well")
    end(actor=leader, call=call, reason="with me in car 2")
    call.refresh_from_db()
    assert call.state == "ended" and call.ended_by == leader


def test_a_duress_pin_without_a_call_opens_one_confirmed(team):
    _, _, officer, _ = team
    pins.set_pins(actor=officer, own="4711", forced="4712")
    give_pin(person=officer, pin="4712")
    duress.sweep()
    assert Duress.objects.get().state == "confirmed"


def test_no_pin_is_looked_at_after_ten_wrong_ones(team):
    _, _, officer, _ = team
    pins.set_pins(actor=officer, own="4711", forced="4712")
    for _ in range(10):
        assert not give_pin(person=officer, pin="0000")
    with pytest.raises(Refused):
        give_pin(person=officer, pin="4711")


def test_the_duty_says_for_which_operation(team):
    leader, operation, officer, _ = team
    other = factories.operation(leader)
    factories.member(other, Role.OFFICER, officer)
    with acting(officer):
        start_duty(actor=officer, operation=other)
    assert slide(officer).operation_id == other.pk


def test_who_belongs_nowhere_is_told_so():
    with pytest.raises(Conflict):
        slide(factories.person())


@pytest.mark.parametrize(
    "odd",
    [
        {"lat": 999.0, "lon": 1.0},
        {"lat": 1.0},
        {"lat": float("nan"), "lon": 1.0},
        {"accuracy": -4.0},
        {"words": "x" * 5000},
        {"words": "half \ud800 and \0"},
        {"accuracy": float("inf"), "lat": 1.0, "lon": 1.0},
    ],
)
def test_what_comes_along_never_refuses_a_press(team, odd):
    _, _, officer, _ = team
    assert slide(officer, "k\0\ud800" * 500, **odd) is not None
    assert slide(officer, "\0", **odd) is not None


def test_a_clock_that_is_a_day_wrong_changes_nothing(team):
    from varangian.kernel.clock import now

    _, _, officer, _ = team
    row = slide(officer, at=duress.instant("1999-01-01T00:00:00Z"))
    assert abs((row.heard_at - now()).total_seconds()) < 5
    assert row.device_at.year == 1999
    assert duress.instant("1e400") is None and duress.instant("soon") is None


def test_row_security_lets_a_person_press_and_the_house_answer(team):
    _, _, officer, _ = team
    with connection.cursor() as cursor:
        cursor.execute("set local role varangian_app")
    assert slide(officer) is not None
    with acting(SYSTEM):
        assert Press.objects.count() == 0, "the wall"
