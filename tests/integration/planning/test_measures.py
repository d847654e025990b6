"""Measures: services, pages, API and commands."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from tests import factories

from varangian.config.commands import root
from varangian.kernel import clock
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.operations.services import add_post
from varangian.planning import queries
from varangian.planning.library import measures as library
from varangian.planning.services import (
    add_measure,
    change_measure,
    propose_standard,
    set_effects,
    set_measure_state,
)
from varangian.platform.access.roles import Role
from varangian.platform.access.services import issue_token
from varangian.platform.thread.models import Edge, StaleMark
from varangian.platform.thread.services import tie
from varangian.platform.ui import console
from varangian.threats import queries as threats
from varangian.threats.services import (
    add_from_library,
    add_risk,
    add_source,
    change_source,
)

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def leader(db):
    return factories.person("Lea Leader")


@pytest.fixture
def operation(leader):
    return factories.operation(leader, starts=clock.now() + timedelta(days=2))


@pytest.fixture
def team(operation, leader):
    people = {role.value: factories.member(operation, role) for role in Role}
    stranger = factories.person("Foreign Leader")
    factories.operation(stranger)
    return {**people, "detail_leader": leader, "stranger": stranger}


@pytest.fixture
def post(operation, leader):
    return add_post(
        actor=leader,
        operation=operation,
        title="Driver of the first car",
        role="driver_principal",
        edition="driver",
    )


@pytest.fixture
def source(operation, leader):
    return add_source(actor=leader, operation=operation, title="Invented letter writer")


@pytest.fixture
def risk(operation, leader, source):
    return add_risk(
        actor=leader,
        operation=operation,
        title="Approach at the door",
        responsibility="personal_protection",
        likelihood=4,
        impact=4,
        threat_source=source,
    )


@pytest.fixture
def measure(operation, leader, risk, post):
    return add_measure(
        actor=leader,
        operation=operation,
        title="Closed arrival",
        task="Use the closed arrival",
        responsibility="personal_protection",
        effects={risk: (2, 0)},
        post=post,
    )


def band(actor, risk, view="current"):
    return threats.risk_row(threats.risk(actor, risk.pk)).standing.seen(view).band


def test_it_lowers_what_it_is_tied_to_once_it_is_in_place(leader, risk, measure):
    assert measure.state == "proposed"
    assert Edge.objects.get(right_id=measure.pk).relation == "lowers"
    assert band(leader, risk) == "high"
    set_measure_state(actor=leader, measure=measure, state="agreed")
    assert (band(leader, risk), band(leader, risk, "target")) == ("high", "moderate")
    set_measure_state(actor=leader, measure=measure, state="in_place", verified_at=clock.now())
    assert band(leader, risk) == "moderate"
    set_measure_state(actor=leader, measure=measure, state="dropped")
    assert band(leader, risk) == "high"
    assert measure.verified_at is None


def test_in_place_needs_a_time_that_has_been(leader, measure):
    with pytest.raises(Refused, match="somebody has checked"):
        set_measure_state(actor=leader, measure=measure, state="in_place")
    later = clock.now() + timedelta(minutes=5)
    measure.refresh_from_db()
    with pytest.raises(Refused, match="future"):
        set_measure_state(actor=leader, measure=measure, state="in_place", verified_at=later)


def test_agreed_needs_somebody_and_gets_a_time(leader, operation, measure):
    set_measure_state(actor=leader, measure=measure, state="agreed")
    assert measure.due == operation.starts
    orphan = add_measure(
        actor=leader,
        operation=operation,
        title="Nobody's",
        task="Do it",
        responsibility="surveillance",
    )
    with pytest.raises(Refused, match="Nobody would do it"):
        set_measure_state(actor=leader, measure=orphan, state="agreed")


def test_steps_that_are_not_allowed(leader, measure):
    set_measure_state(actor=leader, measure=measure, state="dropped")
    with pytest.raises(Refused, match="proposed"):
        set_measure_state(actor=leader, measure=measure, state="agreed")


def test_a_changed_threat_walks_right_through_risk_and_measure(leader, source, risk, measure):
    line = factories.person().pk
    tie(
        left=("measure", measure.pk),
        right=("order_line", line),
        relation="reason",
        compartment_id=measure.compartment_id,
    )
    change_source(actor=leader, source=source, intent="high")
    marks = dict(StaleMark.objects.values_list("kind", "reason"))
    reason = "Threat T1 changed: intent unknown to high"
    assert marks == {"risk": reason, "measure": reason, "order_line": reason}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"task": "Another door"}, "task rewritten"),
        ({"post": None}, "post Driver of the first car to none"),
        ({"heading": "search"}, "heading tasks to search"),
    ],
)
def test_what_stands_in_the_order_makes_it_stale(leader, measure, fields, words):
    right = ("order_line", factories.person().pk)
    tie(
        left=("measure", measure.pk),
        right=right,
        relation="reason",
        compartment_id=measure.compartment_id,
    )
    change_measure(actor=leader, measure=measure, hours=Decimal(3))
    assert not StaleMark.objects.exists()
    change_measure(actor=leader, measure=measure, **fields)
    assert StaleMark.objects.get(record=right[1]).reason == f"Measure M1 changed: {words}"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"heading": "poem"}, "heading"),
        ({"discomfort": 4}, "Discomfort"),
        ({"cost": Decimal(-1)}, "below zero"),
        ({"task": " "}, "task"),
        ({"responsibility": "gardening"}, "responsibility"),
    ],
)
def test_bad_values_are_refused(leader, measure, fields, words):
    with pytest.raises(Refused, match=words):
        change_measure(actor=leader, measure=measure, **fields)


def test_effects_are_steps_on_own_risks(leader, operation, measure, risk):
    with pytest.raises(Refused, match="steps"):
        set_effects(actor=leader, measure=measure, effects={risk: (0, 0)})
    with pytest.raises(Refused, match="steps"):
        set_effects(actor=leader, measure=measure, effects={risk: (-1, 2)})
    foreign = factories.operation(leader)
    other = add_risk(
        actor=leader,
        operation=foreign,
        title="Elsewhere",
        responsibility="surveillance",
        likelihood=1,
        impact=1,
    )
    with pytest.raises(Refused, match="another operation"):
        set_effects(actor=leader, measure=measure, effects={other: (1, 0)})
    set_effects(actor=leader, measure=measure, effects={})
    assert not Edge.objects.filter(right_id=measure.pk).exists()


def test_standard_measures_find_their_risks_and_their_post(leader, operation, post):
    (line,) = add_from_library(
        actor=leader, operation=operation, library_ids=["grievance-insider"]
    ).added
    came = set(queries.standard_taken(leader, operation))
    standard = next(m for m in library().measures if m.id not in came and m.role == "driver")
    added, refused = propose_standard(
        actor=leader, operation=operation, library_ids=[standard.id, *came, "no-such-measure"]
    )
    assert [m.post for m in added] == [post]
    assert {library_id for library_id, _ in refused} == {*came, "no-such-measure"}
    assert {e.risk for m in queries.measures(leader, operation) for e in m.effects.all()} == {line}


@pytest.mark.parametrize("role", ["officer", "driver", "operator"])
def test_team_reads_and_changes_nothing(team, measure, risk, role):
    found = queries.measure(team[role], measure.pk)
    seen = queries.effects_seen(team[role], found)
    assert bool(seen) == (role == "operator")
    with pytest.raises(Denied):
        set_measure_state(actor=team[role], measure=measure, state="agreed")


@pytest.mark.parametrize("role", ["client", "stranger"])
def test_not_there_for_others(team, measure, role):
    with pytest.raises(NotFound):
        queries.measure(team[role], measure.pk)
    with pytest.raises((NotFound, Denied)):
        change_measure(actor=team[role], measure=measure, task="Nothing")


class TestPages:
    @pytest.fixture
    def browser(self, client, team):
        def sign_in(role):
            client.force_login(team[role], backend=BACKEND)
            return client

        return sign_in

    @pytest.mark.parametrize("role", ["detail_leader", "analyst", "operator", "officer", "driver"])
    def test_team_sees_measures_officers_see_no_risk(self, browser, operation, measure, role):
        urls = [
            reverse("planning:measures", args=[operation.slug]),
            reverse("planning:measures_part", args=[operation.slug]),
            reverse("planning:measure", args=[measure.pk]),
        ]
        for url in urls:
            words = browser(role).get(url).content.decode()
            assert "Closed arrival" in words
            if role in ("officer", "driver"):
                assert "Approach at the door" not in words

    @pytest.mark.parametrize("role", ["client", "stranger"])
    def test_others_see_nothing(self, browser, operation, measure, role):
        web = browser(role)
        for url in (
            reverse("planning:measures", args=[operation.slug]),
            reverse("planning:measure", args=[measure.pk]),
        ):
            assert web.get(url).status_code in (403, 404)

    def test_leader_works_through_the_forms(self, browser, operation, measure, risk):
        web = browser("detail_leader")
        show = reverse("planning:measure", args=[measure.pk])
        form = web.get(show).context["form"]
        given = {name: "" if v is None else v for name, v in form.initial.items()}
        updated = measure.updated_at
        web.post(show, given)
        measure.refresh_from_db()
        assert measure.updated_at == updated
        web.post(show, {**given, "task": "Other side"})
        effects = {f"likelihood-{risk.pk}": "1", f"impact-{risk.pk}": "1"}
        web.post(reverse("planning:measure_effects", args=[measure.pk]), effects)
        state = reverse("planning:measure_state", args=[measure.pk])
        assert web.post(state, {"state": "in_place"}).status_code == 422
        local = "2026-01-01T10:00"
        assert web.post(state, {"state": "in_place", "verified_at": local}).status_code == 302
        measure.refresh_from_db()
        effect = measure.effects.get()
        assert (measure.task, effect.likelihood, effect.impact) == ("Other side", 1, 1)
        assert measure.verified_at.isoformat() == "2026-01-01T08:00:00+00:00"

    def test_library_and_own(self, browser, operation):
        web = browser("analyst")
        url = reverse("planning:measures_from_library", args=[operation.slug])
        web.post(url, {"measure": ["daily-threat-review"]})
        assert "M1" in web.get(reverse("planning:measures", args=[operation.slug])).content.decode()
        own = {
            "title": "Own",
            "task": "Do it",
            "responsibility": "surveillance",
            "heading": "tasks",
            "discomfort": "0",
        }
        answer = web.post(reverse("planning:measures", args=[operation.slug]), own)
        assert answer.status_code == 302


def test_api(client, team, operation, risk, post):
    def call(role, method, path, body):
        _, secret = issue_token(user=team[role], label="test", writes=True)
        return client.generic(
            method,
            f"/api/v1{path}",
            json.dumps(body),
            content_type="application/json",
            headers={"Authorization": f"Bearer {secret}"},
        )

    path = f"/operations/{operation.slug}/measures"
    body = {
        "title": "Closed arrival",
        "task": "Use it",
        "responsibility": "personal_protection",
        "post": str(post.pk),
        "cost": "120.50",
        "lowers": [{"risk": str(risk.pk), "likelihood": 1}],
    }
    made = call("analyst", "POST", path, body)
    assert made.status_code == 201
    one = made.json()["added"][0]
    assert (one["cost"], one["lowers"][0]["risk"]) == ("120.50", "R1")
    assert call("analyst", "PATCH", f"/measures/{one['id']}", {"cost": None}).json()["cost"] is None
    state = f"/measures/{one['id']}/state"
    assert call("analyst", "POST", state, {"state": "in_place"}).status_code == 422
    assert call("officer", "POST", state, {"state": "agreed"}).status_code == 403
    assert call("analyst", "POST", state, {"state": "agreed"}).json()["state"] == "agreed"
    assert call("officer", "GET", path, None).json()["items"][0]["lowers"] == []
    assert call("client", "GET", path, None).status_code == 403
    assert call("stranger", "GET", path, None).status_code == 404
    batch = {"from_library": ["daily-threat-review", "no-such-measure"]}
    answer = call("analyst", "POST", path, batch).json()
    assert (len(answer["added"]), answer["refused"][0]["id"]) == (1, "no-such-measure")


class TestCommands:
    @pytest.fixture(autouse=True)
    def _nobody(self):
        yield
        console.act_for("")

    def test_add_and_set(self, operation, risk, post, capsys):
        slug = operation.slug
        words = ["measure", "add", slug, "--title", "Own", "--task", "Do it"]
        words += ["--responsibility", "surveillance", "--lowers", "R1:1,0", "--post", post.title]
        assert root([*words, "--json"]) == 0
        (row,) = json.loads(capsys.readouterr().out)
        assert row["lowers"] == [{"risk": "R1", "likelihood": 1, "impact": 0}]
        change = ["measure", "set", slug, "M1", "--state", "in_place"]
        with pytest.raises(Refused, match="checked"):
            root(change)
        assert root([*change, "--verified", "now", "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["state"] == "in_place"
        assert root(["measure", "list", slug]) == 0

    @pytest.mark.parametrize("steps", ["R1", "R1:x,0", "1,0"])
    def test_bad_steps(self, operation, risk, steps):
        words = ["measure", "add", operation.slug, "--title", "Own", "--task", "Do it"]
        with pytest.raises(Refused, match="steps"):
            root([*words, "--responsibility", "surveillance", "--lowers", steps])

    @pytest.mark.parametrize("what", ["risks", "measures"])
    def test_library(self, db, capsys, what):
        assert root(["library", what, "--json"]) == 0
        rows = json.loads(capsys.readouterr().out)
        assert len(rows) >= 40
        assert len({row["responsibility"] for row in rows}) == 7
