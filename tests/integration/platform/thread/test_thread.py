"""The thread: ties, staleness to the right over several circles, and who may clear it."""

from datetime import timedelta
from itertools import pairwise

import pytest
from tests import factories

from varangian.kernel.clock import now
from varangian.kernel.ids import new_id
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.operations.services import add_movement, add_post
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.platform.thread import queries, registry, services
from varangian.platform.thread.models import Edge, StaleMark

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader():
    return factories.person("Lea Leader")


@pytest.fixture
def operation(leader):
    return factories.operation(leader, slug="helsinki")


def chain(operation, *nodes) -> None:
    for left, right in pairwise(nodes):
        services.tie(
            left=left, right=right, relation="needs", compartment_id=operation.compartment_id
        )


def nodes(count: int, kind: str = "movement") -> list[tuple]:
    return [(kind, new_id()) for _ in range(count)]


def marked(actor) -> set:
    return {(mark.kind, mark.record) for mark in queries.stale_marks(actor)}


def test_everything_to_the_right_is_marked_and_nothing_to_the_left(leader, operation):
    a, b, c, d = nodes(4)
    chain(operation, a, b, c, d)
    assert services.changed(node=b, reason="B changed") == 2
    assert marked(leader) == {c, d}


def test_a_ring_ends_and_marks_not_its_own_start(leader, operation):
    a, b, c = nodes(3)
    chain(operation, a, b, c, a)
    assert services.changed(node=a, reason="A changed") == 2
    assert marked(leader) == {b, c}


def test_a_place_that_matters_to_two_teams_marks_both_and_each_sees_its_own(leader, operation):
    other = factories.operation(factories.person())
    (place,), (mine, theirs) = nodes(1, "place"), nodes(2)
    chain(operation, place, mine)
    chain(other, place, theirs)
    assert services.changed(node=place, reason="Place hotel changed: position") == 2
    assert marked(leader) == {mine}
    assert marked(SYSTEM) == {mine, theirs}


def test_what_hangs_in_another_circle_is_not_reached_through_ours(leader, operation):
    other = factories.operation(factories.person())
    a, b, c = nodes(3)
    chain(operation, a, b)
    chain(other, b, c)
    assert services.changed(node=a, reason="A changed") == 1
    assert marked(SYSTEM) == {b}


def test_the_same_reason_marks_once_another_marks_again(leader, operation):
    a, b = nodes(2)
    chain(operation, a, b)
    assert services.changed(node=a, reason="starts") == 1
    assert services.changed(node=a, reason="starts") == 0
    assert services.changed(node=a, reason="ends") == 1
    assert queries.stale_by_record(leader, "movement", [b[1]]) == {b[1]: ["starts", "ends"]}
    assert queries.stale_count(queries.stale_marks(leader)) == 1


def test_ties_are_made_once(operation):
    a, b = nodes(2)
    for _ in range(2):
        chain(operation, a, b)
    place = operation.compartment_id
    services.tie_all(pairs=[(a, b), (b, a)], relation="needs", compartment_id=place)
    assert Edge.objects.filter(left_id=a[1], right_id=b[1]).count() == 1
    assert Edge.objects.filter(left_id=b[1]).count() == 1


def test_cutting_only_some_reasons(operation):
    (a, b), (place,) = nodes(2), nodes(1, "place")
    chain(operation, a, b)
    chain(operation, place, b)
    services.untie(right=b, left_kinds=("place",))
    assert {e.left_kind for e in Edge.objects.filter(right_id=b[1])} == {"movement"}
    services.untie(right=b)
    assert not Edge.objects.filter(right_id=b[1]).exists()


@pytest.fixture
def stale(operation):
    a, b = nodes(2)
    chain(operation, a, b)
    services.changed(node=a, reason="A changed")
    return b


def test_a_named_person_clears_with_a_note(leader, stale):
    kind, record = stale
    assert services.clear(actor=leader, kind=kind, record=record, note="Drove it again") == 1
    mark = StaleMark.objects.get(record=record)
    assert (mark.cleared_by, mark.note) == (leader, "Drove it again") and mark.cleared_at
    assert queries.stale_count(queries.stale_marks(leader)) == 0
    with pytest.raises(NotFound, match="Nothing here"):
        services.clear(actor=leader, kind=kind, record=record, note="Again")


def test_the_house_clears_nothing_by_itself(stale):
    kind, record = stale
    with pytest.raises(Refused, match="named person") as refused:
        services.clear(actor=SYSTEM, kind=kind, record=record, note="x")
    assert "--as" in refused.value.mend
    with pytest.raises(Refused, match="named person"):
        services.settle(actor=SYSTEM, kind=kind, records=[record], before=now(), note="x")
    assert StaleMark.objects.filter(record=record, cleared_at=None).exists()


@pytest.mark.parametrize("role", Role)
def test_who_clears(operation, stale, role):
    kind, record = stale
    member = factories.member(operation, role)
    if role in (Role.DETAIL_LEADER, Role.ANALYST, Role.OPERATOR):
        assert services.clear(actor=member, kind=kind, record=record, note="Looked") == 1
    else:
        with pytest.raises(Denied):
            services.clear(actor=member, kind=kind, record=record, note="Looked")


def test_strangers_are_told_that_there_is_nothing(stale):
    kind, record = stale
    with pytest.raises(NotFound):
        services.clear(actor=factories.person(), kind=kind, record=record, note="x")
    assert queries.stale_count(queries.stale_marks(factories.person())) == 0


def test_clearing_by_the_page(leader, stale):
    kind, record = stale
    client = factories.signed_in(leader)
    sent = {"kind": kind, "record": str(record), "note": ""}
    assert client.post("/thread/clear", sent).status_code == 422
    wrong = client.post("/thread/clear", {**sent, "note": "x", "record": "junk"})
    assert wrong.status_code == 422
    assert client.get("/thread/clear").status_code == 405
    done = client.post("/thread/clear", {**sent, "note": "Looked", "next": "//evil.example/"})
    assert done["Location"] == "/"
    assert queries.stale_count(queries.stale_marks(leader)) == 0
    stranger = factories.signed_in(factories.person())
    assert stranger.post("/thread/clear", {**sent, "note": "x"}).status_code == 404


def test_settling_leaves_what_came_after(leader, operation, stale):
    kind, record = stale
    at = now()
    StaleMark.objects.create(
        kind=kind,
        record=record,
        reason="later",
        since=at + timedelta(seconds=1),
        compartment_id=operation.compartment_id,
    )
    done = services.settle(actor=leader, kind=kind, records=[record], before=at, note="Answered")
    assert done == 1
    assert queries.stale_by_record(leader, kind, [record])[record] == ["later"]


def test_forgetting_ends_ties_and_marks(leader, stale):
    kind, record = stale
    services.forget(kind=kind, records=[record], note="Overtaken")
    assert queries.stale_count(queries.stale_marks(leader)) == 0
    assert not Edge.objects.filter(right_id=record).exists()


def test_neighbours_are_named_and_only_those_one_may_see(leader, operation):
    leg = add_movement(actor=leader, operation=operation, kind="road", title="To hall")
    post = add_post(actor=leader, operation=operation, title="PPO", role="ppo", edition="ppo")
    chain(operation, ("movement", leg.pk), ("post", post.pk))
    chain(operation, ("post", post.pk), ("unheard-of", new_id()))
    found = queries.neighbours(leader, "post", post.pk)
    assert [row["caption"] for row in found["left"]] == ["1. To hall"]
    assert found["right"] == []
    client = factories.member(operation, Role.CLIENT)
    assert queries.neighbours(client, "movement", leg.pk)["right"] == []
    assert queries.neighbours(factories.person(), "post", post.pk) == {"left": [], "right": []}


def test_every_registered_kind_can_be_named_and_read():
    assert len(registry.kinds()) > 8
    for name in registry.kinds():
        assert registry.records(SYSTEM, name, [new_id()]) == {}
        assert registry.kind(name).words
