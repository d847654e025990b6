"""Which measures pay: weighed against the register, within a budget and the principal's wishes."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from tests import factories
from tests.factories import signed_in

from varangian.config.commands import root
from varangian.kernel.clock import now
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.planning import services
from varangian.planning.models import Measure, MeasureWishes
from varangian.planning.queries import paying
from varangian.planning.services.wishes import set_wishes, take_set
from varangian.platform.access.scope import SYSTEM
from varangian.threats import services as threats
from varangian.threats.library import risks as standard_risks

from .test_order_faces import bearer

STANDARD = next(risk for risk in standard_risks().risks if "side-door-arrival" in risk.measures)


@pytest.fixture
def weighed(team):
    """A standard risk whose measures are dropped again, so that the library offers them."""
    batch = threats.add_from_library(
        actor=team.leader, operation=team.operation, library_ids=[STANDARD.id]
    )
    team.line = batch.added[0]
    Measure.objects.exclude(library_id="").delete()
    team.dear = services.add_measure(
        actor=team.leader,
        operation=team.operation,
        title="Two more officers",
        task="Two officers at the hall door.",
        responsibility="personal_protection",
        cost=Decimal(900),
        hours=Decimal(16),
        people=2,
        effects={team.risk: (2, 0)},
    )
    return team


def ask(team, person=None, **given):
    return paying.pay(person or team.leader, team.operation, paying.Ask(**given))


def reason(found, key, point=None):
    rows = {one.key: why for one, why in found.reasons(point or found.answer.best)}
    return rows[key]


def test_the_register_and_the_library_are_weighed(weighed):
    found = ask(weighed)
    assert found.problem.most_steps and found.answer.proven
    assert found.answer.best.residual < found.answer.before
    states = {one.key: one.state for one in found.candidates}
    assert states["M1"] == "agreed" and states[weighed.dear.label] == "proposed"
    assert states["side-door-arrival"] == "library"
    assert reason(found, "M1").words.startswith("Kept: agreed or in place.")
    named = {risk.id for risk in found.problem.risks}
    assert named == {weighed.risk.label, weighed.line.label}


def test_a_budget_leaves_out_what_is_too_dear_and_what_says_nothing(weighed):
    found = ask(weighed, money=Decimal(500))
    dear = weighed.dear.label
    assert dear not in found.answer.best.chosen
    assert "limit on money is spent" in reason(found, dear).words
    silent = [one.key for one in found.candidates if one.shape.money is None]
    assert silent and not set(silent) & found.answer.best.chosen - {"M1"}
    assert any("nobody has said" in reason(found, key).words for key in silent if key != "M1")
    assert dear in ask(weighed, money=Decimal(900)).answer.best.chosen


def test_a_day_fee_turns_bands_into_money(weighed):
    before = {one.key: one.shape.money for one in ask(weighed).candidates}
    after = {one.key: one.shape.money for one in ask(weighed, day_fee=Decimal(400)).candidates}
    assert before["venue-advance"] is None and after["venue-advance"] == 20_000
    assert after[weighed.dear.label] == 90_000


def test_too_little_notice_and_a_dropped_measure_are_out(weighed):
    found = ask(weighed)
    advance = reason(found, "venue-advance")
    assert advance.words.startswith("Out: it needs 48 h notice, and")
    weighed.operation.starts = now() + timedelta(hours=30)
    found = ask(weighed)
    assert "venue-advance, which cannot be in" in reason(found, "side-door-arrival").words
    weighed.operation.starts, weighed.operation.ends = now(), now() + timedelta(hours=60)
    assert not reason(ask(weighed), "venue-advance").words.startswith("Out: it needs"), "it runs"
    services.set_measure_state(actor=weighed.leader, measure=weighed.dear, state="dropped")
    assert "dropped by decision" in reason(ask(weighed), weighed.dear.label).words


def test_the_principals_wishes_bind_every_proposal(weighed):
    set_wishes(
        actor=weighed.leader,
        operation=weighed.operation,
        refused={weighed.dear.label: "no more people"},
        each=1,
        agreed_with="Private office",
    )
    found = ask(weighed)
    why = reason(found, weighed.dear.label).words
    assert why == "Out: the principal does not accept it: no more people."
    assert found.problem.limits.each == 1
    clash = ask(weighed, must=frozenset({weighed.dear.label})).answer
    assert clash.best is None and "does not accept" in clash.conflict.wishes[1]


def test_wishes_that_clash_with_the_budget_are_named(weighed):
    found = ask(weighed, money=Decimal(100), must=frozenset({weighed.dear.label}))
    assert found.answer.conflict.wishes == (
        "money at most 100.00",
        f"{weighed.dear.label} must be in",
    )


def test_taking_a_set_proposes_and_agrees_nothing(weighed):
    found = ask(weighed)
    offered = sorted(k for k in found.answer.best.chosen if not k.startswith("M"))
    added, refused = take_set(
        actor=weighed.leader, operation=weighed.operation, keys=[*found.answer.best.chosen, "none"]
    )
    assert sorted(row.library_id for row in added) == offered
    assert {row.state for row in added} == {"proposed"} and refused[0][0] == "none"
    again = {one.key: one.state for one in ask(weighed).candidates}
    assert not set(offered) & set(again)


def test_an_empty_set_is_no_decision(weighed):
    with pytest.raises(Refused, match="Name the measures"):
        take_set(actor=weighed.leader, operation=weighed.operation, keys=[])


def test_wishes_are_checked_and_one_row(weighed):
    give = {"actor": weighed.leader, "operation": weighed.operation, "refused": {}}
    with pytest.raises(Refused):
        set_wishes(**give, each=4)
    with pytest.raises(Refused):
        set_wishes(**give, most=-1)
    set_wishes(**give, most=3)
    set_wishes(**give, most=4)
    assert MeasureWishes.objects.get().content["most"] == 4


@pytest.mark.parametrize("name", ["officer", "driver", "client"])
def test_who_may_not_see_risks_weighs_nothing(weighed, name):
    person = getattr(weighed, name)
    with pytest.raises(Denied):
        ask(weighed, person)
    address = reverse("planning:pay", args=[weighed.operation.slug])
    assert signed_in(person).get(address).status_code == 403


def test_the_operator_reads_and_decides_nothing(weighed):
    assert ask(weighed, weighed.operator).answer.best
    with pytest.raises(Denied):
        take_set(actor=weighed.operator, operation=weighed.operation, keys=["stash-car"])
    with pytest.raises(Denied):
        set_wishes(actor=weighed.operator, operation=weighed.operation, refused={})
    page = signed_in(weighed.operator).get(
        reverse("planning:pay", args=[weighed.operation.slug]), {"money": "500"}
    )
    assert "Take this set" not in page.content.decode()


def test_a_foreign_team_is_told_of_nothing(weighed):
    stranger = factories.person()
    factories.operation(stranger)
    with pytest.raises(NotFound):
        paying.operation_to_weigh(stranger, weighed.operation.slug)
    assert paying.wishes_of(stranger, weighed.operation)["by"] is None


def test_the_leader_weighs_on_screen(weighed):
    client = signed_in(weighed.leader)
    address = reverse("planning:pay", args=[weighed.operation.slug])
    assert "measures can be weighed" in client.get(address).content.decode()
    given = {"money": "500", "day_fee": "400", "axis": "hours"}
    words = client.get(address, given).content.decode()
    for said in ("Take this set", "Points left", "Why it is out", "limit on money"):
        assert said in words
    assert words.count("<circle") >= 4 and 'aria-label="What is left of the risks' in words
    first = client.get(address, {**given, "point": "0"}).content.decode()
    assert "shown below" in first and first != words
    assert client.get(address, {**given, "point": "99"}).status_code == 422
    assert client.get(address, {**given, "point": "x"}).status_code == 422
    clash = client.get(address, {"money": "1", "must": weighed.dear.label}).content.decode()
    assert "do not go together" in clash
    wished = {"each": "1", "refused": ["venue-advance", weighed.dear.label], "why": "No"}
    client.post(reverse("planning:pay_wishes", args=[weighed.operation.slug]), wished)
    assert paying.wishes_of(SYSTEM, weighed.operation)["refused"][weighed.dear.label] == "No"
    wrong = client.post(
        reverse("planning:pay_wishes", args=[weighed.operation.slug]), {"each": "9"}
    )
    assert wrong.status_code == 422
    taken = client.post(
        reverse("planning:pay_take", args=[weighed.operation.slug]),
        {"measure": ["order-acknowledged", "M1"]},
    )
    assert taken.status_code == 302
    assert Measure.objects.filter(library_id="order-acknowledged").exists()


def test_weighing_over_the_api(weighed, client):
    where = f"/api/v1/operations/{weighed.operation.slug}/measures"
    sent = bearer(weighed.leader, writes=True)
    found = client.get(f"{where}/proposal", {"money": "900", "axis": "money"}, **sent).json()
    assert found["chosen"]["points"] < found["before"] and found["conflict"] is None
    row = next(one for one in found["measures"] if one["measure"] == weighed.dear.label)
    assert row["money"] == 900 and row["people"] == 2 and row["in"]
    assert client.get(f"{where}/proposal", {"money": "-1"}, **sent).status_code == 422
    wishes = {"refused": {weighed.dear.label: "No"}, "each": 2}
    put = client.put(f"{where}/wishes", json.dumps(wishes), content_type="application/json", **sent)
    assert put.json()["each"] == 2
    body = json.dumps({"measures": ["order-acknowledged"]})
    made = client.post(f"{where}/proposal", body, content_type="application/json", **sent)
    assert made.status_code == 201 and made.json()["added"][0]["state"] == "proposed"
    assert client.get(f"{where}/proposal", **bearer(weighed.driver)).status_code == 403


def test_weighing_on_the_command_line(weighed, capsys):
    slug = weighed.operation.slug
    assert root(["measure", "propose", slug, "--budget-money", "900", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert weighed.dear.label in found["chosen"]["measures"]
    line = ["measure", "wishes", slug, "--refuse", f"{weighed.dear.label}=too many", "--each", "2"]
    assert root([*line, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["refused"] == {weighed.dear.label: "too many"}
    assert root(["measure", "propose", slug, "--against", "hours"]) == 0
    assert "too many" in " ".join(capsys.readouterr().out.split())
    assert root(["measure", "wishes", slug, "--accept", weighed.dear.label, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["refused"] == {}
    assert root(["measure", "propose", slug, "--take", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["taken"]
    with pytest.raises(Refused, match="no number"):
        root(["measure", "propose", slug, "--budget-money", "much"])
    with pytest.raises(Refused, match="do not go together"):
        root(["measure", "propose", slug, "--must", "M2", "--budget-people", "1"])
