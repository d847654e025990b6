from datetime import timedelta

import pytest
from tests import factories

from varangian.kernel import clock
from varangian.kernel.results import Conflict, Denied, NotFound, Refused
from varangian.operations.services import add_movement, add_post
from varangian.planning.models import Measure
from varangian.planning.services import add_measure, set_measure_state
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.platform.thread.models import Edge, StaleMark
from varangian.platform.thread.services import clear
from varangian.threats import queries
from varangian.threats.library import BANDS, risks
from varangian.threats.services import (
    accept_risk,
    add_from_library,
    add_risk,
    change_risk,
    change_source,
    expire_due,
    set_risk_state,
)


def own(operation, actor, **fields):
    given = {
        "title": "Crowd at the exit",
        "responsibility": "crowd_management",
        "likelihood": 2,
        "impact": 2,
    }
    return add_risk(actor=actor, operation=operation, **{**given, **fields})


def current(actor, risk):
    return queries.risk_row(queries.risk(actor, risk.pk)).standing.current.band


def test_tied_to_its_threat_and_its_leg(risk, source, leg):
    left = set(Edge.objects.filter(right_id=risk.pk).values_list("left_kind", "left_id"))
    assert left == {("threat", source.pk), ("movement", leg.pk)}


def test_off_the_matrix_is_refused(operation, leader):
    with pytest.raises(Refused, match="matrix"):
        own(operation, leader, likelihood=6)


def test_own_line_must_fit(operation, leader, team):
    with pytest.raises(Refused, match="responsibility"):
        own(operation, leader, responsibility="gardening")
    with pytest.raises(Refused, match="may not see"):
        own(operation, leader, owner=team["driver"])
    foreign = factories.operation(leader)
    leg = add_movement(actor=leader, operation=foreign, kind="road", title="Elsewhere")
    with pytest.raises(Refused, match="another operation"):
        own(operation, leader, movement=leg)


@pytest.mark.parametrize("role", ["officer", "driver", "client", "stranger"])
def test_risk_is_not_there_for_those_without_need(risk, team, role):
    with pytest.raises(NotFound):
        queries.risk(team[role], risk.pk)
    assert not queries.register(team[role], risk.operation)


@pytest.mark.parametrize("role", ["officer", "driver", "client", "operator"])
def test_wrong_role_is_denied(operation, team, role):
    with pytest.raises(Denied):
        own(operation, team[role])


def test_library_brings_its_measures_as_proposed_and_reports_each_fault(operation, leader):
    standard = risks().get("fixated-person-approach")
    batch = add_from_library(
        actor=leader,
        operation=operation,
        library_ids=[standard.id, "no-such-risk", standard.id],
    )
    assert [line.library_id for line in batch.added] == [standard.id]
    assert [library_id for library_id, _ in batch.refused] == ["no-such-risk"]
    line = batch.added[0]
    assert (line.likelihood, line.impact) == (
        standard.suggested.likelihood,
        standard.suggested.impact,
    )
    came = Measure.objects.filter(operation=operation)
    assert {m.library_id for m in came} == set(standard.measures)
    assert {m.state for m in came} == {"proposed"}
    tied = Edge.objects.filter(left_kind="risk", left_id=line.pk, right_kind="measure")
    assert tied.count() == len(standard.measures)
    again = add_from_library(actor=leader, operation=operation, library_ids=[standard.id])
    assert not again.added
    assert line.label in again.refused[0][1]


def test_a_measure_that_is_there_is_shared(operation, leader):
    chosen = [r for r in risks().risks if "daily-threat-review" in r.measures][:2]
    add_from_library(actor=leader, operation=operation, library_ids=[r.id for r in chosen])
    shared = Measure.objects.get(operation=operation, library_id="daily-threat-review")
    assert shared.effects.count() == 2


def test_change_says_what_from_where_to(risk, leader):
    measure = add_measure(
        actor=leader,
        operation=risk.operation,
        title="Second car",
        task="Bring a second car",
        responsibility="travel_security",
        effects={risk: (1, 0)},
    )
    change_risk(actor=leader, risk=risk, likelihood=5, owner=leader)
    marks = StaleMark.objects.filter(kind="measure", record=measure.pk)
    assert [mark.reason for mark in marks] == ["Risk R1 changed: likelihood 4 to 5"]


def test_owner_and_date_make_nothing_stale(risk, leader):
    change_risk(actor=leader, risk=risk, owner=leader, due=clock.now() + timedelta(days=1))
    assert not StaleMark.objects.exists()


def test_another_threat_moves_the_tie(risk, leader):
    change_risk(actor=leader, risk=risk, threat_source=None)
    left = Edge.objects.filter(right_id=risk.pk).values_list("left_kind", flat=True)
    assert list(left) == ["movement"]


def test_residual_is_never_above_inherent(operation, leader):
    add_from_library(
        actor=leader, operation=operation, library_ids=[r.id for r in risks().risks[:12]]
    )
    for measure in Measure.objects.filter(operation=operation)[:8]:
        set_measure_state(actor=leader, measure=measure, state="in_place", verified_at=clock.now())
    rows = queries.register(leader, operation)
    assert any(row.standing.current != row.standing.inherent for row in rows)
    for row in rows:
        inherent, now_is, target = (
            BANDS.index(cell.band)
            for cell in (row.standing.inherent, row.standing.current, row.standing.target)
        )
        assert target <= now_is <= inherent


def test_register_costs_the_same_queries_however_long(
    operation, leader, django_assert_max_num_queries
):
    add_from_library(
        actor=leader, operation=operation, library_ids=[r.id for r in risks().risks[:20]]
    )
    with django_assert_max_num_queries(8):
        assert len(queries.register(leader, operation)) == 20


class TestAcceptance:
    def test_console_signs_nothing(self, operation, leader):
        with pytest.raises(Refused, match="named person"):
            accept_risk(actor=SYSTEM, risk=own(operation, leader))

    @pytest.mark.parametrize("role", ["analyst", "operator"])
    def test_only_a_leader(self, operation, leader, team, role):
        with pytest.raises(Denied):
            accept_risk(actor=team[role], risk=own(operation, leader), note="Fine")

    def test_low_needs_the_leader_alone(self, operation, leader):
        risk = own(operation, leader)
        signed = accept_risk(actor=leader, risk=risk)
        risk.refresh_from_db()
        assert (risk.state, signed.seat, signed.band) == ("accepted", "detail_leader", "low")
        with pytest.raises(Conflict):
            accept_risk(actor=leader, risk=risk)

    def test_moderate_needs_a_reason(self, operation, leader):
        risk = own(operation, leader, likelihood=3, impact=3)
        with pytest.raises(Refused, match="in writing"):
            accept_risk(actor=leader, risk=risk)

    def test_high_needs_the_client_too(self, risk, leader):
        accept_risk(actor=leader, risk=risk, note="No other door")
        risk.refresh_from_db()
        assert risk.state == "open"
        with pytest.raises(Refused, match="Name the person"):
            accept_risk(actor=leader, risk=risk, seat="client", note="By telephone")
        accept_risk(
            actor=leader, risk=risk, seat="client", given_by="Ada Assistant", note="By telephone"
        )
        risk.refresh_from_db()
        assert risk.state == "accepted"

    def test_extreme_needs_a_second_leader_from_outside(self, operation, leader):
        risk = own(operation, leader, likelihood=5, impact=5)
        accept_risk(actor=leader, risk=risk, note="Staying is worse")
        with pytest.raises(Refused, match="twice"):
            accept_risk(actor=leader, risk=risk, note="Staying is worse")
        other = factories.member(operation, Role.DETAIL_LEADER)
        add_post(
            actor=leader,
            operation=operation,
            title="Second",
            role="second_in_command",
            edition="detail_leader",
            holder=other,
        )
        with pytest.raises(Refused, match="outside"):
            accept_risk(actor=other, risk=risk, note="Read")
        outside = factories.member(operation, Role.DETAIL_LEADER)
        signed = accept_risk(actor=outside, risk=risk, note="Read")
        assert signed.seat == "second_detail_leader"
        row = queries.risk_row(queries.risk(leader, risk.pk))
        assert row.missing == ["client"]

    def test_new_rating_withdraws_it(self, operation, leader):
        risk = own(operation, leader)
        accept_risk(actor=leader, risk=risk)
        risk.refresh_from_db()
        change_risk(actor=leader, risk=risk, impact=1)
        row = queries.risk_row(queries.risk(leader, risk.pk))
        assert (row.risk.state, row.missing) == ("open", ["detail_leader"])

    def test_it_lapses_when_a_measure_falls_away(self, risk, leader):
        measure = add_measure(
            actor=leader,
            operation=risk.operation,
            title="Closed arrival",
            task="Use the closed arrival",
            responsibility="personal_protection",
            effects={risk: (2, 2)},
        )
        set_measure_state(actor=leader, measure=measure, state="in_place", verified_at=clock.now())
        assert current(leader, risk) == "low"
        accept_risk(actor=leader, risk=risk)
        set_measure_state(actor=leader, measure=measure, state="dropped")
        row = queries.risk_row(queries.risk(leader, risk.pk))
        assert row.lapsed
        assert expire_due() == 1
        risk.refresh_from_db()
        assert risk.state == "open"

    def test_it_lapses_with_time(self, operation, leader):
        risk = own(operation, leader)
        signed = accept_risk(actor=leader, risk=risk)
        with clock.frozen(signed.valid_until + timedelta(seconds=1)):
            assert queries.risk_row(queries.risk(leader, risk.pk)).lapsed

    def test_not_while_something_it_rests_on_has_changed(self, risk, source, leader):
        change_source(actor=leader, source=source, intent="high")
        with pytest.raises(Refused, match="has changed"):
            accept_risk(actor=leader, risk=risk, note="No other door")
        clear(actor=leader, kind="risk", record=risk.pk, note="Still the same door")
        accept_risk(actor=leader, risk=risk, note="No other door")

    def test_state_alone_accepts_nothing(self, risk, leader):
        with pytest.raises(Refused, match="accepted"):
            set_risk_state(actor=leader, risk=risk, state="accepted")


def test_low_on_an_expired_source_is_not_shown_green(operation, leader, source):
    risk = own(operation, leader, threat_source=source)
    assert queries.risk_row(queries.risk(leader, risk.pk)).tone == "green"
    with clock.frozen(source.valid_until + timedelta(seconds=1)):
        assert queries.risk_row(queries.risk(leader, risk.pk)).tone == "amber"
