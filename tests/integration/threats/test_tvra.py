"""TVRA: drawn from the register, checked on the spot, signed by a second person, then stale."""

from datetime import datetime, timedelta

import pytest
from tests import factories

from varangian.kernel.clock import now
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.log import queries as log
from varangian.places.services import add_place, change_place
from varangian.planning.models import Measure
from varangian.platform.access.roles import Role
from varangian.platform.thread.queries import neighbours, stale_by_record
from varangian.threats.models import Tvra, TvraAnswer, TvraLine
from varangian.threats.queries import tvra as queries
from varangian.threats.services import (
    add_from_library,
    add_risk,
    add_source,
    change_risk,
    change_source,
    set_risk_state,
)
from varangian.threats.services import tvra as services
from varangian.threats.shapes.tvra import broken, told


@pytest.fixture
def home(operation, leader):
    return add_place(
        actor=leader,
        compartment_id=operation.compartment_id,
        key_id=operation.key_id,
        name="House at the water",
        kind="residence",
    )


@pytest.fixture
def register(operation, leader, source, risk):
    """An own line without a leg touches the house; the line with a leg elsewhere does not."""
    lines = add_from_library(
        actor=leader, operation=operation, library_ids=["fixated-person-approach"]
    )
    return lines.added[0]


@pytest.fixture
def second(operation):
    return factories.member(operation, Role.DETAIL_LEADER)


@pytest.fixture
def draft(team, operation, home, register):
    return services.draft_tvra(
        actor=team["analyst"], operation=operation, kind="residence", place=home
    )


def judged(actor, tvra, **fields):
    given = {"likelihood": 3, "impact": 4, "reason": "As before", "confidence": "moderate"}
    for line in queries.lines(actor, tvra).filter(label__startswith="R"):
        services.judge_line(actor=actor, line=line, **{**given, **fields})


def submitted(team, tvra):
    services.change_tvra(actor=team["analyst"], tvra=tvra, conclusion="Mend the gate first")
    return services.submit_tvra(actor=team["analyst"], tvra=tvra)


@pytest.fixture
def approved(team, draft, leader):
    judged(team["analyst"], draft)
    line = queries.line(leader, draft, "R2")
    services.answer_check(actor=team["officer"], tvra=draft, item="gate-closed", answer="not_met")
    services.add_treatment(
        actor=team["analyst"],
        line=line,
        title="Gate that closes by itself",
        owner=leader,
        due=now() + timedelta(days=20),
        residual_likelihood=2,
        residual_impact=4,
    )
    return services.approve_tvra(actor=leader, tvra=submitted(team, draft))


def test_a_draft_takes_from_the_register_what_touches_the_subject(team, draft, leader):
    lines = {one.label: one for one in queries.lines(leader, draft)}
    assert set(lines) == {"T1", "R2"}, "R1 hangs on a leg that does not touch the house"
    assert lines["R2"].taken["likelihood"] == 3 and lines["R2"].taken["band"] == "high"
    assert lines["T1"].taken["intent"] == "low"
    assert not lines["R2"].judged and draft.title == "Residence: House at the water"
    left = {row["kind"] for row in neighbours(leader, "tvra", draft.pk)["left"]}
    assert len(left) == 3, "threat, risk and place"


def test_each_kind_takes_the_place_or_leg_that_it_goes_with(team, operation, home, leg, register):
    given = {"actor": team["analyst"], "operation": operation}
    for wrong in (
        {"kind": "residence"},
        {"kind": "principal", "place": home},
        {"kind": "residence", "place": home, "movement": leg},
    ):
        with pytest.raises(Refused):
            services.draft_tvra(**given, **wrong)
    with pytest.raises(NotFound):
        services.draft_tvra(**given, kind="yacht")
    trip = services.draft_tvra(**given, kind="trip", movement=leg)
    assert {one.label for one in queries.lines(team["analyst"], trip)} == {"T1", "R1", "R2"}
    assert services.draft_tvra(**given, kind="event").version == 1


def test_a_place_or_leg_of_others_is_refused(team, operation, leader):
    other = factories.operation(leader)
    place = factories.place(other, actor=leader)
    with pytest.raises(Refused, match="another operation"):
        services.draft_tvra(
            actor=team["analyst"], operation=operation, kind="residence", place=place
        )


def test_weaknesses_raise_or_keep_and_never_lower(team, draft, leader):
    line = queries.line(leader, draft, "R2")
    given = {"actor": team["analyst"], "line": line, "reason": "The gate stays open"}
    with pytest.raises(Refused, match="never lowers"):
        services.judge_line(**given, likelihood=2, impact=4)
    with pytest.raises(Refused, match="Name the check"):
        services.judge_line(**given, likelihood=4, impact=4)
    services.answer_check(actor=team["officer"], tvra=draft, item="gate-closed", answer="met")
    with pytest.raises(Refused, match="Name the check"):
        services.judge_line(**given, likelihood=4, impact=4, weighs=["gate-closed"])
    services.answer_check(actor=team["officer"], tvra=draft, item="gate-closed", answer="not_met")
    line = services.judge_line(**given, likelihood=4, impact=4, weighs=["gate-closed"])
    assert (line.likelihood, line.judged_by) == (4, team["analyst"])
    for wrong in ({"likelihood": 6}, {"reason": " "}, {"confidence": "sure"}, {"weighs": ["x"]}):
        with pytest.raises(Refused):
            services.judge_line(**{**given, "likelihood": 3, "impact": 4, **wrong})
    with pytest.raises(Refused, match="is a threat"):
        services.judge_line(
            actor=team["analyst"],
            line=queries.line(leader, draft, "T1"),
            likelihood=3,
            impact=3,
            reason="x",
        )


def test_answers_are_kept_one_after_another_and_unknown_is_not_met(team, draft, leader):
    seen = now() - timedelta(hours=2)
    services.answer_check(
        actor=team["officer"],
        tvra=draft,
        item="safe-room",
        answer="partly",
        note="Door without a lock",
        seen_at=seen,
        data=factories.picture(),
        name="door.png",
    )
    services.answer_check(actor=team["analyst"], tvra=draft, item="safe-room", answer="unknown")
    rows = queries.answers(leader, draft)
    assert [row.number for row in rows] == [1, 2]
    assert rows[0].seen_at == seen and rows[0].preview and rows[0].by == team["officer"]
    checks = {row["key"]: row["answer"] for row in told(leader, draft)["checks"]}
    assert checks["safe-room"] == "unknown" and checks["keys-known"] == "unknown"
    assert "met" not in checks.values()
    for wrong in (
        {"item": "no-such-check", "answer": "met"},
        {"item": "keys-known", "answer": "fine"},
        {"item": "keys-known", "answer": "not_applicable"},
        {"item": "keys-known", "answer": "met", "seen_at": now() + timedelta(hours=1)},
        {"item": "keys-known", "answer": "met", "data": b"no picture"},
    ):
        with pytest.raises(Refused):
            services.answer_check(actor=team["officer"], tvra=draft, **wrong)


def test_who_answers_sees_no_threat_and_who_drives_sees_nothing(team, draft):
    assert queries.tvra(team["officer"], draft.pk, action="tvra.check").pk == draft.pk
    assert not queries.lines(team["officer"], draft).exists()
    with pytest.raises(NotFound):
        queries.tvra(team["officer"], draft.pk)
    for who in ("driver", "client", "stranger"):
        with pytest.raises(NotFound):
            queries.tvra(team[who], draft.pk, action="tvra.check")
        with pytest.raises((Denied, NotFound)):
            services.answer_check(actor=team[who], tvra=draft, item="keys-known", answer="met")


def test_it_is_sent_in_when_all_is_judged_and_approved_by_somebody_else(team, draft, leader):
    with pytest.raises(Refused, match="what follows"):
        services.submit_tvra(actor=team["analyst"], tvra=draft)
    with pytest.raises(Refused, match="not judged"):
        submitted(team, draft)
    judged(team["analyst"], draft)
    sent = services.submit_tvra(actor=team["analyst"], tvra=draft)
    with pytest.raises(Refused, match="in review"):
        services.change_tvra(actor=team["analyst"], tvra=sent, summary="Late word")
    with pytest.raises(Denied):
        services.approve_tvra(actor=team["analyst"], tvra=sent)
    back = services.return_tvra(actor=leader, tvra=sent, reason="Look at the cellar")
    assert back.state == "draft" and back.returned_why == "Look at the cellar"
    sent = services.submit_tvra(actor=team["analyst"], tvra=back)
    done = services.approve_tvra(actor=leader, tvra=sent)
    assert done.state == "approved" and done.signature and broken(leader, done) == ""
    texts = [row.body["event"] for row in log.entries(leader, draft.operation)]
    assert f"TVRA A1 version 1 approved by {leader}" in texts
    assert not any("House at the water" in text for text in texts)


def test_nobody_approves_their_own(operation, home, register, leader, second):
    own = services.draft_tvra(actor=leader, operation=operation, kind="residence", place=home)
    judged(leader, own)
    services.change_tvra(actor=leader, tvra=own, conclusion="It stands")
    sent = services.submit_tvra(actor=leader, tvra=own)
    with pytest.raises(Refused, match="their own"):
        services.approve_tvra(actor=leader, tvra=sent)
    assert services.approve_tvra(actor=second, tvra=sent).approved_by == second


def test_the_signature_covers_every_word(approved, leader):
    TvraLine.objects.filter(tvra=approved, label="R2").update(impact=5)
    found = queries.tvra(leader, approved.pk)
    assert broken(leader, found) != ""


def test_a_new_name_breaks_no_signature(approved, team, leader):
    type(leader).objects.filter(pk=team["officer"].pk).update(name="Olivia Otherwise")
    assert broken(leader, queries.tvra(leader, approved.pk)) == ""


def test_what_is_approved_is_not_written_any_more(team, approved, leader):
    line = queries.line(leader, approved, "R2")
    for act in (
        lambda: services.answer_check(
            actor=team["officer"], tvra=approved, item="keys-known", answer="met"
        ),
        lambda: services.leave_out(actor=team["analyst"], line=line, reason="x"),
        lambda: services.refresh_tvra(actor=team["analyst"], tvra=approved),
        lambda: services.approve_tvra(actor=leader, tvra=approved),
    ):
        with pytest.raises(Refused, match="approved"):
            act()


def test_treatments_become_measures_of_the_plan_once(team, approved, leader, operation):
    row = queries.treatments(leader, approved)[0]
    measure = Measure.objects.get(pk=row.measure)
    assert (measure.state, measure.owner, measure.due) == ("proposed", leader, row.due)
    effect = measure.effects.get()
    assert (effect.risk.label, effect.likelihood, effect.impact) == ("R2", 1, 0)
    before = Measure.objects.filter(operation=operation).count()
    again = services.next_version(actor=team["analyst"], tvra=approved)
    with pytest.raises(Refused, match="measure of the plan"):
        services.remove_treatment(
            actor=team["analyst"], treatment=queries.treatment(leader, again, 1)
        )
    done = services.approve_tvra(actor=leader, tvra=submitted(team, again))
    assert Measure.objects.filter(operation=operation).count() == before
    right = neighbours(leader, "tvra", done.pk)["right"]
    assert [one["caption"] for one in right] == [f"{measure.label} Gate that closes by itself"]
    old = queries.tvra(leader, approved.pk)
    assert old.state == "superseded" and old.superseded_at
    assert not neighbours(leader, "tvra", old.pk)["left"]


def test_a_treatment_needs_somebody_a_time_and_a_judged_risk(team, draft, leader):
    line = queries.line(leader, draft, "R2")
    given = {
        "actor": team["analyst"],
        "line": line,
        "title": "Light at the gate",
        "owner": leader,
        "due": now() + timedelta(days=2),
        "residual_likelihood": 2,
        "residual_impact": 4,
    }
    with pytest.raises(Refused, match="not judged"):
        services.add_treatment(**given)
    judged(team["analyst"], draft)
    line.refresh_from_db()
    for wrong in (
        {"title": " "},
        {"owner": team["stranger"]},
        {"due": now() - timedelta(days=1)},
        {"residual_likelihood": 4},
        {"residual_impact": 0},
    ):
        with pytest.raises(Refused):
            services.add_treatment(**{**given, **wrong})
    made = services.add_treatment(**given)
    services.remove_treatment(actor=team["analyst"], treatment=made)
    assert not queries.treatments(leader, draft).exists()


def test_a_changed_threat_marks_it_and_what_came_of_it_stale(team, approved, source, leader):
    assert queries.since(leader, approved) == []
    change_source(actor=team["analyst"], source=source, intent="high")
    reasons = stale_by_record(leader, "tvra", [approved.pk])[approved.pk]
    assert reasons == ["Threat T1 changed: intent low to high"]
    measure = queries.treatments(leader, approved)[0].measure
    assert stale_by_record(leader, "measure", [measure])
    words = [f"{one.label} {one.words}" for one in queries.since(leader, approved)]
    assert "T1 intent low to high" in words


def test_a_new_threat_a_new_risk_and_a_closed_one_are_told(team, approved, register, leader):
    operation = approved.operation
    add_source(actor=leader, operation=operation, title="Another one")
    add_risk(
        actor=leader,
        operation=operation,
        title="Drone over the garden",
        responsibility="surveillance",
        likelihood=2,
        impact=2,
    )
    set_risk_state(actor=leader, risk=register, state="closed")
    reasons = " ".join(stale_by_record(leader, "tvra", [approved.pk])[approved.pk])
    for words in ("T2 is new", "R3 is new", "R2 changed"):
        assert words in reasons
    labels = {one.label for one in queries.since(leader, approved)}
    assert labels == {"T2", "R3", "R2"}


def test_a_changed_place_marks_it_stale(approved, home, leader):
    change_place(actor=leader, place=home, address="Other street 2")
    assert stale_by_record(leader, "tvra", [approved.pk])


def test_a_draft_is_brought_up_to_date_and_judged_again_where_it_changed(
    team, draft, register, leader
):
    judged(team["analyst"], draft)
    change_risk(actor=leader, risk=register, likelihood=4)
    with pytest.raises(Refused, match="register has changed"):
        submitted(team, draft)
    services.refresh_tvra(actor=team["analyst"], tvra=draft)
    assert not stale_by_record(leader, "tvra", [draft.pk])
    line = queries.line(leader, draft, "R2")
    assert not line.judged and line.reason == "As before" and line.taken["likelihood"] == 4
    judged(team["analyst"], draft, likelihood=4)
    assert submitted(team, draft).state == "review"


def test_a_next_version_keeps_what_still_holds(team, approved, source, leader):
    change_source(actor=leader, source=source, intent="high")
    again = services.next_version(actor=team["analyst"], tvra=approved)
    assert (again.version, again.serial, again.state) == (2, 1, "draft")
    assert queries.line(leader, again, "R2").judged
    row = queries.latest(leader, again)["gate-closed"]
    assert (row.answer, row.by) == ("not_met", team["officer"])
    with pytest.raises(Refused, match="written already"):
        services.next_version(actor=team["analyst"], tvra=approved)
    assert queries.before(leader, again) == approved
    assert queries.tvra_numbered(leader, approved.operation, 1) == again


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"valid_until": timedelta(days=800)}, "at most 366 days"),
        ({"valid_until": timedelta(days=-1)}, "already over"),
        ({"review_due": timedelta(days=300)}, "between now and the end"),
        ({"valid_until": datetime(2027, 1, 1)}, "with its zone"),
        ({"handling": "purple"}, "handling"),
        ({"template": "glossy"}, "template"),
        ({"title": " "}, "needs a title"),
        ({"score": 7}, "no such field"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(team, draft, fields, words):
    given = {k: now() + v if isinstance(v, timedelta) else v for k, v in fields.items()}
    with pytest.raises(Refused, match=words):
        services.change_tvra(actor=team["analyst"], tvra=draft, **given)


def test_an_end_that_has_come_is_shown_and_told(approved, leader):
    from varangian.platform.thread.expiry import expire_due

    over = now() - timedelta(seconds=1)
    Tvra.objects.filter(pk=approved.pk).update(valid_until=over)
    assert queries.tvra(leader, approved.pk).shown_state == "expired"
    expire_due()
    measure = queries.treatments(leader, approved)[0].measure
    assert any("ended" in one for one in stale_by_record(leader, "measure", [measure])[measure])


def test_an_answer_is_never_changed_in_the_database(team, draft):
    from django.db import DatabaseError, transaction

    services.answer_check(actor=team["officer"], tvra=draft, item="keys-known", answer="not_met")
    with pytest.raises(DatabaseError), transaction.atomic():
        TvraAnswer.objects.filter(tvra=draft).update(answer="met")
