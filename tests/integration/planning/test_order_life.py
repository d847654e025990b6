"""Draft, sign, issue, acknowledge, amend, close."""

from datetime import timedelta

import pytest
from tests import factories

from varangian.kernel.results import Conflict, Denied, NotFound, Refused
from varangian.operations import services as operations
from varangian.places.services import change_place
from varangian.planning import services
from varangian.planning.models import Order, OrderLine
from varangian.planning.queries import checking, orders, reading
from varangian.platform.access.scope import SYSTEM
from varangian.platform.thread.models import Edge
from varangian.platform.thread.queries import stale_by_record
from varangian.threats import services as threats


def stale_lines(team, order):
    shown = reading.lines_for(team.leader, order, "detail_leader")
    return {row.line.anchor: row.stale for row in shown if row.stale}


def is_stale(team, order):
    return bool(stale_by_record(team.leader, "order", [order.pk]))


def test_from_draft_to_acknowledged(team):
    order = services.draft_order(actor=team.leader, operation=team.operation)
    assert (order.state, order.number, order.version) == ("draft", 1, 1)
    with pytest.raises(Refused, match="cannot be issued"):
        services.issue_order(actor=team.leader, order=order)
    order = services.approve_order(actor=team.leader, order=order)
    assert checking.verdict(team.leader, order)["genuine"]
    order = services.issue_order(actor=team.leader, order=order)
    assert [row.post_id for row in orders.waiting_for(team.driver)] == [team.wheel.pk]
    services.acknowledge_order(actor=team.driver, order=order, post=team.wheel)
    assert orders.waiting_for(team.driver) == []
    rows = {row["post"].pk: row["cells"][0]["state"] for row in orders.matrix(team.leader, order)}
    assert rows[team.wheel.pk] == "acknowledged" and rows[team.med.pk] == "due"


def test_only_a_named_detail_leader_signs(team):
    order = services.draft_order(actor=team.operator, operation=team.operation)
    with pytest.raises(Refused, match="named person"):
        services.approve_order(actor=SYSTEM, order=order)
    for person in (team.operator, team.officer, team.analyst, team.client):
        with pytest.raises(Denied):
            services.approve_order(actor=person, order=order)
    with pytest.raises(NotFound):
        services.approve_order(actor=factories.person(), order=order)


def test_a_changed_content_or_name_breaks_the_signature(team):
    order = services.draft_order(actor=team.leader, operation=team.operation)
    order = services.approve_order(actor=team.leader, order=order)
    line = OrderLine.objects.filter(order=order).first()
    before, line.text = line.text, "Go home."
    line.save()
    assert "content" in checking.verdict(team.leader, order)["reason"]
    with pytest.raises(Refused, match="not the one that was signed"):
        services.issue_order(actor=team.leader, order=order)
    line.text = before
    line.save()
    Order.objects.filter(pk=order.pk).update(approved_name="Somebody Else")
    order.refresh_from_db()
    assert "signature" in checking.verdict(team.leader, order)["reason"]


def test_a_signed_order_is_not_redrafted(issued):
    with pytest.raises(Refused, match="not redrafted"):
        services.redraft_order(actor=issued.leader, order=issued.order)


def test_an_order_without_mission_is_not_signed(team):
    operations.change_operation(actor=team.leader, operation=team.operation, intent="")
    order = services.draft_order(actor=team.leader, operation=team.operation)
    with pytest.raises(Refused, match="Mission"):
        services.approve_order(actor=team.leader, order=order)


def test_a_stale_draft_is_redrafted_before_it_is_signed(team):
    order = services.draft_order(actor=team.leader, operation=team.operation)
    old = set(OrderLine.objects.filter(order=order).values_list("pk", flat=True))
    operations.change_movement(actor=team.leader, movement=team.drive, title="Hotel to hall by bus")
    with pytest.raises(Refused, match="Redraft"):
        services.approve_order(actor=team.leader, order=order)
    again = services.redraft_order(actor=team.leader, order=order)
    assert (again.serial, again.version) == (order.serial, order.version)
    assert not Edge.objects.filter(right_kind="order_line", right_id__in=old).exists()
    assert not Edge.objects.filter(left_kind="order_line", left_id__in=old).exists()
    assert not is_stale(team, again)
    services.approve_order(actor=team.leader, order=again)


def test_one_draft_at_a_time(team):
    services.draft_order(actor=team.leader, operation=team.operation)
    with pytest.raises(Conflict):
        services.draft_order(actor=team.leader, operation=team.operation)


def test_a_new_version_supersedes_and_is_asked_anew(issued):
    team = issued
    services.acknowledge_order(actor=team.driver, order=team.order, post=team.wheel)
    second = services.draft_order(actor=team.leader, operation=team.operation)
    assert (second.number, second.version) == (1, 2)
    second = services.approve_order(actor=team.leader, order=second)
    services.issue_order(actor=team.leader, order=second)
    team.order.refresh_from_db()
    assert team.order.state == "superseded"
    assert [row.order_id for row in orders.waiting_for(team.driver)] == [second.pk]


def test_acknowledging_for_others(issued):
    team = issued
    with pytest.raises(Denied):
        services.acknowledge_order(actor=team.driver, order=team.order, post=team.ppo)
    with pytest.raises(Refused, match="how the holder told you"):
        services.acknowledge_order(actor=team.operator, order=team.order, post=team.ppo)
    with pytest.raises(Refused, match="named person"):
        services.acknowledge_order(actor=SYSTEM, order=team.order, post=team.ppo, note="x")
    row = services.acknowledge_order(
        actor=team.operator, order=team.order, post=team.ppo, note="by radio"
    )
    assert (row.user, row.by) == (team.officer, team.operator)


def test_a_new_holder_has_not_read_it(issued):
    team = issued
    services.acknowledge_order(actor=team.driver, order=team.order, post=team.wheel)
    relief = factories.member(team.operation, factories.Role.DRIVER)
    operations.assign_post(actor=team.leader, post=team.wheel, holder=relief)
    cell = next(r for r in orders.matrix(team.leader, team.order) if r["post"].pk == team.wheel.pk)
    assert cell["cells"][0]["state"] == "handed over"
    assert orders.waiting_for(relief)


@pytest.mark.parametrize("what", ["movement", "threat", "place", "measure", "post", "principal"])
def test_a_change_makes_its_lines_and_the_order_stale(issued, what):
    team = issued
    assert not stale_lines(team, team.order) and not is_stale(team, team.order)
    if what == "movement":
        later = team.drive.starts + timedelta(minutes=5)
        operations.change_movement(actor=team.leader, movement=team.drive, starts=later)
        expected = f"programme:movement:{team.drive.pk}"
    elif what == "threat":
        threats.change_source(actor=team.leader, source=team.source, intent="moderate")
        expected = f"enemy_forces:threat:{team.source.pk}"
    elif what == "place":
        change_place(actor=SYSTEM, place=team.hall, address="Other street 1")
        expected = f"places:place:{team.hall.pk}"
    elif what == "measure":
        services.change_measure(actor=team.leader, measure=team.measure, task="Use the front door.")
        expected = f"tasks:measure:{team.measure.pk}"
    elif what == "post":
        operations.assign_post(actor=team.leader, post=team.med, holder=None)
        expected = f"tasks:post:{team.med.pk}"
    else:
        from varangian.principals.services import change_principal

        change_principal(actor=team.leader, principal=team.principal, preferences="Sits left")
        expected = "preferences:wish:Sits on the right"
    found = stale_lines(team, team.order)
    assert expected in found, sorted(found)
    assert is_stale(team, team.order)
    assert len(found) < 15


def test_what_comes_after_the_order_marks_it(issued):
    team = issued
    threats.add_risk(
        actor=team.leader,
        operation=team.operation,
        title="Drone",
        likelihood=2,
        impact=2,
        responsibility="surveillance",
    )
    assert is_stale(team, team.order)


def issue_frago(team):
    frago = services.draft_fragmentary_order(actor=team.leader, operation=team.operation)
    frago = services.approve_order(actor=team.leader, order=frago)
    return services.issue_order(actor=team.leader, order=frago)


def test_a_fragmentary_order_says_only_what_changed(issued):
    team = issued
    with pytest.raises(Refused, match="Nothing in the order has changed"):
        services.draft_fragmentary_order(actor=team.leader, operation=team.operation)
    later = team.drive.starts + timedelta(minutes=5)
    operations.change_movement(actor=team.leader, movement=team.drive, starts=later)
    frago = issue_frago(team)
    rows = orders.own_lines(team.leader, frago)
    assert {row.heading for row in rows} == {"programme", "timings"}
    assert all(row.change == "changed" and row.replaces != row.text for row in rows)
    assert frago.amends == team.order and frago.number == 1
    assert not is_stale(team, team.order) and not stale_lines(team, team.order)
    shown = reading.lines_for(team.leader, team.order, "driver")
    line = next(r for r in shown if r.line.anchor == f"programme:movement:{team.drive.pk}")
    assert line.order == frago and line.line.text == rows[0].text


def test_after_a_fragmentary_order_its_lines_are_watched(issued):
    team = issued
    for minutes in (5, 10):
        later = team.drive.starts + timedelta(minutes=minutes)
        team.drive = operations.change_movement(
            actor=team.leader, movement=team.drive, starts=later
        )
        assert is_stale(team, team.order)
        frago = issue_frago(team)
    assert frago.number == 2
    text = orders.own_lines(team.leader, frago)[0]
    first = orders.amendments(team.leader, team.order)[0]
    assert text.replaces == orders.own_lines(team.leader, first)[0].text


def test_only_affected_posts_are_asked(issued):
    team = issued
    services.change_measure(actor=team.leader, measure=team.measure, task="Use the front door.")
    frago = issue_frago(team)
    asked = {row.post_id for row in orders.acknowledgements(team.leader, frago)}
    assert asked == {team.wheel.pk, team.lead.pk, team.room.pk}


def test_removed_and_added_lines(issued):
    team = issued
    operations.set_movement_state(actor=team.leader, movement=team.speech, state="cancelled")
    services.write_plan(
        actor=team.leader, operation=team.operation, texts={"crowd": "Two hundred guests"}
    )
    frago = issue_frago(team)
    rows = {(row.heading, row.change): row for row in orders.own_lines(team.leader, frago)}
    assert (
        rows["programme", "removed"].text == ""
        and "Speech" in rows["programme", "removed"].replaces
    )
    assert rows["crowd", "added"].text == "Two hundred guests"
    assert rows["crowd", "removed"].gap
    held = reading.lines_for(team.leader, team.order, "detail_leader")
    assert not [r for r in held if r.line.anchor == f"programme:movement:{team.speech.pk}"]


def test_a_discarded_fragmentary_order_leaves_no_hole_in_the_numbers(issued):
    team = issued
    operations.change_movement(actor=team.leader, movement=team.drive, title="Hotel to the hall")
    first = services.draft_fragmentary_order(actor=team.leader, operation=team.operation)
    services.close_order(actor=team.leader, order=first)
    again = services.draft_fragmentary_order(actor=team.leader, operation=team.operation)
    assert (again.number, again.version) == (1, 2)


def test_closing_takes_it_out_of_force(issued):
    team = issued
    services.close_order(actor=team.leader, order=team.order)
    assert orders.issued(team.leader, team.operation) is None
    assert orders.waiting_for(team.driver) == []
    with pytest.raises(Refused):
        services.acknowledge_order(actor=team.driver, order=team.order, post=team.wheel)


def test_foreigners_see_nothing(issued):
    stranger = factories.person()
    assert not orders.orders(stranger).exists()
    with pytest.raises(NotFound):
        orders.order(stranger, issued.order.pk)
