"""Lessons flow back to places, measures and cards, and the next operation meets them."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from tests import factories
from tests.factories import signed_in

from varangian.kernel.clock import now
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.operations import services as operations
from varangian.places import services as places
from varangian.planning import services
from varangian.planning.models import AdvanceTask, LessonAnswer
from varangian.planning.queries import cards as card_reads
from varangian.planning.queries import lessons as reads
from varangian.platform.access.roles import Role
from varangian.platform.thread.queries import neighbours

from .test_debrief import confirmed, held, run_day, said  # noqa: F401

TEXT = "The gate of the main entrance is locked from six."


@pytest.fixture
def taught(held):  # noqa: F811
    held.point = confirmed(held)
    held.next = _next_operation(held)
    return held


def _next_operation(team):
    """Another day of the same principal at the same hall, with people of its own."""
    made = factories.operation(
        team.leader,
        engagement=team.contract,
        principal=team.principal,
        title="Third day",
        starts=now() + timedelta(days=9),
    )
    team.stranger = factories.member(made, Role.DRIVER)
    team.leader.__dict__.pop("_reach", None)
    operations.add_movement(
        actor=team.leader,
        operation=made,
        kind="event",
        title="Reading",
        destination=team.hall,
        starts=now() + timedelta(days=9),
        ends=now() + timedelta(days=9, hours=2),
    )
    return made


def send(team, **fields):
    given = {"text": TEXT, **fields}
    return services.send_lesson(actor=team.leader, observation=team.point, **given)


def answer(team, lesson, outcome="taken", **fields):
    given = {"actor": team.leader, "reason": "Asked the hall", **fields}
    return services.answer_lesson(lesson=lesson, outcome=outcome, **given)


def tasks(operation):
    return AdvanceTask.objects.filter(operation=operation, item="main_entrance")


def test_a_place_is_asked_again_and_the_next_advance_hears_of_it(taught):
    factories.surveyed(taught.hall, taught.leader)
    services.plan_advance(actor=taught.leader, operation=taught.next)
    assert not tasks(taught.next).exists(), "the answer holds"
    lesson = send(taught, place=taught.hall, item="main_entrance")
    task = tasks(taught.next).get()
    assert (task.why, task.state) == ("lesson", "open")
    page = signed_in(taught.leader).get(reverse("planning:advance", args=[taught.next.slug]))
    assert lesson.dated in page.content.decode() and TEXT in page.content.decode()
    places.still_so(actor=taught.stranger, place=taught.hall, item="main_entrance")
    assert tasks(taught.next).get().state == "done"
    taken = LessonAnswer.objects.get()
    assert (taken.outcome, taken.by) == ("taken", taught.stranger)
    assert reads.open_at(taught.leader, [taught.hall.pk]) == {}


def test_a_team_that_was_not_there_reads_the_lesson_and_not_the_hot_wash(taught):
    send(taught, place=taught.hall, item="main_entrance")
    client = signed_in(taught.stranger)
    page = client.get(reverse("places:survey", args=[taught.hall.pk]) + "?open=arrival")
    assert TEXT in page.content.decode()
    assert client.get(reverse("planning:observation", args=[taught.point.pk])).status_code == 404
    assert reads.waiting(taught.stranger, taught.next)[0].text == TEXT
    assert not reads.lessons(factories.person()).exists()


def test_a_lesson_about_what_was_never_asked_becomes_a_question(taught):
    services.plan_advance(actor=taught.leader, operation=taught.next)
    send(taught, place=taught.hall, item="stewards")
    task = AdvanceTask.objects.get(operation=taught.next, item="stewards", state="open")
    assert task.why == "lesson"


def test_declined_with_a_reason_it_is_silent(taught):
    services.plan_advance(actor=taught.leader, operation=taught.next)
    lesson = send(taught, place=taught.hall, item="stewards")
    with pytest.raises(Refused, match="Say why"):
        answer(taught, lesson, "declined", reason=" ")
    made = answer(taught, lesson, "declined", reason="Stewards are ours now")
    assert AdvanceTask.objects.get(operation=taught.next, item="stewards").state == "dropped"
    with pytest.raises(Refused, match="declined it already"):
        answer(taught, lesson)
    for deed in (made.save, made.delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            deed()


def test_a_card_takes_the_proposed_text_as_its_next_version(taught):
    mine, _ = services.take_cards(
        actor=taught.leader, operation=taught.operation, library_ids=["fire"]
    )
    lesson = send(taught, card=mine[0], proposal={"do_not": "Do not use the east stair."})
    theirs, _ = services.take_cards(
        actor=taught.leader, operation=taught.next, library_ids=["fire"]
    )
    card = theirs[0]
    assert reads.of_card(taught.leader, card) == [lesson]
    page = signed_in(taught.leader).get(reverse("planning:card", args=[card.pk]))
    assert lesson.dated in page.content.decode()
    with pytest.raises(Refused, match="for which operation"):
        answer(taught, lesson)
    made = answer(taught, lesson, operation=taught.next, reason="")
    assert made.reason == "Version 2 drafted."
    version = card_reads.versions(taught.leader, card)[0]
    assert version.content["do_not"] == "Do not use the east stair."
    assert version.why.startswith(lesson.dated) and card.in_force is None
    assert reads.of_card(taught.leader, card) == []
    assert reads.of_card(taught.leader, mine[0]) == [lesson], "each operation answers for itself"
    left = neighbours(taught.leader, "card", card.pk)["left"]
    assert "Lesson" in {one["kind"] for one in left}


def test_a_measure_is_met_by_its_kind_and_an_own_one_only_at_home(taught):
    own = send(taught, measure=taught.measure)
    assert reads.of_measures(taught.leader, taught.operation, [taught.measure]) == {
        taught.measure.pk: [own]
    }
    page = signed_in(taught.leader).get(reverse("planning:measure", args=[taught.measure.pk]))
    assert own.dated in page.content.decode()
    assert reads.waiting(taught.leader, taught.next) == []


def test_a_measure_of_the_library_is_met_by_every_operation_that_takes_it(taught):
    shared = {"actor": taught.leader, "library_ids": ["police-liaison"]}
    mine, _ = services.propose_standard(operation=taught.operation, **shared)
    lesson = send(taught, measure=mine[0])
    assert reads.waiting(taught.leader, taught.next) == []
    theirs, _ = services.propose_standard(operation=taught.next, **shared)
    assert reads.waiting(taught.leader, taught.next) == [lesson]
    answer(taught, lesson, operation=taught.next)
    assert reads.of_measures(taught.leader, taught.next, theirs) == {}
    assert reads.of_measures(taught.leader, taught.operation, mine)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({}, "one place, measure or card"),
        ({"text": " ", "item": "stewards", "to": "hall"}, "needs words"),
        ({"item": "no_such", "to": "hall"}, "no_such"),
        ({"item": "stewards", "to": "measure+hall"}, "one place, measure or card"),
    ],
)
def test_what_is_refused(taught, wrong, words):
    to = wrong.pop("to", "")
    aims = {"place": taught.hall} if "hall" in to else {}
    aims |= {"measure": taught.measure} if "measure" in to else {}
    with pytest.raises(Refused, match=words):
        send(taught, **aims, **wrong)


def test_who_may_send_and_answer(taught):
    lesson = send(taught, place=taught.hall, item="stewards")
    point, aim = taught.point, {"place": taught.hall, "item": "stewards", "text": TEXT}
    for name in ("driver", "operator"):
        with pytest.raises(Denied):
            services.send_lesson(actor=getattr(taught, name), observation=point, **aim)
    with pytest.raises(NotFound):
        services.send_lesson(actor=factories.person(), observation=point, **aim)
    with pytest.raises(Denied):
        answer(taught, lesson, actor=taught.stranger)
    with pytest.raises(NotFound):
        answer(taught, lesson, actor=factories.person())
    taught.point = said(taught)
    with pytest.raises(Refused, match="Confirm the observation"):
        send(taught, **aim)
    taught.point = confirmed(taught, kind="sustain")
    with pytest.raises(Refused, match="something to improve"):
        send(taught, **aim)


def test_another_engagement_has_nothing_to_do_with_it(taught):
    lesson = send(taught, measure=taught.measure)
    elsewhere = factories.operation(taught.leader)
    taught.leader.__dict__.pop("_reach", None)
    with pytest.raises(NotFound):
        answer(taught, lesson, operation=elsewhere)
    foreign = factories.place(elsewhere, kind="venue")
    with pytest.raises(NotFound):
        send(taught, place=foreign, item="stewards")


def test_an_exercise_teaches_the_day_nothing(taught, monkeypatch):
    monkeypatch.setattr("varangian.planning.services.lessons.exercising", lambda: True)
    with pytest.raises(Refused, match="exercise sends nothing"):
        send(taught, place=taught.hall, item="stewards")
