from datetime import timedelta

import pytest

from varangian.kernel import clock
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.log.models import LogEntry
from varangian.platform.access.scope import SYSTEM
from varangian.platform.thread.models import StaleMark
from varangian.threats import queries
from varangian.threats.services import (
    add_source,
    assess,
    change_source,
    expire_due,
    set_source_state,
)


def test_levels_left_out_are_unknown_and_it_expires_by_itself(operation, leader):
    source = add_source(actor=leader, operation=operation, title="Group of objectors")
    assert {source.intent, source.capability, source.opportunity} == {"unknown"}
    assert source.serial == 1
    assert source.assessed_by == leader
    assert source.valid_until > clock.now() + timedelta(days=1)
    with clock.frozen(source.valid_until + timedelta(seconds=1)):
        assert source.expired
        assert source.shown_state == "expired"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("intent", "7"),
        ("kind", "monster"),
        ("confidence", "99 %"),
        ("handling", "secret"),
        ("source_grade", "Z"),
        ("information_grade", "9"),
        ("scale", "stars"),
        ("title", "  "),
    ],
)
def test_only_known_words(operation, leader, field, value):
    with pytest.raises(Refused):
        add_source(actor=leader, operation=operation, **{"title": "Somebody", field: value})


def test_a_grade_must_be_on_its_scale(operation, leader):
    add_source(actor=leader, operation=operation, title="One", source_grade="F")
    with pytest.raises(Refused, match="F"):
        add_source(
            actor=leader, operation=operation, title="Two", scale="five_by_five", source_grade="F"
        )


@pytest.mark.parametrize("role", ["officer", "driver", "client", "operator"])
def test_other_roles_are_denied(operation, team, role):
    with pytest.raises(Denied):
        add_source(actor=team[role], operation=operation, title="Somebody")


@pytest.mark.parametrize("role", ["officer", "driver", "client", "stranger"])
def test_source_is_not_there_for_those_without_need(source, team, role):
    with pytest.raises(NotFound):
        queries.source(team[role], source.pk)
    with pytest.raises((NotFound, Denied)):
        queries.operation_with_register(team[role], source.operation.slug)


def test_foreign_leader_cannot_change_it(source, team):
    with pytest.raises(NotFound):
        change_source(actor=team["stranger"], source=source, intent="high")


def test_review_and_approval_are_signed_by_persons(source, leader, team):
    with pytest.raises(Refused, match="named person"):
        set_source_state(actor=SYSTEM, source=source, state="reviewed")
    set_source_state(actor=team["analyst"], source=source, state="reviewed")
    with pytest.raises(Denied):
        set_source_state(actor=team["analyst"], source=source, state="approved")
    set_source_state(actor=leader, source=source, state="approved")
    source.refresh_from_db()
    assert (source.state, source.reviewed_by, source.approved_by) == (
        "approved",
        team["analyst"],
        leader,
    )


def test_ungraded_source_is_not_approved(operation, leader):
    source = add_source(actor=leader, operation=operation, title="Rumour")
    set_source_state(actor=leader, source=source, state="reviewed")
    with pytest.raises(Refused, match="grade"):
        set_source_state(actor=leader, source=source, state="approved")


def test_change_makes_it_a_draft_and_what_rests_on_it_stale(source, risk, leader):
    set_source_state(actor=leader, source=source, state="reviewed")
    change_source(actor=leader, source=source, intent="high")
    assert source.state == "draft"
    assert source.reviewed_by is None
    reasons = StaleMark.objects.filter(kind="risk", record=risk.pk).values_list("reason", flat=True)
    assert list(reasons) == ["Threat T1 changed: intent low to high"]


def test_a_new_date_alone_makes_nothing_stale(source, risk, leader):
    later = source.valid_until + timedelta(days=3)
    change_source(actor=leader, source=source, valid_until=later)
    assert not StaleMark.objects.filter(record=risk.pk).exists()


def test_the_past_is_no_validity(source, leader):
    with pytest.raises(Refused, match="over"):
        change_source(actor=leader, source=source, valid_until=clock.now() - timedelta(hours=1))


def test_the_job_writes_down_what_has_run_out(source, risk):
    with clock.frozen(source.valid_until + timedelta(seconds=1)):
        assert expire_due() == 1
        assert expire_due() == 0
    source.refresh_from_db()
    assert source.state == "expired"
    assert StaleMark.objects.filter(record=risk.pk, reason__contains="expired").exists()


def test_the_log_names_no_content(source, leader, operation):
    change_source(actor=leader, source=source, intent="high")
    texts = [str(entry.body) for entry in LogEntry.objects.filter(operation=operation)]
    assert texts
    assert not any("letter writer" in text or "high" in text for text in texts)


def test_a_named_person_sets_the_level_in_versions(operation, team):
    with pytest.raises(Refused, match="named person"):
        assess(actor=SYSTEM, operation=operation, level="severe", summary="Because")
    first = assess(
        actor=team["analyst"], operation=operation, level="severe", summary="Seen at two places"
    )
    second = assess(actor=team["analyst"], operation=operation, level="moderate", summary="Gone")
    operation.refresh_from_db()
    assert operation.threat_level == "moderate"
    assert [first.version, second.version] == [1, 2]
    assert first.valid_until - first.assessed_at < second.valid_until - second.assessed_at
    assert queries.assessments(team["analyst"], operation).first() == second


def test_level_needs_a_known_word_and_a_reason(operation, leader):
    with pytest.raises(Refused, match="no such threat level"):
        assess(actor=leader, operation=operation, level="5", summary="Because")
    with pytest.raises(Refused, match="says why"):
        assess(actor=leader, operation=operation, level="low", summary=" ")
