"""The spine: states, refusals, conflicts, serials, need-to-know, and what every change sets off."""

from datetime import date, timedelta

import pytest
from tests import factories

from varangian.alerts import services as alerts
from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Denied, NotFound, Refused
from varangian.log import queries as log
from varangian.operations import queries, services
from varangian.operations.models import Movement, Operation, Post
from varangian.operations.services.movements import STATES as LEG_STATES
from varangian.operations.services.operations import STATES
from varangian.platform.access.models import Membership
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.platform.thread.queries import stale_by_record
from varangian.platform.thread.services import tie

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader():
    return factories.person("Lea Leader")


@pytest.fixture
def operation(leader):
    return factories.operation(leader, starts=now(), ends=now() + timedelta(days=2))


def leg(leader, operation, title="Airport to hotel", hours=1.0, **fields) -> Movement:
    starts = now() + timedelta(hours=hours)
    given = {"kind": "road", "starts": starts, "ends": starts + timedelta(minutes=40), **fields}
    return services.add_movement(actor=leader, operation=operation, title=title, **given)


def events(leader, operation) -> list[str]:
    return [row.body["event"] for row in log.entries(leader, operation)]


def dependent(operation, node) -> str:
    """A post of the operation that hangs on the node; returns its id."""
    post = Post.objects.create(
        compartment_id=operation.compartment_id, operation=operation, title="P", role="ppo"
    )
    tie(
        left=node,
        right=("post", post.pk),
        relation="needs",
        compartment_id=operation.compartment_id,
    )
    return post.pk


def reasons(actor, post) -> list[str]:
    return stale_by_record(actor, "post", [post]).get(post, [])


def test_whoever_opens_an_engagement_leads_it(leader):
    contract = services.open_engagement(actor=leader, slug="", title="Étude Nord & Co")
    assert contract.slug == "etude-nord-co"
    member = Membership.objects.get(compartment=contract.compartment)
    assert (member.user, member.role) == (leader, Role.DETAIL_LEADER)
    with pytest.raises(Refused, match="taken"):
        services.open_engagement(actor=factories.person(), slug="etude-nord-co", title="Other")
    with pytest.raises(Refused, match="ends before"):
        services.open_engagement(
            actor=leader, slug="b", title="B", starts=date(2026, 2, 2), ends=date(2026, 2, 1)
        )


@pytest.mark.parametrize("office", ["is_administrator", "is_auditor"])
def test_those_who_run_or_audit_the_house_run_no_engagement(office):
    with pytest.raises(Denied):
        services.open_engagement(actor=factories.person(**{office: True}), slug="", title="Mine")


def test_an_engagement_closes_after_its_operations(leader, operation):
    contract = operation.engagement
    with pytest.raises(Refused, match="1 of its operations"):
        services.close_engagement(actor=leader, engagement=contract)
    services.set_operation_state(actor=leader, operation=operation, state="cancelled")
    services.close_engagement(actor=leader, engagement=contract)
    contract.refresh_from_db()
    assert contract.state == "closed"
    with pytest.raises(Refused, match="closed already"):
        services.close_engagement(actor=leader, engagement=contract)
    with pytest.raises(Refused, match="The engagement is closed"):
        factories.operation(leader, engagement=contract, principal=operation.principal)
    with pytest.raises(Refused, match="named person"):
        services.close_engagement(actor=SYSTEM, engagement=contract)
    analyst = factories.member(contract, Role.ANALYST)
    with pytest.raises(Denied):
        services.close_engagement(actor=analyst, engagement=contract)


def test_members_of_the_engagement_come_along(leader):
    contract = factories.engagement(leader)
    analyst = factories.member(contract, Role.ANALYST)
    who = factories.principal(contract)
    opened = factories.operation(leader, engagement=contract, principal=who)
    assert queries.operation(analyst, opened.slug) == opened
    assert queries.operation(leader, opened.slug).key_id == who.key_id


def test_who_opens_operations(leader):
    contract = factories.engagement(leader)
    who = factories.principal(contract)
    given = {"engagement": contract, "principal": who, "title": "Day"}
    for role in (Role.OFFICER, Role.DRIVER):
        with pytest.raises(Denied):
            services.open_operation(actor=factories.member(contract, role), **given)
    with pytest.raises(NotFound):
        services.open_operation(actor=factories.person(), **given)
    for role in (Role.CLIENT, Role.ANALYST, Role.OPERATOR):
        opened = services.open_operation(actor=factories.member(contract, role), **given)
        assert opened.state == "draft"


def test_short_names_of_operations_stay_unlike(leader):
    contract = factories.engagement(leader)
    who = factories.principal(contract)
    slugs = {
        factories.operation(leader, engagement=contract, principal=who, title="Day").slug
        for _ in range(3)
    }
    assert slugs == {"day", "day-2", "day-3"}
    long = factories.operation(leader, engagement=contract, principal=who, title="x" * 90)
    twin = factories.operation(leader, engagement=contract, principal=who, title="x" * 90)
    assert long.slug != twin.slug and len(twin.slug) <= 50


@pytest.mark.parametrize("before", STATES)
@pytest.mark.parametrize("after", STATES)
def test_states_of_an_operation(leader, operation, before, after):
    Operation.objects.filter(pk=operation.pk).update(state=before)
    operation.refresh_from_db()
    factories.may_start(leader, operation)
    if after in STATES[before]:
        services.set_operation_state(actor=leader, operation=operation, state=after)
        assert events(leader, operation)[0].startswith(f"Operation {operation.slug} is")
    else:
        with pytest.raises(Refused, match="cannot become") as refused:
            services.set_operation_state(actor=leader, operation=operation, state=after)
        assert refused.value.mend.startswith("Possible now")
    operation.refresh_from_db()
    assert operation.state == (after if after in STATES[before] else before)


def test_a_state_that_is_none(leader, operation):
    for state in ("", "won", "draft; drop"):
        with pytest.raises(Refused, match="cannot become"):
            services.set_operation_state(actor=leader, operation=operation, state=state)


def test_changing_an_operation_is_logged_and_marks_what_depends(leader, operation):
    post = dependent(operation, ("operation", operation.pk))
    services.change_operation(actor=leader, operation=operation, intent="Protect HERON")
    assert events(leader, operation)[0].endswith("changed: intent")
    assert reasons(leader, post) == ["The operation changed: intent"]
    count = len(events(leader, operation))
    services.change_operation(actor=leader, operation=operation, intent="Protect HERON")
    assert len(events(leader, operation)) == count
    operation.refresh_from_db()
    assert operation.intent == "Protect HERON"


def test_what_cannot_be_changed(leader, operation):
    with pytest.raises(Refused, match="cannot be changed") as refused:
        services.change_operation(actor=leader, operation=operation, slug="x", title="Y")
    assert refused.value.where == "slug"
    with pytest.raises(Refused, match="ends before"):
        early = operation.starts - timedelta(days=1)
        services.change_operation(actor=leader, operation=operation, ends=early)
    operation.refresh_from_db()
    assert (operation.title, operation.ends > operation.starts) == ("Two days in Helsinki", True)


def test_the_analyst_sets_the_threat_level_and_nothing_else(operation):
    analyst = factories.member(operation, Role.ANALYST)
    services.change_operation(actor=analyst, operation=operation, threat_level="high")
    operation.refresh_from_db()
    assert operation.threat_level == "high"
    with pytest.raises(Denied):
        services.change_operation(actor=analyst, operation=operation, threat_level="low", title="x")
    with pytest.raises(Denied):
        services.change_operation(actor=analyst, operation=operation, title="x")


def test_serials_follow_the_clock(leader, operation):
    late = leg(leader, operation, "Late", hours=5)
    early = leg(leader, operation, "Early", hours=1)
    unknown = leg(leader, operation, "Unknown", starts=None, ends=None)
    middle = leg(leader, operation, "Middle", hours=3)
    titles = [m.title for m in queries.movements(leader, operation)]
    assert titles == ["Early", "Middle", "Late", "Unknown"]
    assert (early.serial, middle.serial) == (1, 2)
    moved = services.change_movement(
        actor=leader, movement=early, starts=now() + timedelta(hours=9), ends=None
    )
    assert moved.serial == 3
    rows = {m.title: m.serial for m in queries.movements(leader, operation)}
    assert rows == {"Middle": 1, "Late": 2, "Early": 3, "Unknown": 4}
    services.remove_movement(actor=leader, movement=middle)
    rows = {m.pk: m.serial for m in queries.movements(leader, operation)}
    assert rows == {late.pk: 1, early.pk: 2, unknown.pk: 3}


def test_a_leg_that_ends_before_it_starts(leader, operation):
    with pytest.raises(Refused, match="ends before"):
        leg(leader, operation, ends=now())
    good = leg(leader, operation)
    with pytest.raises(Refused, match="ends before"):
        services.change_movement(actor=leader, movement=good, ends=now())
    good.refresh_from_db()
    assert good.version == 1


def test_two_people_change_one_leg(leader, operation):
    first = leg(leader, operation)
    shown = first.version
    services.change_movement(
        actor=leader, movement=first, expected_version=shown, title="Airport to residence"
    )
    with pytest.raises(Conflict, match="Somebody changed") as conflict:
        services.change_movement(
            actor=leader, movement=first, expected_version=shown, title="Airport to office"
        )
    assert conflict.value.status == 409 and conflict.value.mend
    first.refresh_from_db()
    assert (first.title, first.version) == ("Airport to residence", shown + 1)


def test_a_change_that_changes_nothing(leader, operation):
    first = leg(leader, operation)
    before = events(leader, operation)
    same = services.change_movement(actor=leader, movement=first, title=first.title)
    assert same.version == 1 and events(leader, operation) == before


def test_a_changed_leg_is_logged_in_words_and_marks_what_depends(leader, operation):
    first = leg(leader, operation, zone="Europe/Helsinki")
    post = dependent(operation, ("movement", first.pk))
    later = first.starts + timedelta(minutes=30)
    services.change_movement(
        actor=leader, movement=first, starts=later, ends=None, title="To the Invented Grand"
    )
    (said, *_) = events(leader, operation)
    assert "title Airport to hotel to To the Invented Grand" in said and "EET" in said
    (reason,) = reasons(leader, post)
    assert "starts" in reason and "ends" in reason and "unknown" in reason
    assert "Invented" not in reason, "reasons are not sealed"


def test_fields_of_a_leg_that_cannot_be_changed(leader, operation):
    first = leg(leader, operation)
    with pytest.raises(Refused, match="cannot be changed") as refused:
        services.change_movement(actor=leader, movement=first, state="complete", serial=9)
    assert refused.value.where == "serial, state"


def test_one_end_on_the_map(leader, operation):
    from varangian.places.services import add_place

    first = leg(leader, operation)
    hall = add_place(
        actor=SYSTEM,
        compartment_id=operation.engagement.compartment_id,
        key_id=operation.engagement.key_id,
        name="Hall",
    )
    placed = services.place_movement(actor=leader, movement=first, end="destination", place=hall)
    assert placed.destination == hall
    with pytest.raises(Refused, match="origin and a destination"):
        services.place_movement(actor=leader, movement=first, end="middle", place=hall)


@pytest.mark.parametrize("before", LEG_STATES)
@pytest.mark.parametrize("after", LEG_STATES)
def test_states_of_a_leg(leader, operation, before, after):
    first = leg(leader, operation)
    Movement.objects.filter(pk=first.pk).update(state=before)
    first.refresh_from_db()
    if after in LEG_STATES[before]:
        services.set_movement_state(actor=leader, movement=first, state=after)
        assert first.get_state_display().lower() in events(leader, operation)[0]
    else:
        with pytest.raises(Refused, match="cannot become"):
            services.set_movement_state(actor=leader, movement=first, state=after)
    first.refresh_from_db()
    assert first.state == (after if after in LEG_STATES[before] else before)


def test_a_page_left_open_does_not_undo_what_happened_since(leader, operation):
    first = leg(leader, operation)
    old = Movement.objects.get(pk=first.pk)
    for state in ("under_way", "complete"):
        services.set_movement_state(actor=leader, movement=first, state=state)
    with pytest.raises(Refused, match="cannot become"):
        services.set_movement_state(actor=leader, movement=old, state="cancelled")
    first.refresh_from_db()
    assert first.state == "complete"


def test_cancelled_and_diverted_legs_mark_what_depends(leader, operation):
    first = leg(leader, operation)
    post = dependent(operation, ("movement", first.pk))
    services.set_movement_state(actor=leader, movement=first, state="confirmed")
    assert reasons(leader, post) == []
    services.set_movement_state(actor=leader, movement=first, state="cancelled")
    assert reasons(leader, post) == ["Leg 1 is cancelled"]


def test_a_leg_that_began_stays_on_record(leader, operation):
    first = leg(leader, operation)
    services.set_movement_state(actor=leader, movement=first, state="under_way")
    with pytest.raises(Refused, match="begun"):
        services.remove_movement(actor=leader, movement=first)
    assert Movement.objects.filter(pk=first.pk).exists()


def test_removing_a_leg_marks_logs_and_ends_its_alerts(leader, operation):
    first = leg(leader, operation)
    post = dependent(operation, ("movement", first.pk))
    asked = alerts.raise_alert(
        operation=operation, title="Storm", source="signal", dedupe="s", movement=first
    )
    services.remove_movement(actor=leader, movement=first)
    assert reasons(leader, post) == ["Leg 1 removed"]
    assert any(line.startswith("Leg removed:") for line in events(leader, operation))
    assert not type(asked).objects.filter(pk=asked.pk, state__in=asked.OPEN).exists()


def test_posts_are_numbered_held_and_logged(leader, operation):
    officer = factories.member(operation, Role.OFFICER)
    given = {"actor": leader, "operation": operation, "edition": "ppo", "role": "ppo"}
    empty = services.add_post(title="PPO", **given)
    held = services.add_post(title="Escort", holder=officer, call_sign="BRAVO", **given)
    assert (empty.serial, held.serial, empty.holder) == (1, 2, None)
    assert held.holder == officer and held.held_since
    assert events(leader, operation)[0] == f"Escort is held by {officer}"
    assert [p.title for p in queries.posts_held(officer, operation)] == ["Escort"]


def test_only_members_hold_posts(leader, operation):
    post = services.add_post(
        actor=leader, operation=operation, title="PPO", role="ppo", edition="ppo"
    )
    with pytest.raises(Refused, match="not a member") as refused:
        services.assign_post(actor=leader, post=post, holder=factories.person())
    assert "Add the person" in refused.value.mend


def test_handing_a_post_over(leader, operation):
    one, two = (factories.member(operation, Role.OFFICER) for _ in range(2))
    given = {"actor": leader, "operation": operation, "edition": "ppo", "role": "ppo"}
    post = services.add_post(title="PPO", holder=one, **given)
    hanging = dependent(operation, ("post", post.pk))
    since, said = post.held_since, events(leader, operation)
    services.assign_post(actor=leader, post=post, holder=one)
    post.refresh_from_db()
    assert post.held_since == since, "the same holder is no hand-over"
    assert events(leader, operation) == said and reasons(leader, hanging) == []
    services.assign_post(actor=leader, post=post, holder=two)
    assert reasons(leader, hanging) == [f"Post: PPO is held by {two}"]
    services.assign_post(actor=leader, post=post, holder=None)
    assert (post.holder, post.held_since) == (None, None)


def test_posts_cover_named_legs_or_all(leader, operation):
    first, second = leg(leader, operation, hours=1), leg(leader, operation, hours=3)
    post = services.add_post(
        actor=leader, operation=operation, title="PPO", role="ppo", edition="ppo"
    )
    assert [p.pk for p in queries.posts_on(leader, first)] == [post.pk]
    services.cover_movements(actor=leader, post=post, movements=[second])
    assert queries.posts_on(leader, first) == []
    assert [p.pk for p in queries.posts_on(leader, second)] == [post.pk]
    other = factories.operation(leader)
    with pytest.raises(Refused, match="own operation"):
        services.cover_movements(actor=leader, post=post, movements=[leg(leader, other)])
    services.cover_movements(actor=leader, post=post, movements=[])
    assert queries.posts_on(leader, first) == [post]


def test_removing_a_post(leader, operation):
    post = services.add_post(
        actor=leader, operation=operation, title="PPO", role="ppo", edition="ppo"
    )
    hanging = dependent(operation, ("post", post.pk))
    services.remove_post(actor=leader, post=post)
    assert events(leader, operation)[0] == "Post removed: PPO"
    assert reasons(leader, hanging) == ["Post removed: PPO"]


def writes(operation, first, post):
    return {
        "change operation": lambda a: services.change_operation(
            actor=a, operation=operation, title="x"
        ),
        "operation state": lambda a: services.set_operation_state(
            actor=a, operation=operation, state="planned"
        ),
        "add leg": lambda a: leg(a, operation),
        "change leg": lambda a: services.change_movement(actor=a, movement=first, title="x"),
        "leg state": lambda a: services.set_movement_state(
            actor=a, movement=first, state="confirmed"
        ),
        "remove leg": lambda a: services.remove_movement(actor=a, movement=first),
        "add post": lambda a: services.add_post(
            actor=a, operation=operation, title="x", role="ppo", edition="ppo"
        ),
        "assign": lambda a: services.assign_post(actor=a, post=post, holder=None),
        "cover": lambda a: services.cover_movements(actor=a, post=post, movements=[first]),
        "remove post": lambda a: services.remove_post(actor=a, post=post),
    }


@pytest.mark.parametrize("role", [Role.OFFICER, Role.DRIVER, Role.CLIENT, Role.ANALYST])
def test_roles_that_do_not_plan_are_denied_every_write(leader, operation, role):
    first = leg(leader, operation)
    post = services.add_post(
        actor=leader, operation=operation, title="PPO", role="ppo", edition="ppo"
    )
    member = factories.member(operation, role)
    said = events(leader, operation)
    for name, write in writes(operation, first, post).items():
        with pytest.raises(Denied):
            write(member)
            pytest.fail(name)
    assert events(leader, operation) == said


def test_a_foreign_team_finds_nothing(leader, operation):
    first = leg(leader, operation)
    post = services.add_post(
        actor=leader, operation=operation, title="PPO", role="ppo", edition="ppo"
    )
    stranger = factories.person()
    factories.operation(stranger)
    for name, write in writes(operation, first, post).items():
        with pytest.raises(NotFound):
            write(stranger)
            pytest.fail(name)
    for read in (
        lambda: queries.operation(stranger, operation.slug),
        lambda: queries.engagement(stranger, operation.engagement.slug),
        lambda: queries.movement(stranger, first.pk),
        lambda: queries.post(stranger, post.pk),
    ):
        with pytest.raises(NotFound):
            read()
    assert operation not in queries.operations(stranger)
    assert not queries.movements(stranger, operation) and not queries.posts(stranger, operation)
    for office in ("is_administrator", "is_auditor"):
        assert not queries.operations(factories.person(**{office: True}))


def test_a_closed_operation_takes_no_more_legs(leader, operation):
    first = leg(leader, operation)
    factories.may_start(leader, operation)
    for state in ("planned", "active", "closed"):
        services.set_operation_state(actor=leader, operation=operation, state=state)
    with pytest.raises(Refused, match="closed"):
        leg(leader, operation)
    with pytest.raises(Refused, match="closed"):
        services.change_movement(actor=leader, movement=first, title="Rewritten")
    with pytest.raises(Refused, match="closed"):
        services.remove_movement(actor=leader, movement=first)
