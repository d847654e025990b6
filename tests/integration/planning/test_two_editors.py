"""Two editors at once: one is told, both values are shown, and nothing is lost."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.apps import apps
from django.db import connection, connections
from django.urls import reverse
from tests import factories

from varangian.kernel.results import Conflict
from varangian.operations import services as spine
from varangian.operations.models import Movement, Operation
from varangian.planning import services
from varangian.planning.models import Measure
from varangian.planning.queries import cards, comms
from varangian.platform.access.models import Compartment
from varangian.platform.access.scope import SYSTEM
from varangian.platform.ui.both import text_of

pytestmark = pytest.mark.django_db


def filled(page):
    """The fields of a form as the browser would send them back."""
    form = page.context["form"]
    return {field.name: text_of(field) for field in form}


def shown_both(answer, *words):
    text = answer.content.decode()
    assert answer.status_code == 409 and "side by side" in text
    for word in words:
        assert word in text, word
    return {row["side"].name: row["side"] for row in answer.context["rows"]}


def chosen(answer, **choices):
    """What the page of both values sends after somebody has chosen."""
    kept = dict(answer.context["kept"]) | dict(answer.context["more"])
    rows = {r["side"].name: r["side"].kept for r in answer.context["rows"] if not r["side"].clash}
    known = {"version": str(answer.context["version"]), "base": answer.context["base"]}
    return {**kept, **rows, **known, **choices}


def test_a_leg(team):
    browser = factories.signed_in(team.leader)
    url = reverse("operations:movement", args=[team.drive.pk])
    mine = filled(browser.get(url)) | {"title": "Mine", "notes": "By the bridge"}
    spine.change_movement(actor=team.operator, movement=team.drive, title="Theirs", kind="foot")
    answer = browser.post(url, mine)
    found = shown_both(answer, "Mine", "Theirs", "Hotel to hall", "By the bridge")
    assert found["title"].clash and found["notes"].by == "yours" and found["kind"].by == "theirs"
    team.drive.refresh_from_db()
    assert team.drive.title == "Theirs"
    assert browser.post(url, chosen(answer, title="Mine")).status_code == 302
    team.drive.refresh_from_db()
    assert (team.drive.title, team.drive.notes, team.drive.kind) == (
        "Mine",
        "By the bridge",
        "foot",
    )


def test_an_operation(team):
    browser = factories.signed_in(team.leader)
    url = reverse("operations:edit", args=[team.operation.slug])
    mine = filled(browser.get(url)) | {"title": "Mine"}
    spine.change_operation(actor=team.operator, operation=team.operation, title="Theirs")
    answer = browser.post(url, mine)
    assert shown_both(answer, "Mine", "Theirs")["title"].clash
    assert Operation.objects.get(pk=team.operation.pk).title == "Theirs"
    browser.post(url, chosen(answer, title="Mine"))
    assert Operation.objects.get(pk=team.operation.pk).title == "Mine"


def test_the_plan_texts(team):
    browser = factories.signed_in(team.leader)
    url = reverse("planning:plan", args=[team.operation.slug])
    mine = filled(browser.get(url)) | {"dress": "Grey suits", "money": "None"}
    services.write_plan(actor=team.operator, operation=team.operation, texts={"dress": "Blue"})
    answer = browser.post(url, mine)
    found = shown_both(answer, "Grey suits", "Blue", "Dark suits")
    assert found["dress"].clash and found["money"].by == "yours"
    browser.post(url, chosen(answer, dress="Grey suits"))
    plan = Operation.objects.get(pk=team.operation.pk).plan
    assert (plan["dress"], plan["money"]) == ("Grey suits", "None")
    assert plan["check_calls"].startswith("Every 30 minutes")


def test_the_routes_of_a_leg(team):
    browser = factories.signed_in(team.leader)
    url = reverse("planning:routes", args=[team.drive.pk])
    held = {"primary": "Mannerheim street", "alternate": "Bay road", "emergency": ""}
    was = '{"primary": "Mannerheim street", "alternate": "Bay road", "emergency": ""}'
    services.write_routes(actor=team.operator, movement=team.drive, routes={"primary": "Quay"})
    mine = held | {"primary": "Park", "emergency": "North", "version": "1", "base": was}
    answer = browser.post(url, mine)
    found = shown_both(answer, "Quay", "Park")
    assert found["primary"].clash and found["emergency"].by == "yours"
    browser.post(url, chosen(answer, primary="Park"))
    team.drive.refresh_from_db()
    assert team.drive.details["routes"] == {
        "primary": "Park",
        "alternate": "Bay road",
        "emergency": "North",
    }


def test_a_measure(team):
    browser = factories.signed_in(team.leader)
    url = reverse("planning:measure", args=[team.measure.pk])
    mine = filled(browser.get(url)) | {"task": "Mine"}
    services.change_measure(actor=team.analyst, measure=team.measure, task="Theirs", hours=2)
    answer = browser.post(url, mine)
    found = shown_both(answer, "Mine", "Theirs")
    assert found["task"].clash and found["hours"].by == "theirs"
    browser.post(url, chosen(answer, task="Mine"))
    held = Measure.objects.get(pk=team.measure.pk)
    assert (held.task, held.hours, held.version) == ("Mine", 2, 3)


def test_a_card(team):
    services.take_cards(actor=team.leader, operation=team.operation, library_ids=["medical"])
    card = cards.cards(team.leader, team.operation).get()
    browser = factories.signed_in(team.leader)
    url = reverse("planning:card", args=[card.pk])
    mine = filled(browser.get(url)) | {"trigger": "Mine", "why": "Seen"}
    services.change_card(actor=team.operator, card=card, why="Told", trigger="Theirs")
    answer = browser.post(url, mine)
    assert shown_both(answer, "Mine", "Theirs")["trigger"].clash
    browser.post(url, chosen(answer, trigger="Mine"))
    card.refresh_from_db()
    assert card.version == 3 and cards.shown(team.leader, card).version.content["trigger"] == "Mine"


def test_the_communications_plan(team):
    given = {"bearers": {"primary": "Radio 3"}, "check_minutes": 30}
    services.write_comms(actor=team.leader, operation=team.operation, **given)
    browser = factories.signed_in(team.leader)
    url = reverse("planning:comms_edit", args=[team.operation.slug])
    mine = filled(browser.get(url)) | {"primary": "Radio 5", "check_minutes": "20"}
    given["bearers"] = {"primary": "Radio 4", "alternate": "Phone"}
    services.write_comms(actor=team.operator, operation=team.operation, **given)
    answer = browser.post(url, mine)
    found = shown_both(answer, "Radio 4", "Radio 5")
    assert found["primary"].clash and found["check_minutes"].by == "yours"
    browser.post(url, chosen(answer, primary="Radio 5"))
    held = comms.current(team.leader, team.operation)
    assert held.number == 3 and held.check_minutes == 20
    assert held.bearers["primary"] == "Radio 5" and held.bearers["alternate"] == "Phone"


def test_a_cancelled_leg_is_another_state(team):
    version = team.drive.version
    spine.set_movement_state(actor=team.operator, movement=team.drive, state="cancelled")
    with pytest.raises(Conflict):
        spine.change_movement(
            actor=team.leader, movement=team.drive, expected_version=version, title="Mine"
        )


@pytest.mark.parametrize("version", ["1", "2"])
def test_over_the_api_the_second_is_told(team, version):
    browser = factories.signed_in(team.leader)
    spine.change_movement(actor=team.operator, movement=team.drive, title="Theirs")
    answer = browser.patch(
        f"/api/v1/movements/{team.drive.pk}",
        {"title": "Mine", "expected_version": int(version)},
        content_type="application/json",
    )
    assert answer.status_code == (409 if version == "1" else 200)


def alone(work, *given):
    """As a process of its own would, with a connection that commits."""
    try:
        return work(*given)
    finally:
        connections.close_all()


def a_leg_for_all():
    leader = factories.person("Lena Leader")
    operation = factories.operation(leader)
    return spine.add_movement(actor=leader, operation=operation, kind="road", title="Drive")


def edit(leg, gate, number):
    own = Movement.objects.get(pk=leg.pk)
    gate.wait(30)
    title = f"Editor {number}"
    try:
        spine.change_movement(actor=SYSTEM, movement=own, expected_version=1, title=title)
    except Conflict:
        return ""
    return title


def kept_of(leg):
    row = Movement.objects.get(pk=leg.pk)
    return row.title, row.version


def swept(leg):
    """What these transactions have left behind, past the triggers that keep a log as it is."""
    contract = leg.operation.engagement
    circles = [leg.compartment_id, contract.compartment_id]
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs where args->>'movement' = %s", [str(leg.pk)])
        cursor.execute("set session_replication_role = replica")
        for model in apps.get_models():
            if any(f.name == "compartment" and f.is_relation for f in model._meta.fields):
                model._base_manager.filter(compartment_id__in=circles)._raw_delete("default")
        Compartment.objects.filter(pk__in=circles)._raw_delete("default")
        cursor.execute("set session_replication_role = origin")


def test_of_several_editors_at_once_one_writes_and_the_others_are_told():
    """All have read version 1; the database lets one of them write, whatever their order."""
    with ThreadPoolExecutor(4) as pool:
        leg = pool.submit(alone, a_leg_for_all).result()
        try:
            gate = Barrier(4)
            each = [pool.submit(alone, edit, leg, gate, number) for number in range(4)]
            titles = [one.result() for one in each]
            held = pool.submit(alone, kept_of, leg).result()
        finally:
            pool.submit(alone, swept, leg).result()
    assert sorted(titles)[:3] == ["", "", ""]
    assert held == (max(titles), 2)
