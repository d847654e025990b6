"""Runs of the solver: plan the whole, or repair after a sick call; the worker does long ones."""

import json
import os
import time
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from varangian.alerts.services import raise_alert
from varangian.engines.rostering import Answer, Problem, Step, repair, solve
from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Refused
from varangian.kernel.words import plural
from varangian.platform.access.context import acting
from varangian.platform.access.models import User
from varangian.platform.access.scope import SYSTEM, Actor, require, system_read
from varangian.platform.jobs.app import app
from varangian.platform.news.services import announce

from ..models import Absence, Assignment, Roster, RosterRun
from ..queries import roster as rows
from ..queries.roster_problem import Book, book, left_to_solve
from ..rosterfile.answering import answer_shape
from ..rosterfile.reading import Read
from .roster_shifts import tell

AT_ONCE_PAIRS, AT_ONCE_SECONDS = 700, 0.7
"""So few officers times shifts are solved while the person waits."""
FAIR_SHARE = 0.25
TELL_EVERY = 0.4
OPEN_END_DAYS = 3


@transaction.atomic
def plan(*, actor: Actor, operation: Any, seconds: float | None = None) -> RosterRun:
    """Fill what is open. What was published or set by hand stays; earlier proposals may go.

    A small roster is planned at once; for a larger one the run comes back as waiting, and its
    progress is told on the run.
    """
    require(actor, "roster.change", operation.compartment_id)
    found = book(actor, operation)
    left_to_solve(found)
    _refuse_second(actor, operation)
    small = len(found.people) * len(found.shifts) <= AT_ONCE_PAIRS
    limit = _seconds(seconds, found, small)
    run = RosterRun.objects.create(
        compartment_id=operation.compartment_id, roster=found.roster, kind=RosterRun.Kind.PLAN,
        seconds=limit, by_id=actor.pk,
    )  # fmt: skip
    return _start(run, now_at_once=small and limit <= 1)


def _seconds(given: float | None, found: Book, small: bool) -> float:
    if given is not None:
        if not 0.2 <= given <= 3600:
            raise Refused("The search takes 0.2 to 3600 seconds", where="seconds")
        return given
    people = len(found.people)
    return AT_ONCE_SECONDS if small else 10.0 if people <= 40 else 30.0 if people <= 200 else 75.0


def _refuse_second(actor: Actor, operation: Any) -> None:
    under_way = rows.runs(actor, operation).filter(state__in=RosterRun.UNDER_WAY)
    if under_way.exists():
        mend = "Wait for it, or stop it."
        raise Conflict("The solver is at work on this roster already", operation.slug, mend)


def _start(run: RosterRun, *, now_at_once: bool) -> RosterRun:
    if now_at_once:
        _finish(run, _solved(run, book(SYSTEM, run.roster.operation)))
    elif os.environ.get("VARANGIAN_DB_ROLE") == "app":
        app.configure_task("planning.solve_roster", lock=f"roster-{run.roster_id}").defer(
            run=str(run.pk)
        )
    else:
        run_now(run.pk)
        run.refresh_from_db()
    return run


@transaction.atomic
def call_sick(
    *,
    actor: Actor,
    operation: Any,
    person: User,
    since: datetime | None = None,
    until: datetime | None = None,
) -> RosterRun:
    """Who takes over with the fewest changes, as a proposal: nothing changes until it is taken."""
    require(actor, "roster.change", operation.compartment_id)
    person = rows.teammate(actor, operation, person.email)
    since = since or now()
    if until is not None and until <= since:
        raise Refused("The officer is well before falling sick", str(until), "Swap the times.")
    found = book(actor, operation)
    _refuse_second(actor, operation)
    small = len(found.people) * len(found.shifts) <= AT_ONCE_PAIRS
    run = RosterRun.objects.create(
        compartment_id=operation.compartment_id, roster=found.roster, kind=RosterRun.Kind.SICK,
        seconds=2.0 if small else 10.0, person=person, since=since, until=until, by_id=actor.pk,
    )  # fmt: skip
    return _start(run, now_at_once=small)


@system_read("the worker solves for whoever asked; the run was allowed when it was made")
def run_now(pk: UUID) -> None:
    """The whole run, in transactions of its own so that its progress is seen."""
    with acting(SYSTEM, purpose="plan a roster"):
        run = RosterRun.objects.select_for_update().filter(pk=pk).first()
        if run is None or run.state not in RosterRun.UNDER_WAY:
            return
        run.state = RosterRun.State.RUNNING
        run.save(update_fields=["state"])
        tell(run.roster)
        found = book(SYSTEM, run.roster.operation)
    try:
        answer = _solved(run, found, watch=_Watch(run.pk))
        with acting(SYSTEM, purpose="plan a roster"):
            run = RosterRun.objects.select_for_update().get(pk=pk)
            _finish(run, answer)
    except Refused as refused:
        with acting(SYSTEM, purpose="plan a roster"):
            _end(run, RosterRun.State.FAILED, str(refused))


class _Watch:
    """Writes the last step, and asks whether to stop, a few times a second."""

    def __init__(self, run: UUID) -> None:
        self.run, self.asked, self.told, self.stopped = run, 0.0, 0.0, False

    def tell(self, step: Step) -> None:
        if time.monotonic() - self.told < TELL_EVERY:
            return
        self.told = time.monotonic()
        shape = {"stage": step.stage, "seconds": step.seconds, "open": step.open}
        with acting(SYSTEM, purpose="plan a roster"):
            note_step(self.run, shape)

    def stop(self) -> bool:
        if not self.stopped and time.monotonic() - self.asked >= TELL_EVERY:
            self.asked = time.monotonic()
            with acting(SYSTEM, purpose="plan a roster"):
                self.stopped = asked_to_stop(self.run)
        return self.stopped


@system_read("the worker's own run")
def note_step(pk: UUID, step: dict[str, Any]) -> None:
    run = RosterRun.objects.get(pk=pk)
    run.step = step
    run.save(update_fields=["step"])
    tell(run.roster)


@system_read("the worker's own run")
def asked_to_stop(pk: UUID) -> bool:
    return RosterRun.objects.filter(pk=pk, stop=True).exists()


def _solved(run: RosterRun, found: Book, watch: _Watch | None = None) -> tuple[Answer, Problem]:
    given: dict[str, Any] = {}
    if run.kind == RosterRun.Kind.SICK:
        assert run.person and run.since
        answer = repair(
            found.read.problem, found.pairs, run.person.email, run.since, run.until,
            seconds=run.seconds, clash_seconds=min(2.0, run.seconds / 2),
        )  # fmt: skip
        return answer, found.read.problem
    problem = left_to_solve(found)
    if watch is not None:
        given = {"tell": watch.tell, "stop": watch.stop}
    answer = solve(
        problem, sorted(problem.locked), seconds=run.seconds,
        fair_seconds=run.seconds * FAIR_SHARE, clash_seconds=min(4.0, run.seconds / 2), **given,
    )  # fmt: skip
    return answer, problem


def _finish(run: RosterRun, solved: tuple[Answer, Problem]) -> None:
    answer, problem = solved
    shape = answer_shape(Read(problem, list(answer.assignments)), answer)
    run.answer = json.loads(json.dumps(shape, default=str))
    run.save(update_fields=["answer"])
    if run.kind == RosterRun.Kind.SICK:
        changes = len(answer.changes)
        _end(run, RosterRun.State.READY, f"{plural(changes, 'change')} proposed")
        return
    left_out = _take_plan(run, answer)
    told = run.answer["summary"]
    words = f"{told['filled']} of {told['places']} open or planned places filled"
    if left_out:
        words += f"; {left_out} left out: somebody was taken meanwhile"
    _end(run, RosterRun.State.TAKEN, words)


def _end(run: RosterRun, state: str, words: str) -> None:
    run.state, run.words, run.ended_at = state, words[:400], now()
    run.save(update_fields=["state", "words", "ended_at"])
    tell(run.roster)


def _take_plan(run: RosterRun, answer: Answer) -> int:
    """Proposals of before go, those of the answer come. Returns how many could not be taken."""
    operation = run.roster.operation
    standing = rows.assignments(SYSTEM, operation)
    standing.filter(state=Assignment.State.PROPOSED, made_by=None).delete()
    return _put(run.roster, answer.assignments)


def _put(roster: Roster, pairs: Any) -> int:
    operation = roster.operation
    shifts = {row.code: row for row in rows.shifts(SYSTEM, operation)}
    people = {person.email: person for person in rows.team(SYSTEM, operation)}
    on: dict[Any, set[Any]] = {}
    gone: set[tuple[Any, Any]] = set()
    for row in rows.assignments(SYSTEM, operation):
        if row.state in rows.STANDING:
            on.setdefault(row.shift_id, set()).add(row.person_id)
        else:
            gone.add((row.shift_id, row.person_id))
    left_out = 0
    for email, code in pairs:
        shift, person = shifts.get(code), people.get(email)
        if shift is None or person is None:
            left_out += 1
            continue
        there = on.setdefault(shift.pk, set())
        if person.pk in there:
            continue
        if len(there) >= shift.wanted or (shift.pk, person.pk) in gone:
            left_out += 1
            continue
        try:
            with transaction.atomic():
                Assignment.objects.create(
                    compartment_id=shift.compartment_id, shift=shift, person=person,
                    vehicle="" if there else shift.vehicle, starts=shift.starts, ends=shift.ends,
                )  # fmt: skip
            there.add(person.pk)
        except IntegrityError:
            left_out += 1
    return left_out


@transaction.atomic
def stop_run(*, actor: Actor, run: RosterRun) -> None:
    """The solver ends with the best roster found so far."""
    run = _mine(actor, run)
    if run.state == RosterRun.State.QUEUED:
        _end(run, RosterRun.State.DROPPED, "stopped before it began")
    elif run.state == RosterRun.State.RUNNING:
        run.stop = True
        run.save(update_fields=["stop"])
    else:
        raise Refused("The solver is not at work on this", where=run.get_state_display())


def _mine(actor: Actor, run: RosterRun) -> RosterRun:
    require(actor, "roster.change", run.compartment_id)
    found = RosterRun.objects.visible_to(actor).select_for_update(of=("self",))
    return found.select_related("roster__operation", "person").get(pk=run.pk)


@transaction.atomic
def drop_run(*, actor: Actor, run: RosterRun) -> None:
    run = _mine(actor, run)
    if run.state != RosterRun.State.READY:
        raise Refused("There is no proposal to drop", where=run.get_state_display())
    _end(run, RosterRun.State.DROPPED, "not taken")


@transaction.atomic
def take_run(*, actor: Actor, run: RosterRun) -> int:
    """The proposal after a sick call: duties change hands, and the absence is recorded.

    Returns how many of its changes could not be made, since somebody was taken meanwhile.
    """
    run = _mine(actor, run)
    if run.state != RosterRun.State.READY:
        raise Refused("There is no proposal to take", where=run.get_state_display())
    assert run.person and run.since
    changes = run.answer["changes"]
    off = {(c["officer"], c["shift"]) for c in changes if c["change"] == "taken off"}
    for row in rows.assignments(actor, run.roster.operation):
        if (row.person.email, row.shift.code) in off:
            row.delete()
    added = [(c["officer"], c["shift"]) for c in changes if c["change"] == "added"]
    left_out = _put_as(actor, run.roster, added)
    _record_sick(run, actor)
    shift_words = plural(len(off), "duty", "duties")
    text = f"{run.person} reported sick; {shift_words} given to others, {left_out} still open"
    announce_for(run, text, actor)
    _end(run, RosterRun.State.TAKEN, f"taken: {plural(len(changes), 'change')}")
    return left_out


def _put_as(actor: Actor, roster: Roster, pairs: Any) -> int:
    """Set by a person: a later plan leaves these as they are."""
    before = {row.pk for row in rows.assignments(actor, roster.operation)}
    left_out = _put(roster, pairs)
    for row in rows.assignments(actor, roster.operation).exclude(pk__in=before):
        row.made_by_id = actor.pk
        row.save(update_fields=["made_by"])
    return left_out


def announce_for(run: RosterRun, text: str, actor: Actor) -> None:
    announce(
        topic="roster", event="sick", text=text, compartment_id=run.compartment_id,
        operation_id=run.roster.operation_id, actor=actor,
    )  # fmt: skip


def _record_sick(run: RosterRun, actor: Actor) -> None:
    """Round the duties that the person has elsewhere: those leaders hear by the house."""
    assert run.person and run.since
    until = run.until or run.since + timedelta(days=OPEN_END_DAYS)
    free = run.since
    spans = [(h.starts, h.ends) for h in rows.taken([run.person], run.since, until)]
    for start, end in [*spans, (until, until)]:
        if start > free:
            Absence.objects.create(
                person=run.person, why=Absence.Why.SICK, starts=free, ends=min(start, until),
                by_id=actor.pk,
            )  # fmt: skip
        free = max(free, end)
    if any(h.kind == "duty" for h in rows.taken([run.person], run.since, until)):
        _tell_elsewhere(run, until)


def _tell_elsewhere(run: RosterRun, until: datetime) -> None:
    assert run.person and run.since
    given = {
        "person": str(run.person_id), "operation": str(run.roster.operation_id),
        "since": run.since.isoformat(), "until": until.isoformat(),
    }  # fmt: skip
    if os.environ.get("VARANGIAN_DB_ROLE") == "app":
        app.configure_task("planning.sick_elsewhere").defer(**given)
    else:
        alert_elsewhere(**given)


@system_read("whoever plans the sick officer's other duties must hear of it")
def alert_elsewhere(*, person: str, operation: str, since: str, until: str) -> int:
    """An alert in each other operation where the person is on duty; it names no other."""
    found = User.objects.get(pk=UUID(person))
    mine = Roster.objects.select_related("operation").get(operation_id=UUID(operation)).operation
    begin, end = datetime.fromisoformat(since), datetime.fromisoformat(until)
    duties = rows.duties_elsewhere(found, mine, begin, end)
    by_operation = {row.shift.roster.operation_id: row for row in duties}
    for row in by_operation.values():
        raise_alert(
            operation=row.shift.roster.operation, title=f"{found} has reported sick",
            source="roster", dedupe=f"sick {found.pk} {since}", starts=row.starts, ends=row.ends,
            body=f"On duty here from {row.shift.code} {row.shift.title}.",
            action="Record the sick call on the roster and find somebody else.",
        )  # fmt: skip
    return len(by_operation)
