"""Contractor packs: made by the planners, opened by a stranger, read, revoked."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from tests import factories
from tests.factories import signed_in

from varangian.config.commands import root
from varangian.kernel.clock import frozen, now
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.log.models import LogEntry
from varangian.operations import services as operations
from varangian.planning import services
from varangian.planning.jobs import expired_packs, tell_of_visit
from varangian.planning.models import Pack, PackDoor, PackVisit
from varangian.planning.queries import packs
from varangian.planning.services.packs import door_of, give_receipt, note_opened
from varangian.platform.access.scope import SYSTEM
from varangian.platform.audit.models import AuditEntry
from varangian.platform.crypto import keys
from varangian.platform.thread.queries import stale_by_record

from .test_order_faces import bearer

LINES = {"phone": "+358 40 111", "do": ["Park facing out"], "dont": ["No pictures"]}


@pytest.fixture
def team(team):
    """No place is called as the principal is."""
    team.principal.name = "Astrid Quillmark"
    team.principal.save()
    team.operation.principal = team.principal
    return team


@pytest.fixture
def packed(team):
    team.pack, team.secret = services.make_pack(
        actor=team.leader,
        operation=team.operation,
        recipient="Driver, car 2",
        movement=team.drive,
        post=team.lead,
        point=True,
        hours=4,
        **LINES,
    )
    return team


def page(secret, client=None):
    return (client or Client()).get(f"/pack/{secret}")


def told(team):
    rows = LogEntry.objects.filter(operation=team.operation, topic="packs").order_by("serial")
    return [row.body["event"] for row in rows]


def work_off():
    """What the worker would do with the visits so far."""
    for visit in PackVisit.objects.order_by("at"):
        tell_of_visit(visit=str(visit.pk))


def test_a_pack_takes_time_place_and_call_sign_from_leg_and_post(packed):
    content = packed.pack.content
    assert content["where"] == "Hotel Invented" and content["when"]
    assert content["call_sign"] == "ALFA" and content["meet"] == "Team leader"
    assert content["point"] == [60.167, 24.947] and content["principal"] == ""
    assert packed.pack.expires_at - now() < timedelta(hours=4)
    steward, _ = services.make_pack(
        actor=packed.leader,
        operation=packed.operation,
        recipient="Steward",
        kind="steward",
        movement=packed.drive,
        **LINES,
    )
    assert steward.content["where"] == "Invented Hall" and steward.serial == 2


def test_the_secret_is_long_random_and_kept_as_a_hash_only(packed):
    assert len(packed.secret) >= 32
    _, other = services.make_pack(
        actor=packed.leader, operation=packed.operation, recipient="Two", **LINES, where="Gate"
    )
    assert other != packed.secret
    assert packed.secret not in str(list(PackDoor.objects.values()))
    assert packed.secret not in str(list(AuditEntry.objects.values_list("changes", "purpose")))


def test_a_stranger_reads_only_the_chosen_lines(packed):
    answer = page(packed.secret)
    words = answer.content.decode()
    assert answer.status_code == 200
    for line in ("Hotel Invented", "ALFA", "+358 40 111", "Park facing out", "No pictures"):
        assert line in words
    for secret in ("Astrid", "HERON", "Helsinki on both days", "Invented Hall", "THUNDER"):
        assert secret not in words
    assert 'href="geo:60.167,24.947"' in words and 'href="tel:+35840111"' in words


def test_the_page_leaves_no_cookie_no_referrer_and_no_copy(packed):
    client = Client()
    for answer in (page(packed.secret, client), page("no-such-secret", client)):
        assert not answer.cookies and not client.cookies
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "/static/js/bare.js" not in page(packed.secret).content.decode()
    assert not AuditEntry.objects.filter(purpose__contains=packed.secret[:12]).exists()


def test_a_name_under_the_page_is_a_receipt(packed):
    client = Client(enforce_csrf_checks=True)
    page(packed.secret, client)
    answer = client.post(f"/pack/{packed.secret}", {"name": " Ilkka  Invented "})
    assert answer.status_code == 302 and answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Read by Ilkka Invented" in page(packed.secret, client).content.decode()
    row = packs.shown(packed.leader, [packed.pack])[0]
    assert row.state == "read" and [visit.name for visit in row.receipts] == ["Ilkka Invented"]
    assert row.opened and row.opened[0].at <= now()
    work_off()
    assert told(packed) == [
        "Pack 1 made for a driver, valid 4 h",
        "Pack 1 for a driver opened",
        "Pack 1 for a driver read by Ilkka Invented",
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        row.receipts[0].delete()


def test_a_receipt_needs_a_name_and_has_a_limit(packed):
    answer = Client().post(f"/pack/{packed.secret}", {"name": " "})
    assert answer.status_code == 200 and "Type your name" in answer.content.decode()
    for number in range(20):
        give_receipt(door=packed.pack.door, name=f"Steward {number}")
    with pytest.raises(Refused, match="too often"):
        give_receipt(door=packed.pack.door, name="One more")


def test_loading_anew_within_a_minute_is_one_opening(packed):
    for _ in range(3):
        note_opened(packed.pack.door)
    assert PackVisit.objects.filter(pack=packed.pack).count() == 1
    with frozen(now() + timedelta(minutes=2)):
        note_opened(packed.pack.door)
    assert PackVisit.objects.filter(pack=packed.pack).count() == 2


def test_revoked_expired_and_unknown_answer_alike(packed):
    unknown = page("A" * 32)
    with frozen(now() + timedelta(hours=5)):
        expired = page(packed.secret)
    services.revoke_pack(actor=packed.leader, pack=packed.pack)
    revoked = page(packed.secret)
    answers = {(one.status_code, one.content) for one in (unknown, expired, revoked)}
    assert len(answers) == 1 and unknown.status_code == 404
    assert Client().post(f"/pack/{packed.secret}", {"name": "Ilkka"}).status_code == 404
    assert not PackVisit.objects.exists()
    with pytest.raises(Refused, match="already"):
        services.revoke_pack(actor=packed.leader, pack=packed.pack)
    with pytest.raises(Refused, match="over"):
        services.renew_link(actor=packed.leader, pack=packed.pack)


def test_a_new_link_closes_the_one_before(packed):
    secret = services.renew_link(actor=packed.leader, pack=packed.pack)
    assert page(packed.secret).status_code == 404 and page(secret).status_code == 200


def test_guesses_are_slowed_and_the_right_link_still_opens(packed):
    for number in range(20):
        assert page(f"guess-{number}").status_code == 404
    assert page("guess-more").status_code == 429
    assert page(packed.secret).status_code == 200


def test_one_page_is_not_loaded_without_end(packed):
    codes = [page(packed.secret).status_code for _ in range(62)]
    assert codes[:60] == [200] * 60 and codes[-1] == 429


def test_the_clock_and_the_end_of_the_operation_close_pages(packed):
    with frozen(now() + timedelta(hours=5)):
        expired_packs(timestamp=0)
    assert not PackDoor.objects.exists()
    pack, secret = services.make_pack(
        actor=packed.leader, operation=packed.operation, recipient="B", where="Gate", **LINES
    )
    operations.set_operation_state(
        actor=packed.leader, operation=packed.operation, state="cancelled"
    )
    pack.refresh_from_db()
    assert pack.revoked_at and page(secret).status_code == 404


def test_no_link_leaves_an_exercise(team):
    team.operation.compartment.exercise = True
    with pytest.raises(Refused, match="exercise"):
        services.make_pack(
            actor=team.leader, operation=team.operation, recipient="Driver", where="Gate", **LINES
        )


def test_erasing_the_key_closes_the_page(packed):
    keys.destroy(packed.pack.key_id)
    assert door_of(packed.secret) is None


def test_what_is_refused(packed):
    give = {"actor": packed.leader, "operation": packed.operation, "recipient": "Driver"}
    with pytest.raises(Refused, match="names the principal"):
        services.make_pack(**give, phone="112", where="Wait for Astrid")
    with pytest.raises(Refused, match="1 to 72"):
        services.make_pack(**give, **LINES, hours=100)
    with pytest.raises(Refused, match="no point"):
        services.make_pack(**give, **LINES, point=True)
    with pytest.raises(Refused, match="no such kind"):
        services.make_pack(**give, **LINES, kind="spy")
    far = factories.operation()
    strange = factories.place(far)
    with pytest.raises(NotFound):
        services.make_pack(**give, **LINES, place=strange)
    named, secret = services.make_pack(
        **give, phone="112", where="Wait for Astrid", name_principal=True
    )
    assert named.content["principal"] == "Astrid Quillmark"
    assert "Astrid Quillmark" in page(secret).content.decode()


@pytest.mark.parametrize("name", ["officer", "driver", "client", "analyst"])
def test_only_planners_make_and_see_packs(packed, name):
    person = getattr(packed, name)
    with pytest.raises(Denied):
        services.make_pack(
            actor=person, operation=packed.operation, recipient="X", where="Y", **LINES
        )
    with pytest.raises((Denied, NotFound)):
        services.revoke_pack(actor=person, pack=packed.pack)
    assert not packs.packs(person).exists()
    assert signed_in(person).get(reverse("planning:pack", args=[packed.pack.pk])).status_code == 404
    listed = reverse("planning:packs", args=[packed.operation.slug])
    assert signed_in(person).get(listed).status_code == 403


def test_a_foreign_team_finds_no_pack(packed):
    stranger = factories.person()
    factories.operation(stranger)
    with pytest.raises(NotFound):
        packs.pack(stranger, packed.pack.pk)
    with pytest.raises(NotFound):
        services.revoke_pack(actor=stranger, pack=packed.pack)


def test_a_changed_leg_asks_the_leader_to_look_again(packed):
    operations.change_movement(
        actor=packed.leader,
        movement=packed.drive,
        starts=packed.drive.starts + timedelta(minutes=30),
        ends=packed.drive.ends + timedelta(minutes=30),
    )
    assert stale_by_record(packed.leader, "pack", [packed.pack.pk])[packed.pack.pk]


def test_the_leader_makes_and_revokes_on_screen(team):
    client = signed_in(team.leader)
    address = reverse("planning:packs", args=[team.operation.slug])
    assert "No contractor packs" in client.get(address).content.decode()
    given = {"recipient": "Steward", "kind": "steward", "hours": "3", "phone": "112"}
    made = client.post(address, {**given, "place": str(team.hall.pk), "do": "Open door B"})
    words = made.content.decode()
    assert "shown once" in words and "data:image/png;base64," in words
    pack = Pack.objects.get()
    assert "/pack/" not in client.get(reverse("planning:pack", args=[pack.pk])).content.decode()
    wrong = client.post(address, {**given, "hours": "900"}).content.decode()
    assert "less than or equal to 72" in wrong and Pack.objects.count() == 1
    again = client.post(reverse("planning:pack_deed", args=[pack.pk, "link"]))
    assert "shown once" in again.content.decode()
    client.post(reverse("planning:pack_deed", args=[pack.pk, "revoke"]))
    part = client.get(reverse("planning:packs_part", args=[team.operation.slug]))
    assert "revoked" in part.content.decode()
    assert "revoked" in client.get(reverse("planning:pack_seen", args=[pack.pk])).content.decode()


def test_packs_over_the_api(team, client):
    sent = bearer(team.leader, writes=True)
    where = f"/api/v1/operations/{team.operation.slug}/packs"
    body = {"recipient": "Driver", "movement": str(team.drive.pk), "phone": "112", "hours": 2}
    made = client.post(where, json.dumps(body), content_type="application/json", **sent)
    assert made.status_code == 201 and "/pack/" in made.json()["link"]
    secret = made.json()["link"].rsplit("/", 1)[1]
    assert page(secret).status_code == 200
    row = client.get(where, **sent).json()["items"][0]
    assert row["state"] == "opened" and "link" not in row
    pk = made.json()["id"]
    again = client.post(f"/api/v1/packs/{pk}/link", **sent).json()
    assert page(secret).status_code == 404
    assert client.post(f"/api/v1/packs/{pk}/revoke", **sent).json()["state"] == "revoked"
    assert page(again["link"].rsplit("/", 1)[1]).status_code == 404
    assert client.get(f"/api/v1/packs/{pk}", **bearer(team.driver)).status_code == 404


def test_packs_on_the_command_line(team, capsys, tmp_path):
    slug, picture = team.operation.slug, tmp_path / "link.svg"
    line = ["pack", "make", slug, "Driver", "--phone", "112", "--leg", str(team.drive.serial)]
    assert root([*line, "--post", "team leader", "--qr", str(picture), "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["lines"]["call_sign"] == "ALFA" and picture.read_text().startswith("<?xml")
    assert page(made["link"].rsplit("/", 1)[1]).status_code == 200
    assert root(["pack", "list", slug, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["state"] == "opened"
    assert root(["pack", "link", slug, "1", "--json"]) == 0
    assert "/pack/" in json.loads(capsys.readouterr().out)["link"]
    assert root(["pack", "revoke", slug, "1", "--json"]) == 0
    capsys.readouterr()
    assert root(["pack", "show", slug, "1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["state"] == "revoked"
    with pytest.raises(NotFound):
        root(["pack", "show", slug, "9"])
    with pytest.raises(NotFound):
        root([*line[:-1], "99"])
    assert packs.packs(SYSTEM).count() == 1
