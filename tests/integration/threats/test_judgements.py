"""Judgements: evidence first, two raters blind, a named person settles, and nothing is a number."""

import json
from datetime import timedelta

import pytest
from tests import factories
from tests.integration.threats.referred import NAME, end, refer

from varangian.alerts.models import Alert
from varangian.config.commands import root
from varangian.kernel.clock import now
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.platform.access.roles import Role
from varangian.platform.access.services import issue_token
from varangian.platform.news.services import announced
from varangian.platform.thread.queries import stale_by_record
from varangian.platform.ui import console
from varangian.threats.models import Judgement, JudgementAnswer
from varangian.threats.queries import judgement as queries
from varangian.threats.queries import person_held
from varangian.threats.queries import persons as people
from varangian.threats.services import judgements as services
from varangian.threats.services import persons as person_services
from varangian.threats.shapes import judgement as shapes

SECRET = "Said to the baker that Friday is the day"
TEXTS = {
    "formulation": "A claim refused in spring became a cause against her",
    "level": "moderate",
    "confidence": "low",
    "reasons": "Leakage to one witness; nothing on means",
}
ANSWERS = {
    "grievance": {"state": "present", "evidence": "Eleven letters", "since": "2026-04"},
    "wb_leakage": {"state": "partly", "evidence": SECRET, "trend": "rising"},
    "preparation": {"state": "absent"},
}


@pytest.fixture
def person(desk, operation):
    return refer(desk, operation)


@pytest.fixture
def other(operation):
    """A second analyst of the engagement."""
    return factories.member(operation.engagement, Role.ANALYST)


def written(actor, person, answers=ANSWERS, **texts):
    row = queries.open_draft(actor, person)
    row = row or services.begin_judgement(actor=actor, person=person)
    given = {**TEXTS, **texts}
    return services.rate(actor=actor, judgement=row, answers=answers, **given)


def signed(actor, person, answers=ANSWERS, **texts):
    row = written(actor, person, answers, **texts)
    return services.sign_judgement(actor=actor, judgement=row)


@pytest.fixture
def first(desk, person):
    return signed(desk["analyst"], person)


@pytest.fixture
def both(desk, first, other):
    services.ask_second(actor=desk["analyst"], judgement=first, rater=other)
    answers = {
        "grievance": {"state": "present", "evidence": "The letters"},
        "wb_leakage": {"state": "absent", "evidence": "The baker denies it"},
        "breach": {"state": "present", "evidence": "Climbed the gate on camera 3"},
    }
    return first, signed(other, first.person, answers, level="high", confidence="moderate")


def test_what_nobody_answered_is_unknown_and_never_absent(first):
    found = queries.answers(first)
    assert set(found) == set(ANSWERS)
    shown = {row["indicator"]: row["state"] for row in shapes.judgement_shape(first)["answers"]}
    assert shown["preparation"] == "absent" and shown["breach"] == "unknown"
    assert len(shown) == len(queries.titles())


def test_a_draft_may_lack_its_evidence_and_a_signature_may_not(desk, person):
    row = written(desk["analyst"], person, {"grievance": {"state": "present"}})
    with pytest.raises(Refused, match="needs its evidence"):
        services.sign_judgement(actor=desk["analyst"], judgement=row)
    assert not queries.standing(desk["analyst"], person)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"level": ""}, "Choose the level"),
        ({"level": "seven"}, "no such level"),
        ({"confidence": ""}, "how sure"),
        ({"reasons": " "}, "why this level"),
        ({"formulation": ""}, "hangs together"),
    ],
)
def test_a_signature_needs_level_confidence_and_reasons_in_words(desk, person, change, words):
    with pytest.raises(Refused, match=words):
        signed(desk["analyst"], person, **change)


@pytest.mark.parametrize(
    "given",
    [
        {"answers": {"nothing-like-it": {"state": "absent"}}},
        {"answers": {"grievance": {"state": "4"}}},
        {"answers": {"grievance": {"state": "absent", "score": 4}}},
        {"scenarios": [{"trigger": "the verdict"}]},
        {"scenarios": [{"what": "x", "likelihood": "3"}]},
        {"total": 12},
    ],
)
def test_what_does_not_fit_is_refused_and_the_draft_stays(desk, person, given):
    row = written(desk["analyst"], person)
    with pytest.raises(Refused):
        services.rate(actor=desk["analyst"], judgement=row, **given)
    assert set(queries.answers(queries.judgement(desk["analyst"], row.pk))) == set(ANSWERS)


def test_signed_it_is_sealed_and_a_later_view_is_a_new_version(desk, person, first):
    with pytest.raises(Refused, match="signed"):
        services.rate(actor=desk["analyst"], judgement=first, level="low")
    with pytest.raises(Refused, match="Only a draft"):
        services.drop_draft(actor=desk["analyst"], judgement=first)
    read = queries.judgement(desk["analyst"], first.pk)
    assert queries.seal_holds(read) and read.summary == "First judgement"
    later = written(desk["analyst"], person, {}, level="high")
    assert set(queries.answers(later)) == set(ANSWERS), "what was seen is looked at again"
    later = services.sign_judgement(actor=desk["analyst"], judgement=later)
    assert later.summary == "Level moderate to high" and later.version == 2
    assert queries.judgement(desk["analyst"], first.pk).level == "moderate"
    row = JudgementAnswer.objects.filter(judgement=first).first()
    row.evidence = "Rewritten behind its back"
    row.save()
    assert not queries.seal_holds(queries.judgement(desk["analyst"], first.pk))


def test_the_next_review_is_due_by_the_level_and_within_the_file(desk, person):
    row = written(desk["analyst"], person)
    with pytest.raises(Refused, match="lies ahead"):
        services.sign_judgement(actor=desk["analyst"], judgement=row, next_review=now())
    late = now() + timedelta(days=60)
    with pytest.raises(Refused, match="a review comes by"):
        services.sign_judgement(actor=desk["analyst"], judgement=row, next_review=late)
    done = services.sign_judgement(actor=desk["analyst"], judgement=row)
    assert timedelta(days=20) < done.next_review - now() <= timedelta(days=21)


def test_a_draft_is_its_raters_alone(desk, person, other, leader):
    row = written(desk["analyst"], person)
    for who in (other, leader, desk["operator"]):
        assert not queries.of_person(who, person).exists()
        with pytest.raises(NotFound):
            queries.judgement(who, row.pk)
    with pytest.raises(Refused):
        services.rate(actor=other, judgement=row, level="low")
    with pytest.raises(Refused, match="is judging"):
        services.begin_judgement(actor=other, person=person)


def test_only_who_may_judges_and_only_by_name(desk, person):
    from varangian.platform.access.scope import SYSTEM

    for who in ("operator", "officer", "driver", "client"):
        with pytest.raises((Denied, NotFound)):
            services.begin_judgement(actor=desk[who], person=person)
    with pytest.raises(Refused):
        services.begin_judgement(actor=SYSTEM, person=person)


def test_evidence_points_at_records_by_their_label(desk, person, source):
    label = f"T1 {source.operation.slug}"
    assert label in [one.label for one in queries.linkable(desk["detail_leader"], person)]
    answers = {"grievance": {"state": "present", "links": f"{label}, File 7 of the court"}}
    row = written(desk["detail_leader"], person, answers)
    links = queries.answers(row)["grievance"].links
    assert [one["kind"] for one in links] == ["threat", "reference"]
    assert links[0]["id"] == str(source.pk)


def test_the_second_rater_sees_nothing_before_signing(desk, person, first, other):
    services.choose_strategy(
        actor=desk["analyst"], person=person, ways=["monitor"], reasons="Picture is thin"
    )
    with pytest.raises(Refused, match="somebody else"):
        services.ask_second(actor=desk["analyst"], judgement=first, rater=desk["analyst"])
    with pytest.raises(Refused, match="may not judge"):
        services.ask_second(actor=desk["analyst"], judgement=first, rater=desk["operator"])
    assert queries.of_person(other, person).count() == 1
    draft = services.ask_second(actor=desk["analyst"], judgement=first, rater=other)
    assert [row.pk for row in queries.of_person(other, person)] == [draft.pk]
    assert queries.standing(other, person) is None and queries.rates_blind(other, person)
    assert queries.strategy(other, person) is None
    with pytest.raises(NotFound):
        queries.judgement(other, first.pk)
    with pytest.raises(Refused, match="asked already"):
        services.ask_second(actor=desk["analyst"], judgement=first, rater=desk["detail_leader"])
    assert not queries.answers(draft), "nothing of the first is taken along"
    signed(other, person, {"breach": {"state": "absent"}})
    assert queries.of_person(other, person).count() == 2
    assert queries.standing(other, person).pk == first.pk, "a second rating does not replace"


def test_two_raters_are_compared_and_a_named_person_settles(desk, person, both, leader):
    first, second = both
    rows = {row.indicator: row.relation for row in queries.compared(first, second)}
    assert rows["grievance"] == "agree" and rows["wb_leakage"] == "differ"
    assert rows["breach"] == rows["preparation"] == "one_knows" and rows["attack"] == "unknown"
    given = {"actor": leader, "judgement": first, "level": "high", "confidence": "moderate"}
    with pytest.raises(Refused, match="where the two differ"):
        services.settle(**given)
    with pytest.raises(Refused, match="whose answer holds"):
        services.settle(**given, reasons="The gate tells more than the baker")
    made = services.settle(
        **given, reasons="The gate tells more than the baker", choices={"wb_leakage": "first"}
    )
    found = {name: one.state for name, one in queries.answers(made).items()}
    assert found == {
        "grievance": "present",
        "wb_leakage": "partly",
        "breach": "present",
        "preparation": "absent",
    }
    assert made.summary == (
        "Settled v1 and v2: level moderate to high; now present (was unknown): breach"
    )
    assert queries.standing(leader, person).pk == made.pk and queries.seal_holds(made)
    with pytest.raises(Refused, match="newer judgement"):
        services.settle(**given, reasons="again", choices={"wb_leakage": "first"})


def test_a_changed_level_makes_stale_what_rests_on_the_person(
    desk, person, source, risk, leader, other
):
    person_services.name_in_threat(actor=leader, person=person, source=source)
    signed(desk["detail_leader"], person)
    reasons = stale_by_record(leader, "threat", [source.pk])[source.pk]
    assert reasons == [f"Person {person.label} was judged for the first time (v1)"]
    signed(desk["detail_leader"], person)
    assert len(stale_by_record(leader, "threat", [source.pk])[source.pk]) == 1, "same level"
    signed(desk["detail_leader"], person, level="high")
    for kind, pk in (("threat", source.pk), ("risk", risk.pk)):
        reasons = stale_by_record(leader, kind, [pk])[pk]
        assert f"Person {person.label} level of concern changed (v3)" in reasons
        assert not any("high" in one or NAME in one for one in reasons)


def test_the_news_names_number_and_version_and_nothing_of_it(desk, person):
    heard = []

    def hear(*, news, **_):
        heard.append(news.text)

    announced.connect(hear)
    try:
        signed(desk["analyst"], person)
    finally:
        announced.disconnect(hear)
    lines = " ".join(heard)
    assert f"Person {person.label} is being judged (v1)" in lines
    for word in (NAME, SECRET, "moderate", "Leakage"):
        assert word not in lines


def test_a_strategy_is_chosen_with_tasks_whose_effect_is_seen(desk, person, first):
    analyst, operator = desk["analyst"], desk["operator"]
    given = {"actor": analyst, "person": person, "words": "Ask the court", "owner": operator}
    due = now() + timedelta(days=2)
    with pytest.raises(Refused, match="no strategy"):
        services.add_task(**given, due=due)
    with pytest.raises(Refused, match="no such strategy"):
        services.choose_strategy(actor=analyst, person=person, ways=["revenge"], reasons="x")
    with pytest.raises(Refused, match="how the case is worked"):
        services.choose_strategy(actor=analyst, person=person, ways=[], reasons="x")
    services.choose_strategy(actor=analyst, person=person, ways=["monitor"], reasons="Thin")
    task = services.add_task(**given, due=due)
    for bad, words in (({"owner": desk["driver"]}, "may not see"), ({"due": now()}, "passed")):
        with pytest.raises(Refused, match=words):
            services.add_task(**{**given, "due": due, **bad})
    anew = services.choose_strategy(
        actor=analyst, person=person, ways=["interview", "information"], reasons="He wrote back"
    )
    assert queries.strategies(analyst, person).count() == 2
    assert queries.task(operator, task.pk).strategy_id == anew.pk, "what is open goes on"
    with pytest.raises(Refused, match="what came of it"):
        services.end_task(actor=operator, task=task, effect=" ")
    done = services.end_task(actor=operator, task=task, effect="The court has no file")
    assert done.state == "done" and done.ended_by == operator
    with pytest.raises(Refused, match="has ended"):
        services.end_task(actor=operator, task=task, effect="again")


def late_task(desk, person):
    analyst = desk["analyst"]
    services.choose_strategy(actor=analyst, person=person, ways=["monitor"], reasons="Thin")
    task = services.add_task(
        actor=analyst,
        person=person,
        words="Call the sister",
        owner=desk["operator"],
        due=now() + timedelta(hours=1),
    )
    type(task).objects.filter(pk=task.pk).update(due=now() - timedelta(minutes=5))
    task.refresh_from_db()
    return task


def test_an_overdue_task_asks_once_and_falls_when_it_is_done(desk, operation, person):
    task = late_task(desk, person)
    assert services.ask_about_late_tasks() == 1 and services.ask_about_late_tasks() == 1
    (alert,) = Alert.objects.filter(source="strategy_task")
    assert alert.operation == operation and alert.compartment_id == person.compartment_id
    assert task.label in alert.title
    assert not any(w in f"{alert.title} {alert.body}" for w in ("sister", NAME))
    services.end_task(actor=desk["operator"], task=task, effect="She has not heard of him")
    alert.refresh_from_db()
    assert alert.state not in Alert.OPEN
    assert services.ask_about_late_tasks() == 0


def test_what_is_due_is_a_calendar_without_levels(desk, operation, person, both, leader):
    first, _ = both
    Judgement.objects.filter(pk=first.pk).update(next_review=now() - timedelta(days=1))
    never = refer(desk, operation, name="Ida Quillfeather")
    for state in ("triaged", "under_assessment"):
        never = person_services.move_person(
            actor=desk["analyst"], person=never, state=state, reason="To be judged"
        )
    late_task(desk, person)
    rows = [shapes.due_shape(row) for row in queries.due(leader)]
    assert {(row["person"], row["what"]) for row in rows} == {
        (never.label, "not judged yet"),
        (person.label, "review"),
        (person.label, "task 1"),
    }
    assert not any("level" in row for row in rows)
    assert queries.due(desk["driver"]) == []


def test_a_licensed_result_is_kept_in_words_only(desk, person, client):
    given = {
        "actor": desk["analyst"],
        "person": person,
        "instrument": "An instrument, 3rd ed.",
        "rater": "Dr Ina Invented",
        "licence_holder": "Invented Institute",
        "done_on": now().date(),
    }
    with pytest.raises(Refused, match="in words"):
        services.record_instrument(**given, outcome="17")
    made = services.record_instrument(
        **given, outcome="Active management advised", document=b"%PDF report", name="report.pdf"
    )
    shown = shapes.instrument_shape(queries.instrument(desk["operator"], made.pk))
    assert shown["outcome"] == "Active management advised" and shown["document"] == "report.pdf"
    with pytest.raises(NotFound):
        queries.instrument(desk["stranger"], made.pk)


def numbers(value, path=""):
    """Where a shape holds a number that is not a date."""
    if isinstance(value, bool) or value is None:
        return []
    if isinstance(value, int | float):
        return [path]
    if isinstance(value, dict):
        return [one for name, inner in value.items() for one in numbers(inner, f"{path}.{name}")]
    if isinstance(value, list | tuple):
        return [one for inner in value for one in numbers(inner, f"{path}[]")]
    return []


def test_no_shape_holds_a_number_about_a_person(desk, person, both, leader):
    first, second = both
    task = late_task(desk, person)
    made = services.settle(
        actor=leader,
        judgement=first,
        level="high",
        confidence="low",
        reasons="x",
        choices={"wb_leakage": "second"},
    )
    told = [
        shapes.judgement_shape(made),
        shapes.comparison_shape(first, second, made),
        shapes.task_shape(task),
        shapes.strategy_shape(queries.strategy(leader, person)),
        *[shapes.due_shape(row) for row in queries.due(leader)],
    ]
    assert [one for shape in told for one in numbers(shape)] == []
    words = json.dumps(told, default=str).casefold()
    assert not any(word in words for word in ("score", "total", "percent", "count"))
    columns = {f.get_internal_type() for f in Judgement._meta.fields if f.name != "version"}
    assert not columns & {"IntegerField", "FloatField", "DecimalField"}


def test_who_asks_gets_it_all_and_erased_is_erased(desk, person, both, leader):
    late_task(desk, person)
    parts = {p["name"]: p["rows"] for p in person_held.held(leader, person)["parts"]}
    assert len(parts["judgements"]) == 2 and parts["answers"] and parts["strategy_tasks"]
    assert SECRET in json.dumps(parts["answers"])
    person_services.erase_person(actor=leader, person=person, reason="Asked for, and granted")
    gone = people.person(leader, person.pk)
    assert not queries.of_person(leader, gone).exists()
    row = Judgement.objects.get(pk=both[0].pk)
    assert SECRET not in row.formulation and row.level == "[erased]"
    assert not queries.tasks(leader, gone).exists() and queries.due(leader) == []


def test_what_has_run_out_is_closed_to_reading(desk, person, first):
    end(person)
    assert not queries.of_person(desk["analyst"], person).exists()
    with pytest.raises(Refused, match="run out"):
        services.begin_judgement(actor=desk["analyst"], person=person)


def opened(user, person):
    browser = factories.signed_in(user)
    browser.post(f"/threats/persons/{person.pk}/open/", {"purpose": "assessment"})
    return browser


def test_the_screens_rate_sign_compare_and_settle(desk, person, other, leader):
    page = opened(desk["analyst"], person)
    at = f"/threats/persons/{person.pk}/assessment/"
    assert "Nobody has judged" in page.get(at).content.decode()
    rating = page.post(f"{at}begin/").headers["Location"]
    assert page.get(rating).status_code == 200
    sent = {"i-grievance-state": "present", "deed": "sign", **TEXTS}
    answer = page.post(rating, sent)
    assert answer.status_code == 422 and "needs its evidence" in answer.content.decode()
    assert TEXTS["formulation"] in answer.content.decode()
    sent |= {"i-grievance-evidence": "Letters", "s-0-what": "Comes to the door"}
    assert page.post(rating, sent).headers["Location"] == at
    first = queries.standing(desk["analyst"], person)
    page.post(f"/threats/judgements/{first.pk}/second/", {"rater": str(other.pk)})
    theirs = opened(other, person)
    blind = theirs.get(at).content.decode()
    assert "own eyes" in blind and TEXTS["reasons"] not in blind and "Moderate" not in blind
    draft = queries.open_draft(other, person)
    given = {"i-grievance-state": "absent", "deed": "sign", **TEXTS, "level": "high"}
    assert theirs.post(f"/threats/judgements/{draft.pk}/rate/", given).status_code == 302
    side = f"/threats/judgements/{first.pk}/compare/"
    shown = opened(leader, person)
    assert "They differ" in shown.get(side).content.decode()
    settled = {"level": "high", "confidence": "low", "reasons": "Newer", "formulation": "As is"}
    assert shown.post(side, settled).status_code == 422
    assert shown.post(side, settled | {"c-grievance": "second"}).status_code == 302
    page = shown.get(at).content.decode()
    assert "settled between two raters" in page and "moderate to high" in page
    for path in (f"/threats/judgements/{first.pk}/", "/threats/judgements/"):
        assert shown.get(path).status_code == 200


def test_the_strategy_page_chooses_gives_and_ends(desk, person):
    page = opened(desk["analyst"], person)
    at = f"/threats/persons/{person.pk}/strategy/"
    assert "May backfire when" in page.get(at).content.decode()
    assert page.post(at, {"reasons": "x"}).status_code == 422
    assert (
        page.post(at, {"ways": ["watch", "health"], "reasons": "Ill, and asks"}).status_code == 302
    )
    task = {"words": "Call the clinic", "owner": str(desk["operator"].pk), "due": "2031-01-01"}
    assert page.post(f"{at}tasks/", task).status_code == 302
    row = queries.tasks(desk["analyst"], person).get()
    ended = f"/threats/strategy-tasks/{row.pk}/end/"
    assert page.post(ended, {"effect": "He goes there", "deed": "done"}).status_code == 302
    assert "He goes there" in page.get(at).content.decode()
    result = {
        "instrument": "An instrument",
        "rater": "Dr Ina Invented",
        "licence_holder": "Institute",
        "done_on": "2026-01-05",
        "outcome": "Advises monitoring",
    }
    assert page.post(f"/threats/persons/{person.pk}/instruments/", result).status_code == 302
    assert "Advises monitoring" in page.get(at).content.decode()


def test_long_lists_cost_the_same(desk, person, django_assert_max_num_queries):
    for level in ("low", "moderate", "high", "low"):
        signed(desk["analyst"], person, level=level)
    page = opened(desk["analyst"], person)
    page.get(f"/threats/persons/{person.pk}/assessment/")
    with django_assert_max_num_queries(60):
        page.get(f"/threats/persons/{person.pk}/assessment/")


def test_the_api_does_the_same(desk, person, client, other, leader):
    def asks(user):
        bearer = {"Authorization": f"Bearer {issue_token(user=user, label='test', writes=True)[1]}"}

        def ask(method, path, body=None):
            text = json.dumps(body) if body is not None else ""
            found = client.generic(
                method, f"/api/v1{path}", text, content_type="application/json", headers=bearer
            )
            return found.status_code, found.json() if found.content else None

        return ask

    one, two = asks(desk["analyst"]), asks(other)
    code, made = one("POST", f"/persons/{person.pk}/judgements", {})
    assert code == 201
    at = f"/judgements/{made['id']}"
    code, told = one("PATCH", at, {"answers": {"grievance": {"state": "present"}}, **TEXTS})
    assert code == 200 and told["level_words"] == "Moderate"
    assert one("POST", f"{at}/sign", {})[0] == 422
    given = {"grievance": {"state": "present", "evidence": "Letters"}}
    assert one("PATCH", at, {"answers": given})[0] == 200
    assert one("POST", f"{at}/sign", {})[1]["seal_holds"] is True
    assert one("POST", f"{at}/second", {"rater": "nobody@example.org"})[0] == 422
    code, asked = one("POST", f"{at}/second", {"rater": other.email})
    assert code == 201 and two("GET", at)[0] == 404
    theirs = f"/judgements/{asked['id']}"
    two("PATCH", theirs, {"answers": {"grievance": {"state": "absent"}}, **TEXTS, "level": "high"})
    assert two("POST", f"{theirs}/sign", {})[0] == 200
    code, side = one("GET", f"{at}/comparison")
    assert code == 200 and side["to_settle"] and side["rows"][0]["relation"] == "differ"
    body = {
        "level": "high",
        "confidence": "low",
        "reasons": "x",
        "choices": {"grievance": "second"},
    }
    code, settled = one("POST", f"{at}/settle", body)
    assert code == 201 and settled["level"] == "high"
    code, chosen = one("POST", f"/persons/{person.pk}/strategies", {"ways": ["?"], "reasons": "x"})
    assert code == 422 and "no such strategy" in json.dumps(chosen)
    assert one("GET", "/judgement-catalogue")[1]["indicators"][0]["sources"]
    assert one("GET", "/judgements-due")[0] == 200


def test_the_command_line_does_the_same(desk, person, other, capsys, tmp_path):
    def run(actor, *words):
        assert root(["--as", actor.email, "judgements", *words, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    where = (person.engagement.slug, person.label)
    path = tmp_path / "judgement.json"
    path.write_text(json.dumps({"answers": ANSWERS, **TEXTS}))
    assert run(desk["analyst"], "rate", *where, str(path))["level"] == "moderate"
    assert run(desk["analyst"], "sign", *where)["changed"] == "First judgement"
    run(desk["analyst"], "second", *where, other.email)
    path.write_text(json.dumps({"answers": {}, **TEXTS, "level": "high"}))
    run(other, "rate", *where, str(path))
    run(other, "sign", *where)
    assert run(desk["analyst"], "compare", *where)["to_settle"]
    made = run(
        desk["analyst"], "settle", *where, "high", "--confidence", "low", "--reasons", "Newer"
    )
    assert "moderate to high" in made["changed"]
    assert [row["seat"] for row in run(desk["analyst"], "show", *where)] == [
        "settled",
        "second",
        "first",
    ]
    told = run(desk["analyst"], "strategy", *where, "--way", "watch", "--reasons", "Quiet")
    assert told["strategy"]["ways"][0]["id"] == "watch"
    run(desk["analyst"], "task", *where, "Read", "--owner", other.email, "--due", "2031-01-01")
    assert run(other, "done", *where, "1", "Nothing came")["state"] == "done"
    assert [row["what"] for row in run(desk["analyst"], "due")] == ["review"]
    console.act_for("")
