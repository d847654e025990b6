"""Crowd plans: drafted from a venue, worded, signed, agreed, put in force, posted."""

from datetime import UTC, date, datetime, timedelta

import pytest
from tests import factories
from tests.unit.engines.crowdflow.plans import feature, get, hall, text

from varangian.crowds import services
from varangian.crowds.models import CrowdAgreement, CrowdPost
from varangian.crowds.queries import plans as queries
from varangian.crowds.queries import venues
from varangian.kernel.results import Conflict, Denied, NotFound, Refused
from varangian.log.models import LogEntry
from varangian.operations.models import Post
from varangian.planning.models import Shift
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.platform.storage.services import read

pytestmark = pytest.mark.django_db
DAY = datetime(2027, 6, 1, 18, tzinfo=UTC)
STOP = {"who": "Ines Stage", "reach": "channel 1", "deputies": ["Per Wing"],
        "words": "Show stop", "how": "By radio", "restart": "On her word"}  # fmt: skip
COPY = b"%PDF-1.7 signed"


@pytest.fixture
def leader():
    return factories.person("Lea Leader")


@pytest.fixture
def operation(leader):
    return factories.operation(leader, starts=DAY, ends=DAY + timedelta(hours=4))


def drawn():
    document = hall(people=600)
    document["features"] += [
        feature("car", "vehicle", "Point", [46, 6], name="Blue van"),
        feature("room", "safe_room", "Point", [38, 23], name="Green room"),
        feature("p1", "post", "Point", [20, 2], name="Front of stage"),
        feature("p2", "post", "Point", [10, -5], name="Foyer"),
        feature("lane", "screening", "Point", [9, -8]),
    ]
    return document


@pytest.fixture
def venue(leader, operation):
    made = services.new_plan(
        actor=leader, operation=operation, data=text(drawn()), file_name="hall.geojson"
    )
    return services.put_in_force(actor=leader, version=venues.newest(leader, made)).current.plan


@pytest.fixture
def plan(leader, operation, venue):
    return services.draft_plan(actor=leader, operation=operation, venue=venue)


def write(leader, plan, section, value, **more):
    return services.write_plan(actor=leader, plan=plan, section=section, value=value, **more)


def finished(leader, plan):
    write(leader, plan, "show_stop", STOP)
    medical = {**queries.plan(leader, plan.pk).content["medical"], "who_orders": "Ines Stage"}
    return write(leader, plan, "medical", medical)


def signed(leader, plan):
    return services.approve_plan(actor=leader, plan=finished(leader, plan))


def agreed(leader, plan):
    for side in CrowdAgreement.NEEDED:
        services.record_agreement(actor=leader, plan=plan, side=side, name="Olga Host")


def test_a_draft_knows_venue_figures_and_times(leader, plan):
    content = queries.content_of(plan)
    assert plan.version == 1 and plan.state == "draft" and plan.drawn.number == 1
    assert content.event.people == 600
    assert content.event.opens == DAY - timedelta(hours=2)
    assert [post.title for post in content.posts][:2] == ["Front of stage", "Foyer"]
    assert content.messages.fills["venue"] == "Test hall"


def test_the_last_runs_fill_the_matrix(leader, operation, venue):
    version = venues.version(leader, venue)
    for wish in ({"people": 300, "runs": 2}, {"people": 300, "runs": 2, "blocked": ["east"]}):
        services.run_later(services.ask_run(actor=leader, version=version, **wish))
    plan = services.draft_plan(actor=leader, operation=operation, venue=venue)
    matrix = queries.content_of(plan).matrix
    assert "95 in 100" in matrix["normal.egress.management"].facts[0].words
    assert "east shut" in matrix["emergency.egress.management"].facts[0].words


def test_one_draft_at_a_time_and_two_editors_see_each_other(leader, operation, venue, plan):
    with pytest.raises(Conflict, match="one already"):
        services.draft_plan(actor=leader, operation=operation, venue=venue)
    write(leader, plan, "show_stop", STOP, expected=1)
    with pytest.raises(Conflict, match="while you were writing"):
        write(leader, plan, "show_stop", STOP, expected=1)


def test_what_is_typed_over_a_figure_does_not_count(leader, plan):
    before = plan.content["matrix"]["normal.ingress.design"]["facts"]
    held = write(leader, plan, "matrix", {"normal.ingress.design": {"text": "Mine", "facts": []}})
    cell = held.content["matrix"]["normal.ingress.design"]
    assert cell == {"text": "Mine", "facts": before}
    assert held.content["matrix"]["normal.egress.design"]["text"]
    with pytest.raises(Refused, match="no cell"):
        write(leader, plan, "matrix", {"nowhere": {"text": "x"}})
    with pytest.raises(Refused, match="no part"):
        write(leader, plan, "nowhere", {})


def test_what_must_not_be_missing_bars_the_signature(leader, plan):
    with pytest.raises(Refused, match="authority to stop the show"):
        services.approve_plan(actor=leader, plan=plan)
    finished(leader, plan)
    write(leader, plan, "routes", {"egress": "Past the Green room"})
    with pytest.raises(Refused, match=r"routes\.egress names Green room"):
        services.approve_plan(actor=leader, plan=plan)


def test_a_named_leader_signs_and_nothing_changes_after(leader, operation, plan):
    finished(leader, plan)
    for person in (factories.member(operation, Role.ANALYST), SYSTEM):
        with pytest.raises((Denied, Refused)):
            services.approve_plan(actor=person, plan=plan)
    held = services.approve_plan(actor=leader, plan=plan)
    assert held.state == "approved" and held.approved_name == "Lea Leader"
    assert queries.fault(held) == ""
    with pytest.raises(Refused, match="not changed"):
        write(leader, held, "show_stop", STOP)
    held.content = {**held.content, "kit": [{"what": "Rope"}]}
    held.save()
    forged = queries.plan(leader, held.pk)
    assert "not the one that was signed" in queries.fault(forged)
    with pytest.raises(Refused, match="not the one"):
        services.put_plan_in_force(actor=leader, plan=forged, without="in a hurry")


def test_a_newer_drawing_must_be_looked_at_before_signing(leader, venue, plan):
    finished(leader, plan)
    wider = drawn()
    get(wider, "west")["properties"]["width_m"] = 3.0
    made = services.save_version(actor=leader, plan=venue, document=wider, base=1)
    services.put_in_force(actor=leader, version=made)
    held = queries.plan(leader, plan.pk)
    assert queries.newer(leader, held) == ["Version 2 of the venue is in force"]
    with pytest.raises(Refused, match="Version 2"):
        services.approve_plan(actor=leader, plan=held)
    fresh = services.refresh_plan(actor=leader, plan=held)
    assert fresh.drawn.number == 2 and queries.newer(leader, fresh) == []
    facts = queries.content_of(fresh).matrix["normal.egress.design"].facts
    assert "west (3.00 m)" in facts[0].words
    assert queries.content_of(fresh).show_stop.who == "Ines Stage"


def test_agreement_is_of_a_signed_version_with_its_copy(leader, plan):
    given = {"actor": leader, "side": "organiser", "name": "Olga Host"}
    with pytest.raises(Refused, match="draft"):
        services.record_agreement(plan=plan, **given)
    held = signed(leader, plan)
    for wrong, said in (
        ({"side": "nobody"}, "no side"),
        ({"name": " "}, "who agreed"),
        ({"agreed_on": date(2999, 1, 1)}, "not come"),
        ({"signed_copy": b"MZ"}, "no PDF"),
    ):
        with pytest.raises(Refused, match=said):
            services.record_agreement(plan=held, **{**given, **wrong})
    made = services.record_agreement(plan=held, **given, signed_copy=COPY, file_name="s.pdf")
    assert read(made.signed_copy) == COPY and made.signed_copy.media_type == "application/pdf"
    assert queries.lacking(leader, held) == ["Venue"]
    with pytest.raises(Exception, match="append"):
        CrowdAgreement.objects.filter(pk=made.pk).update(side="venue")


def test_in_force_needs_agreement_or_a_reason_and_supersedes(leader, operation, venue, plan):
    held = signed(leader, plan)
    with pytest.raises(Refused, match="organiser, venue"):
        services.put_plan_in_force(actor=leader, plan=held)
    agreed(leader, held)
    first = services.put_plan_in_force(actor=leader, plan=held, without="not needed")
    assert first.state == "in_force" and not first.without
    second = services.draft_plan(actor=leader, operation=operation, venue=venue)
    assert second.version == 2 and queries.content_of(second).show_stop.who == "Ines Stage"
    second = services.approve_plan(actor=leader, plan=second)
    second = services.put_plan_in_force(actor=leader, plan=second, without="Same hall, same host")
    assert second.without == "Same hall, same host"
    assert queries.plan(leader, first.pk).state == "superseded"
    assert queries.in_force(leader, operation, venue) == second
    services.stand_down_plan(actor=leader, plan=second)
    with pytest.raises(Refused, match="already"):
        services.stand_down_plan(actor=leader, plan=second)
    told = [e.body["event"] for e in LogEntry.objects.filter(topic="crowds")]
    assert "Crowd plan version 2 in force" in told


def test_the_posts_go_into_the_roster_once(leader, operation, plan):
    with pytest.raises(Refused, match="draft"):
        services.post_stewards(actor=leader, plan=plan)
    posts = plan.content["posts"]
    posts[0]["people"] = 2
    write(leader, plan, "posts", posts)
    held = signed(leader, plan)
    told = services.post_stewards(actor=leader, plan=held)
    assert told.made == ["Front of stage", "Foyer"] and told.shifts
    post = Post.objects.get(operation=operation, title="Front of stage")
    assert post.call_sign == "Crowd 1"
    shifts = Shift.objects.filter(post=post)
    assert {s.wanted for s in shifts} == {2}
    assert min(s.starts for s in shifts) == DAY - timedelta(hours=2)
    assert max(s.ends for s in shifts) == DAY + timedelta(hours=5)
    again = services.post_stewards(actor=leader, plan=held)
    assert again.made == [] and again.shifts == 0 and len(again.there) == 2
    assert CrowdPost.objects.count() == 2
    officer = factories.member(operation, Role.OFFICER)
    with pytest.raises(Denied):
        services.post_stewards(actor=officer, plan=held)


def test_who_need_not_know_finds_nothing(leader, operation, plan):
    stranger, officer = factories.person(), factories.member(operation, Role.OFFICER)
    assert not queries.plans(stranger).exists()
    with pytest.raises(NotFound):
        queries.plan(stranger, plan.pk)
    assert queries.plan(officer, plan.pk).content["show_stop"]["words"]


def test_a_venue_of_another_operation_is_refused(leader, venue):
    other = factories.operation(leader)
    with pytest.raises(Refused, match="another operation"):
        services.draft_plan(actor=leader, operation=other, venue=venue)
