"""A hub takes what a node sends once and in order; a node packs what is done there, and shows
nothing when it has left. The two speak over a real link in tests/chaos/test_edge.py."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from tests import factories

from varangian.kernel.clock import now
from varangian.kernel.ids import new_id
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.log import queries as log_queries
from varangian.log.services import write_entry
from varangian.operations import queries as operations
from varangian.operations.services import add_movement, set_status, start_duty
from varangian.platform.access.context import acting
from varangian.platform.access.models import Membership
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.platform.crypto import keys
from varangian.platform.crypto.models import SubjectKey
from varangian.principals.models import Principal
from varangian.protection.models import NodeAct, Outcome, Parcel, Press, Uplink, Via
from varangian.protection.queries import node_copy
from varangian.protection.queries import nodes as queries
from varangian.protection.services import duress, node_copying, nodes, outbox, parcels, uplinks
from varangian.tracking.models import Position
from varangian.tracking.services.devices import enrol

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    leader = factories.person("Lea Leader")
    operation = factories.operation(leader)
    officer = factories.member(operation, Role.OFFICER, factories.person("Otto Officer"))
    return leader, operation, officer


@pytest.fixture
def node(team):
    leader, operation, _ = team
    return nodes.enrol_node(actor=leader, operation=operation, label="Car 1")


def act(kind, person, number=1, key=None, at=None, **body):
    return {
        "key": str(key or new_id()),
        "number": number,
        "kind": kind,
        "at": (at or now()).isoformat(),
        "person": str(person.pk),
        "body": body,
    }


def send(token, *acts, path="acts", **more):
    body = json.dumps({"acts": list(acts), "sent_at": now().isoformat(), **more})
    return Client().post(
        f"/node/{path}", body, "application/json", headers={"Authorization": f"Bearer {token}"}
    )


def states(answer):
    assert answer.status_code == 200, answer.content
    return [(row["state"], row["again"]) for row in answer.json()["acts"]]


def test_a_token_is_shown_once_and_asks_for_the_right_to(team, node):
    _, operation, officer = team
    made, token = node
    with pytest.raises(Denied):
        nodes.enrol_node(actor=officer, operation=operation, label="Car 2")
    with pytest.raises(Refused):
        nodes.enrol_node(actor=made.made_by, operation=operation, label="Car 1")
    assert nodes.node_of(token) == made
    assert send("vn_guessed").status_code == 404
    nodes.revoke_node(actor=made.made_by, node=made)
    with pytest.raises(NotFound):
        nodes.node_of(token)


def test_acts_are_done_once_in_order_under_the_name_of_who_did_them(team, node):
    leader, operation, officer = team
    made, token = node
    rows = [
        act("duty_start", officer, 1, at=now() - timedelta(minutes=9)),
        act("status", officer, 2, at=now() - timedelta(minutes=6), status="moving"),
        act("log", officer, 3, at=now() - timedelta(minutes=3), text="At the gate"),
        act("entry", officer, 4, event="Gate is shut", from_="O1"),
    ]
    assert states(send(token, *rows, waiting=7)) == [("done", False)] * 4
    assert states(send(token, *rows)) == [("done", True)] * 4
    duty = operations.own_duty(officer)
    assert (duty.status, duty.operation_id) == ("moving", operation.pk)
    said = [e for e in log_queries.entries(leader, operation) if e.kind == "entry"]
    assert {e.body["event"] for e in said} == {"At the gate", "Gate is shut"}
    assert {e.author for e in said} == {"Otto Officer"}
    made.refresh_from_db()
    assert made.seen_at and NodeAct.objects.count() == 4


def test_a_press_comes_once_whichever_way_it_came(team, node):
    _, operation, officer = team
    _, token = node
    with acting(officer):
        duress.press(person=officer, heard=duress.Heard(key="slide-1", via=Via.SLIDE))
    same = act("press", officer, 1, key="", via="slide", subject=f"person:{officer.pk}")
    same["body"]["key"] = "slide-1"
    other = act("press", officer, 2, via="slide", subject=f"person:{officer.pk}")
    other["body"]["key"] = "slide-2"
    assert states(send(token, same, other)) == [("done", True), ("done", False)]
    assert Press.objects.count() == 2
    unknown = {**act("press", officer, 3, caption="Nobody"), "person": str(uuid4())}
    assert states(send(token, unknown)) == [("done", False)]
    assert Press.objects.filter(operation=operation, caption__contains="Car 1").count() == 1


def test_what_does_not_fit_is_a_conflict_that_a_person_settles(team, node):
    leader, operation, officer = team
    made, token = node
    stranger = factories.person("Sam Stranger")
    duty = start_duty(actor=officer, operation=operation, at=now() - timedelta(hours=1))
    set_status(actor=officer, duty=duty, status="rest")
    rows = [
        act("status", officer, 1, at=now() - timedelta(minutes=20), status="moving"),
        act("log", stranger, 2, text="I was never here"),
        act("ack", officer, 3, what="order"),
        act("log", officer, 4, text="This is well"),
    ]
    told = [state for state, _ in states(send(token, *rows))]
    assert told == ["overtaken", "refused", "refused", "done"]
    duty.refresh_from_db()
    assert duty.status == "rest"
    found = queries.conflicts(leader, operation)
    assert {row.outcome for row in found} == {Outcome.OVERTAKEN, Outcome.REFUSED}
    assert queries.nodes(leader, operation).get().conflicts == 3
    late = found.get(kind="status")
    assert "rest" in late.words
    page = factories.signed_in(leader).get(f"/operations/{operation.slug}/nodes/")
    assert "Here it has been rest" in page.content.decode()
    nodes.settle_conflict(actor=leader, act=late, words="Rest holds")
    assert queries.conflicts(leader, operation).count() == 2
    with pytest.raises(Refused):
        nodes.settle_conflict(actor=leader, act=late, words="Again")


def test_a_node_speaks_for_its_operation_alone(team, node):
    leader, _, officer = team
    _, token = node
    elsewhere = factories.operation(leader)
    factories.member(elsewhere, Role.OFFICER, officer)
    start_duty(actor=officer, operation=elsewhere)
    told = send(token, act("status", officer, 1, status="rest", operation=elsewhere.slug))
    assert states(told) == [("refused", False)]
    device, _ = enrol(actor=leader, operation=elsewhere, kind="tracker", label="Theirs")
    assert keep(token, device).json()["kept"] == 0
    assert not Position.objects.exists()


def keep(token, device, at=None, lat=60.17):
    at = (at or now() - timedelta(minutes=5)).isoformat()
    fix = {"device_id": str(device.pk), "at": at, "heard_at": at, "lat": lat, "lon": 24.95}
    return send(token, path="positions", fixes=[fix])


def test_positions_are_kept_once_and_sent_again_for_nothing(team, node):
    leader, operation, _ = team
    _, token = node
    device, _ = enrol(actor=leader, operation=operation, kind="tracker", label="Car")
    at = now() - timedelta(hours=2)
    assert [keep(token, device, at).json()["kept"] for _ in range(2)] == [1, 0]
    assert Position.objects.count() == 1
    assert not device.refusals.exists()


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b'{"acts": 3}', b'{"acts": [{}]}', b'{"acts": [{"key": "x"}]}', b"\xff"],
)
def test_what_cannot_be_read_is_refused_with_its_reason(node, body):
    head = {"Authorization": f"Bearer {node[1]}"}
    answer = Client().post("/node/acts", body, "application/json", headers=head)
    assert answer.status_code in (200, 422)
    assert answer.status_code == 200 or answer.json()["title"]


def test_the_clock_of_the_node_is_taken_off(team, node):
    _, _, officer = team
    made, token = node
    ahead = now() + timedelta(days=1)
    row = act("duty_start", officer, 1, at=ahead - timedelta(minutes=10))
    assert states(send(token, row, sent_at=ahead.isoformat())) == [("done", False)]
    started = operations.own_duty(officer).started_at
    assert timedelta(minutes=9) < now() - started < timedelta(minutes=11)
    made.refresh_from_db()
    assert 86_000 < made.ahead_s < 87_000


def test_a_copy_carries_what_is_needed_and_leaves_the_rest_at_home(team, node):
    leader, operation, officer = team
    made, token = node
    Principal.objects.filter(pk=operation.principal_id).update(review_due=None)
    who = operation.principal
    who.medical = {"blood_group": "0 negative"}
    who.save()
    add_movement(actor=leader, operation=operation, kind="road", title="To the quay")
    factories.operation(leader, title="Another day")
    answer = Client().get("/node/copy", headers={"Authorization": f"Bearer {token}"})
    text = answer.content.decode()
    assert "0 negative" in text and "To the quay" in text and officer.email in text
    for secret in ("Astrid Invented", "Invented client", "Another day", "password"):
        assert secret not in text
    found = answer.json()
    same = f"/node/copy?have={found['digest']}"
    again = Client().get(same, headers={"Authorization": f"Bearer {token}"})
    assert again.json() == {"same": True}


@pytest.fixture
def joined(team, node):
    """The hub and its node in one database: the copy is laid over what it was taken from."""
    made, token = node
    with acting(made.made_by):
        copy = json.loads(json.dumps(node_copy.copy_for(made), default=str))
    return uplinks.keep_uplink(actor=SYSTEM, url="https://hub.invalid", token=token, copy=copy)


def test_what_is_done_at_a_node_is_packed_once_and_in_order(team, joined):
    _, operation, officer = team
    key = new_id()
    begin = outbox.Act(key, "duty_start", now(), 1, "p" * 20, {"operation": operation.slug})
    outbox.receive(actor=officer, device="p" * 20, acts=[begin])
    outbox.receive(actor=officer, device="p" * 20, acts=[begin])
    set_status(actor=officer, duty=operations.own_duty(officer), status="moving")
    write_entry(actor=officer, operation=operation, event="Typed here")
    duress.press(person=officer, heard=duress.Heard(key="s", via=Via.SLIDE, lat=60.1, lon=24.9))
    assert parcels.pack_presses(joined) == 1 and parcels.pack_presses(joined) == 0
    rows = parcels.waiting(joined, 1, 10)
    assert [row.kind for row in rows] == ["duty_start", "status", "entry"]
    assert rows[0].act == key and rows[2].body["event"] == "Typed here"
    [call] = parcels.waiting(joined, 0, 10)
    assert (call.kind, call.body["lat"], call.body["key"]) == ("press", 60.1, "s")
    assert parcels.waiting_count(joined) == 4


def test_an_act_that_the_hub_cannot_take_holds_the_queue_for_a_while(team, joined):
    _, operation, officer = team
    for words in ("one", "two"):
        write_entry(actor=officer, operation=operation, event=words)
    first, second = parcels.waiting(joined, 1, 10)
    kept = [{"key": str(first.act), "state": "kept", "words": "later"}]
    assert not parcels.answered(joined, kept)
    assert parcels.waiting(joined, 1, 10)[0] == first
    for _ in range(parcels.MOST_TRIES - 1):
        parcels.answered(joined, kept)
    assert parcels.waiting(joined, 1, 10) == [second]
    assert parcels.answered(joined, [{"key": str(second.act), "state": "done", "words": "Taken"}])
    second.refresh_from_db()
    assert (second.state, second.body) == ("done", {})


def test_leaving_destroys_what_was_taken_along(team, joined):
    leader, operation, officer = team
    write_entry(actor=officer, operation=operation, event="Not sent yet")
    with pytest.raises(Refused):
        uplinks.leave(actor=SYSTEM, uplink=joined)
    operation.refresh_from_db()
    sealed_with = operation.key_id
    uplinks.leave(actor=SYSTEM, uplink=joined, force=True)
    assert not Membership.objects.filter(compartment=operation.compartment_id).exists()
    keys.forget_open_keys()
    assert keys.data_key(sealed_with) is None
    assert SubjectKey.objects.get(pk=joined.key_id).wrapped
    assert not Uplink.objects.filter(left_at=None).exists()
    leader.__dict__.pop("_reach", None)
    assert not operations.operations(leader).exists()


def test_what_the_hub_took_away_goes_and_a_fresh_copy_has_fresh_keys(team, node, joined):
    leader, operation, _ = team
    made, _ = node
    local = add_movement(actor=leader, operation=operation, kind="road", title="Made here")
    add_movement(actor=leader, operation=operation, kind="road", title="Of the hub")
    with acting(made.made_by):
        copy = json.loads(json.dumps(node_copy.copy_for(made), default=str))
    movements = copy["rows"]["operations.Movement"]
    copy["rows"]["operations.Movement"] = [m for m in movements if m["id"] != str(local.pk)]
    assert node_copying.renew(joined, copy)
    copy["rows"]["operations.Movement"] = []
    assert node_copying.renew(joined, copy)
    assert [m.title for m in operations.movements(leader, operation)] == ["Made here"]
    before = joined.operation.key_id
    node_copying.take_away(joined)
    assert node_copying.renew(joined, copy)
    operation.refresh_from_db()
    assert operation.key_id != before and operation.title == "Two days in Helsinki"


def test_a_copy_without_contact_expires(joined):
    assert uplinks.expire_copies() == 0
    Uplink.objects.update(contact_at=now() - node_copy.HOLDS - timedelta(minutes=1))
    assert uplinks.expire_copies() == 1 and uplinks.expire_copies() == 0


def test_the_copy_waits_until_the_hub_has_heard_everything(team, joined):
    _, operation, officer = team
    copy = {"form": 99}
    write_entry(actor=officer, operation=operation, event="Waiting")
    assert node_copying.renew(joined, copy) is False
    Parcel.objects.update(state=Parcel.State.SENT)
    with pytest.raises(Refused, match="another form"):
        node_copying.renew(joined, copy)


def test_a_silent_node_asks_for_a_person_and_falls_when_it_speaks(team, node):
    from varangian.alerts import queries as alerts

    leader, operation, _ = team
    made, token = node
    factories.may_start(leader, operation)
    type(operation).objects.filter(pk=operation.pk).update(state="active")
    send(token)
    assert nodes.watch_nodes() == 0
    type(made).objects.filter(pk=made.pk).update(seen_at=now() - timedelta(minutes=2))
    assert nodes.watch_nodes() == 1 and nodes.watch_nodes() == 0
    assert "Car 1" in alerts.alerts(leader).get(source="node").title
    send(token, waiting=3)
    assert not alerts.alerts(leader).filter(source="node", state="raised").exists()
    made.refresh_from_db()
    assert (made.silent_since, made.waiting) == (None, 3)
