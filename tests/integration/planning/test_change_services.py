"""A change of plan through its services: what it touches, what it sends, whom it asks."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from tests import factories

from varangian.alerts.models import Alert
from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Denied, NotFound, Refused
from varangian.log import queries as log
from varangian.operations import queries as operations
from varangian.operations import services as spine
from varangian.planning import services
from varangian.planning.change import Wish
from varangian.planning.models import Acknowledgement, Change, Order, OrderLine
from varangian.planning.queries import changes, checking, orders, reading
from varangian.planning.services.unread import ask_for_unread
from varangian.platform.access.scope import SYSTEM
from varangian.platform.thread.models import StaleMark

EARLY = Wish(minutes=-30, exit="south door")


def drafted(team, wish=EARLY, **fields):
    return services.draft_change(actor=team.leader, movement=team.drive, wish=wish, **fields)


def sent(team, wish=EARLY, **fields):
    return services.send_change(actor=team.leader, change=drafted(team, wish, **fields))


def words_of(rows, group):
    return [f"{row['title']}: {row['why']}" for row in rows if row["group"] == group]


def test_thirty_minutes_early_by_the_south_door(issued):
    team = issued
    before = team.drive.starts
    row = sent(team, reason="Crowd at the front")
    team.drive.refresh_from_db()
    assert team.drive.starts == before - timedelta(minutes=30)
    assert team.drive.details["exit"] == "south door" and team.drive.version == 2
    order = row.order
    assert (order.kind, order.number, order.state) == ("fragmentary_order", 1, "issued")
    assert order.amends == team.order and order.approved_by == team.leader
    assert "south door" in order.summary and "Why: Crowd at the front" in order.summary
    assert checking.verdict(team.leader, order)["genuine"]
    told = [shown.line for shown in reading.lines_for(team.driver, order)]
    assert {line.heading for line in told} == {"programme", "timings"}
    assert any("Exit: south door" in line.text for line in told)
    assert all(line.replaces for line in told)


def test_what_it_touches_is_said_with_reasons(issued):
    rows = drafted(issued).touched
    moved = words_of(rows, "movement")
    assert any(w.startswith("1. Hotel to hall:") and "exit south door" in w for w in moved)
    assert any("begins 40 minutes after the arrival" in w.lower() for w in moved), moved
    posts = words_of(rows, "post")
    assert any("Driver" in w and "Car on its mark" in w and "was" in w for w in posts), posts
    assert words_of(rows, "line") and words_of(rows, "acknowledgement")


def test_nothing_is_written_before_it_is_sent(issued):
    drafted(issued)
    issued.drive.refresh_from_db()
    assert issued.drive.version == 1 and "exit" not in issued.drive.details
    assert Order.objects.count() == 1
    assert not Acknowledgement.objects.exclude(order=issued.order).exists()


def test_the_signer_has_read_it_and_the_others_are_asked(issued):
    order = sent(issued).order
    states = {ack.post.title: ack.user for ack in orders.acknowledgements(issued.leader, order)}
    assert states["Team leader"] == issued.leader
    assert states["Driver, principal's car"] is None
    assert [a.order for a in orders.waiting_for(issued.driver)][-1] == order


def test_only_posts_that_are_concerned_are_asked(issued):
    team = issued
    spine.cover_movements(actor=team.leader, post=team.med, movements=[team.speech])
    order = sent(team).order
    asked = {ack.post for ack in orders.acknowledgements(team.leader, order)}
    assert team.med not in asked and team.wheel in asked


def test_a_late_leg_pushes_what_cannot_stay(issued):
    team = issued
    row = sent(team, Wish(minutes=25))
    team.speech.refresh_from_db()
    team.drive.refresh_from_db()
    assert team.speech.starts == team.drive.ends and team.speech.version == 2
    assert any("Begins 15 minutes later" in w for w in words_of(row.touched, "movement"))


def test_without_following_it_is_only_said(issued):
    team = issued
    before = team.speech.starts
    row = sent(team, Wish(minutes=25, follow=False))
    team.speech.refresh_from_db()
    assert team.speech.starts == before
    assert any("Would begin 15 minutes later" in w for w in words_of(row.touched, "movement"))


def test_cancelled(issued):
    team = issued
    row = sent(team, Wish(cancelled=True), reason="Principal is ill")
    team.drive.refresh_from_db()
    assert team.drive.state == "cancelled"
    lines = [s.line for s in reading.lines_for(team.driver, row.order)]
    gone = [line.replaces for line in lines if line.change == "removed"]
    assert any("Hotel to hall" in text for text in gone)
    assert not any("Hotel to hall" in line.text for line in lines)
    assert any("does not get to" in w for w in words_of(row.touched, "movement"))


def test_another_place_takes_the_routes_away(issued):
    team = issued
    row = sent(team, Wish(destination=team.haven.pk))
    team.drive.refresh_from_db()
    assert team.drive.destination == team.haven and "routes" not in team.drive.details
    changes_ = [s.line.change for s in reading.lines_for(team.leader, row.order)]
    assert "removed" in changes_
    assert any("routes led to the old place" in w for w in words_of(row.touched, "movement"))
    assert any(
        "Speech" in w and "goes to Station One" in w for w in words_of(row.touched, "movement")
    )


def test_an_extra_stop_splits_the_leg_and_keeps_the_posts(issued):
    team = issued
    spine.cover_movements(actor=team.leader, post=team.wheel, movements=[team.drive])
    row = sent(team, Wish(stop=team.haven.pk, stop_after=8, stop_minutes=10))
    legs = list(operations.movements(team.leader, team.operation))
    assert [leg.title for leg in legs] == [
        "Hotel Invented to Station One",
        "Stop at Station One",
        "Station One to Invented Hall",
        "Speech",
    ]
    assert legs[2].ends - legs[2].starts == timedelta(minutes=12)
    covered = {cover.movement for cover in team.wheel.covers.all()}
    assert covered == set(legs[:3])
    assert team.wheel in {a.post for a in orders.acknowledgements(team.leader, row.order)}


def test_free_words_are_a_line_for_the_posts_on_the_leg(issued):
    row = sent(issued, Wish(words="Nobody speaks to the press at the door"))
    lines = [s.line for s in reading.lines_for(issued.officer, row.order)]
    assert [line.heading for line in lines] == ["tasks"]
    assert "Nobody speaks to the press" in lines[0].text


def test_words_of_the_leader_hold_and_are_no_later_difference(issued):
    team = issued
    shown = changes.preview(team.leader, team.drive, EARLY)
    key = next(k for k, line in shown.keyed() if line.heading == "timings")
    row = sent(team, edits={key: "Car on its mark at once. Depart when told."})
    lines = [s.line.text for s in reading.lines_for(team.driver, row.order)]
    assert "Car on its mark at once. Depart when told." in lines
    whole = [s.line.text for s in reading.lines_for(team.driver, team.order)]
    assert "Car on its mark at once. Depart when told." in whole
    with pytest.raises(Refused, match="Nothing in the order has changed"):
        services.draft_fragmentary_order(actor=team.leader, operation=team.operation)


def test_what_had_changed_before_waits_and_keeps_its_mark(issued):
    team = issued
    spine.change_movement(actor=team.leader, movement=team.speech, title="Long speech")
    row = sent(team)
    told = [s.line.text for s in reading.lines_for(team.leader, row.order)]
    assert not any("Long speech" in text for text in told)
    assert any("had changed before" in w for w in words_of(row.touched, "line"))
    open_ = StaleMark.objects.filter(kind="order_line", cleared_at=None)
    assert open_.exists() and all("Leg 2" in mark.reason for mark in open_)
    rest = services.draft_fragmentary_order(actor=team.leader, operation=team.operation)
    assert rest.number == 2
    assert any("Long speech" in s.line.text for s in reading.lines_for(team.leader, rest))


def test_its_own_marks_on_the_order_are_answered(issued):
    sent(issued)
    kinds = set(StaleMark.objects.filter(cleared_at=None).values_list("kind", flat=True))
    assert "order_line" not in kinds and "order" not in kinds


def test_an_unsigned_fragmentary_order_is_put_away_and_a_signed_one_is_not(issued):
    team = issued
    spine.change_movement(actor=team.leader, movement=team.speech, title="Long speech")
    waiting = services.draft_fragmentary_order(actor=team.leader, operation=team.operation)
    row = sent(team)
    assert any("FRAGO 1, drafted by Lena Leader" in w for w in words_of(row.touched, "line"))
    waiting.refresh_from_db()
    assert waiting.state == "closed"
    again = services.draft_fragmentary_order(actor=team.leader, operation=team.operation)
    services.approve_order(actor=team.leader, order=again)
    with pytest.raises(Conflict, match="signed fragmentary order waits"):
        sent(team, Wish(minutes=5))


def test_numbers_go_on(issued):
    numbers = [sent(issued, Wish(minutes=-5)).order.number for _ in range(3)]
    issued.drive.refresh_from_db()
    assert numbers == [1, 2, 3] and issued.drive.version == 4


def test_somebody_else_was_faster(issued):
    team = issued
    row = drafted(team)
    spine.change_movement(actor=team.operator, movement=team.drive, notes="x", title="Other")
    with pytest.raises(Conflict, match="Somebody changed the plan"):
        services.send_change(actor=team.leader, change=row)
    row.refresh_from_db()
    assert row.state == "draft" and Order.objects.count() == 1
    team.drive.refresh_from_db()
    assert "exit" not in team.drive.details
    fresh = drafted(team, change=row)
    assert services.send_change(actor=team.leader, change=fresh).state == "sent"


def test_a_sent_change_is_neither_sent_again_nor_dropped(issued):
    row = sent(issued)
    for deed in (services.send_change, services.drop_change):
        with pytest.raises(Refused, match="is sent"):
            deed(actor=issued.leader, change=row)


def test_a_draft_can_be_dropped(issued):
    row = services.drop_change(actor=issued.operator, change=drafted(issued))
    assert row.state == "dropped"
    assert Change.objects.get().state == "dropped"


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (Wish(), "Nothing changes yet"),
        (Wish(minutes=5, starts=now()), "Give either"),
        (Wish(minutes=9999), "at most a day"),
        (Wish(cancelled=True, minutes=5), "nothing else"),
        (Wish(stop=None, stop_minutes=5, stop_after=5), "It is so already"),
    ],
)
def test_what_cannot_be_is_refused(issued, wish, words):
    with pytest.raises(Refused, match=words):
        drafted(issued, wish)


def test_a_stop_is_inside_the_leg(issued):
    with pytest.raises(Refused, match="has arrived by then"):
        drafted(issued, Wish(stop=issued.haven.pk, stop_after=40, stop_minutes=5))
    with pytest.raises(Refused, match="Say when the stop"):
        drafted(issued, Wish(stop=issued.haven.pk))
    with pytest.raises(Refused, match="on a journey"):
        services.draft_change(
            actor=issued.leader,
            movement=issued.speech,
            wish=Wish(stop=issued.haven.pk, stop_after=5, stop_minutes=5),
        )


def test_without_an_order_in_force_there_is_nobody_to_tell(team):
    with pytest.raises(Refused, match="No order is in force"):
        drafted(team)


def test_a_place_of_another_team_is_not_there(issued):
    other = factories.place(factories.operation(factories.person()))
    with pytest.raises(Refused, match="no such place"):
        drafted(issued, Wish(destination=other.pk))


def test_who_may(issued):
    team = issued
    row = services.draft_change(actor=team.operator, movement=team.drive, wish=EARLY)
    with pytest.raises(Denied):
        services.send_change(actor=team.operator, change=row)
    for person in (team.officer, team.driver, team.analyst, team.client):
        with pytest.raises(Denied):
            services.draft_change(actor=person, movement=team.drive, wish=EARLY)
        with pytest.raises(NotFound):
            changes.change(person, row.pk)
    foreign = factories.person()
    factories.operation(foreign)
    with pytest.raises(NotFound):
        changes.change(foreign, row.pk)
    with pytest.raises(NotFound):
        services.send_change(actor=foreign, change=row)
    with pytest.raises(Refused, match="named person"):
        services.send_change(actor=SYSTEM, change=row)
    assert services.send_change(actor=team.leader, change=row).sent_by == team.leader


def test_the_log_says_what_was_sent(issued):
    sent(issued, reason="Crowd")
    events = [entry.body["event"] for entry in log.entries(issued.leader, issued.operation)]
    assert any("Change C1 sent as" in e and "south door" in e for e in events)


def test_unread_in_time_is_an_alert_until_it_is_read(issued):
    team = issued
    order = sent(team, minutes=5).order
    assert ask_for_unread() == 0
    assert ask_for_unread(now() + timedelta(minutes=6)) == 1
    alert = Alert.objects.get(source="order")
    assert alert.urgency == "now" and "not acknowledged by 5 posts" in alert.title
    for ack in orders.acknowledgements(team.leader, order).exclude(post=team.lead):
        services.acknowledge_order(actor=ack.post.holder, order=order, post=ack.post)
    alert.refresh_from_db()
    assert alert.state == "expired"
    assert ask_for_unread(now() + timedelta(minutes=6)) == 0


def test_the_next_journey_is_preselected(issued):
    assert changes.next_leg(issued.leader, issued.operation) == issued.drive
    spine.set_movement_state(actor=issued.leader, movement=issued.drive, state="cancelled")
    assert changes.next_leg(issued.leader, issued.operation) == issued.speech


def test_a_leg_that_is_over_does_not_change(issued):
    for state in ("under_way", "complete"):
        spine.set_movement_state(actor=issued.leader, movement=issued.drive, state=state)
    with pytest.raises(Refused, match="complete does not change"):
        drafted(issued)


def test_a_leg_under_way_changes_its_end(issued):
    spine.set_movement_state(actor=issued.leader, movement=issued.drive, state="under_way")
    row = sent(issued, replace(EARLY, minutes=None, exit="", entrance="loading bay"))
    assert "enters by loading bay" in row.order.summary


def test_what_the_posts_have_been_told_is_the_time_it_replaces(issued):
    team = issued
    told = team.drive.starts
    later = told + timedelta(minutes=10)
    spine.change_movement(actor=team.leader, movement=team.drive, starts=later, ends=None)
    row = sent(team, Wish(minutes=-20))
    zone = ZoneInfo("Europe/Helsinki")
    assert f"instead of {told.astimezone(zone):%H:%M} E" in row.summary
    assert not any("had changed before" in w for w in words_of(row.touched, "line"))
    open_ = StaleMark.objects.filter(kind="order_line", cleared_at=None)
    still = OrderLine.objects.filter(pk__in=open_.values("record"))
    assert not {line.heading for line in still} & {"programme", "timings"}
