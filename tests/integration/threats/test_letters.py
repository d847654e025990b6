"""Triage, entries by hand and writers: by a named person, as further entries, and undone again."""

import hashlib
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import factories, letters

from varangian.config.commands import root
from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Denied, Refused
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.platform.audit.models import AuditEntry
from varangian.platform.ui import console
from varangian.threats.models import Communication, Triage, Writer
from varangian.threats.queries import communications as queries
from varangian.threats.services import communications as services

pytestmark = pytest.mark.django_db
NAMES = ("anna", "bert", "cara")


@pytest.fixture
def leader(db):
    return factories.person("Lea Letters")


@pytest.fixture
def principal(leader):
    return factories.principal(factories.engagement(leader))


@pytest.fixture
def brought(leader, principal, tmp_path):
    """Nine mails of three writers; Anna and Bert sign with the same number."""
    mails = []
    for number in range(9):
        name = NAMES[number % 3]
        number_of = "\n\nCall me: +44 20 7946 0958" if name != "cara" else ""
        words = f"I will come to the concert, number {number}. I want to meet you.{number_of}"
        mails.append(
            letters.plain(
                words, sender=f"{name.title()} <{name}@post.example>", identity=f"<{number}@p.ex>"
            )
        )
    path = tmp_path / "in.mbox"
    path.write_bytes(letters.mbox(*mails))
    batch = services.ask_import(actor=leader, principal=principal, path=path)
    return services.import_later(batch)


def first(leader, principal):
    return queries.communication_numbered(leader, principal, 1)


def test_each_look_is_a_further_entry(leader, principal, brought):
    row = first(leader, principal)
    given = {"tone": "angry", "requests": ["meet", "help"], "approach": "yes"}
    services.triage(actor=leader, communication=row, answers=given, words="reads as a plan")
    services.triage(actor=leader, communication=row, answers={"tone": "pleading"})
    row.refresh_from_db()
    assert row.triaged_by == leader
    newest, older = queries.triages(leader, row)
    assert newest.answers == {"tone": "pleading"}
    assert older.answers == {"tone": "angry", "requests": ["meet", "help"], "approach": "yes"}
    assert queries.waiting(leader, principal).count() == 8


def test_triage_refuses_what_is_no_answer_and_who_has_no_name(leader, principal, brought):
    row = first(leader, principal)
    for answers in ({"tone": "loud"}, {"mood": "angry"}, {"tone": ["angry", "friendly"]}, {}):
        with pytest.raises(Refused):
            services.triage(actor=leader, communication=row, answers=answers)
    with pytest.raises(Refused, match="named person"):
        services.triage(actor=SYSTEM, communication=row, answers={"tone": "angry"})
    operator = factories.member(principal, Role.OPERATOR)
    with pytest.raises(Denied):
        services.triage(actor=operator, communication=row, answers={"tone": "angry"})
    assert not Triage.objects.exists()


def test_a_call_is_entered_by_the_desk(leader, principal):
    operator = factories.member(principal, Role.OPERATOR)
    row = services.record_communication(
        actor=operator, principal=principal, channel="call", at=now(), about=True,
        text="A man said: I will come to your house tonight.", writer_name="Unknown man",
        writer_address="+44 20 7946 0000",
    )  # fmt: skip
    assert (row.label, row.doubt) == ("C1", "about")
    assert row.writer is not None
    assert row.writer.address == "+44 20 7946 0000"
    officer = factories.member(principal, Role.OFFICER)
    with pytest.raises(Denied):
        services.record_communication(
            actor=officer, principal=principal, channel="visit", text="At the gate."
        )


def test_a_scan_is_kept_once_with_its_hash(leader, principal):
    data = factories.picture()
    given = {"actor": leader, "principal": principal, "channel": "letter", "scan": data}
    row = services.record_communication(**given, scan_name="letter.png", text="Dear H., I wait.")
    assert row.sha256 == hashlib.sha256(data).hexdigest()
    kept, name = services.give_original(
        actor=leader, communication=row, purpose="compare the handwriting"
    )
    assert (kept, name) == (data, "letter.png")
    with pytest.raises(Conflict, match="C1"):
        services.record_communication(**given)
    with pytest.raises(Refused, match="no scan"):
        services.record_communication(**{**given, "scan": b"MZ" + bytes(400)})
    answer = factories.signed_in(leader).get(f"/threats/letters/{row.pk}/scan/")
    assert answer["Content-Type"] == "image/jpeg"


def test_nothing_is_said_of_nothing(leader, principal):
    with pytest.raises(Refused, match="what reached"):
        services.record_communication(actor=leader, principal=principal, channel="gift")


def writers(leader, principal):
    rows = {row.address.partition("@")[0]: row for row in queries.writers(leader, principal)}
    return [rows[name] for name in NAMES]


def test_what_two_addresses_share_is_proposed_and_a_person_decides(leader, principal, brought):
    anna, bert, cara = writers(leader, principal)
    proposed = queries.proposals(leader, [anna])
    assert bert.pk in {one.other.pk for one in proposed}
    shared = next(one.shared for one in proposed if one.other.pk == bert.pk)
    assert any(reason == "telephone" for reason, _ in shared)
    tied = services.tie_writers(actor=leader, one=bert, other=anna, joined=True, words="same hand")
    anna, bert, cara = writers(leader, principal)
    assert anna.group == bert.group == anna.pk != cara.group
    assert len(queries.contacts(leader, queries.group_of(leader, bert))) == 6
    assert all(one.other.pk != bert.pk for one in queries.proposals(leader, [anna, bert]))
    services.untie_writers(actor=leader, tie=tied)
    anna, bert, _ = writers(leader, principal)
    assert (anna.group, bert.group) == (anna.pk, bert.pk)
    with pytest.raises(Conflict):
        services.untie_writers(actor=leader, tie=queries.tie(leader, tied.pk))


def test_a_denial_is_remembered(leader, principal, brought):
    anna, bert, _ = writers(leader, principal)
    services.tie_writers(actor=leader, one=anna, other=bert, joined=False, words="two brothers")
    assert all(one.other.pk != bert.pk for one in queries.proposals(leader, [anna]))
    with pytest.raises(Conflict):
        services.tie_writers(actor=leader, one=bert, other=anna, joined=False, words="again")


def test_three_joined_fall_apart_where_the_middle_is_undone(leader, principal, brought):
    anna, bert, cara = writers(leader, principal)
    services.tie_writers(actor=leader, one=bert, other=cara, joined=True, words="said so")
    said = services.tie_writers(actor=leader, one=anna, other=bert, joined=True, words="same pen")
    assert Writer.objects.filter(group=anna.pk).count() == 3
    services.untie_writers(actor=leader, tie=said)
    anna, bert, cara = writers(leader, principal)
    assert anna.group == anna.pk
    assert bert.group == cara.group != anna.pk


def test_writers_of_two_principals_are_never_tied(leader, principal, brought):
    other = factories.principal(factories.engagement(leader))
    services.record_communication(
        actor=leader, principal=other, channel="call", text="Hello", writer_name="Anna"
    )
    with pytest.raises(Refused, match="two principals"):
        services.tie_writers(
            actor=leader, one=writers(leader, principal)[0],
            other=queries.writers(leader, other).get(), joined=True, words="same name",
        )  # fmt: skip


def test_the_record_of_a_writer_shows_signals_with_evidence_and_no_number(
    leader, principal, brought
):
    anna = writers(leader, principal)[0]
    words = factories.signed_in(leader).get(f"/threats/letters/writers/{anna.pk}/").content.decode()
    for part in ("Asks to meet", "Several channels", "Travel", "Dietz", "nothing is added up"):
        assert part in words
    assert "C1" in words
    assert AuditEntry.objects.filter(kind="read", record=str(anna.pk)).exists()


def pages(principal, row, batch, writer):
    slug = principal.slug
    return [
        "/threats/letters/",
        f"/threats/letters/of/{slug}/",
        f"/threats/letters/of/{slug}/?channel=mail&triaged=no&sign=asks-to-meet&doubt=",
        f"/threats/letters/of/{slug}/?writer={writer.pk}&part=1",
        f"/threats/letters/of/{slug}/new/",
        f"/threats/letters/of/{slug}/imports/",
        f"/threats/letters/of/{slug}/writers/",
        f"/threats/letters/imports/{batch.pk}/?kind=odd",
        f"/threats/letters/imports/{batch.pk}/state/",
        f"/threats/letters/{row.pk}/",
        f"/threats/letters/{row.pk}/triage/",
        f"/threats/letters/writers/{writer.pk}/",
        f"/principals/{slug}/",
    ]


def test_every_page_opens_for_the_desk_and_for_nobody_else(leader, principal, brought):
    row, writer = first(leader, principal), writers(leader, principal)[0]
    client = factories.signed_in(leader)
    other = factories.signed_in(factories.member(principal, Role.OFFICER))
    for address in pages(principal, row, brought, writer):
        answer = client.get(address)
        assert answer.status_code == 200, address
        if "/letters/" in address and address != "/threats/letters/":
            assert other.get(address).status_code in (403, 404), address


def test_lists_ask_the_same_whatever_their_length(leader, principal, brought, tmp_path):
    client = factories.signed_in(leader)
    addresses = [
        f"/threats/letters/of/{principal.slug}/",
        f"/threats/letters/of/{principal.slug}/writers/",
        f"/threats/letters/writers/{writers(leader, principal)[0].pk}/",
    ]

    def asked(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as found:
            client.get(address)
        return len(found)

    before = [asked(one) for one in addresses]
    mails = [
        letters.plain(f"More {n}", sender=f"A{n % 7} <{'anna' if n % 2 else n}@post.example>")
        for n in range(30)
    ]
    (tmp_path / "more.mbox").write_bytes(letters.mbox(*mails))
    batch = services.ask_import(actor=leader, principal=principal, path=tmp_path / "more.mbox")
    services.import_later(batch)
    after = [asked(one) for one in addresses]
    assert all(late <= early + 2 for early, late in zip(before, after, strict=True))


def test_triage_goes_from_one_to_the_next(leader, principal, brought):
    client = factories.signed_in(leader)
    start = client.get(f"/threats/letters/of/{principal.slug}/triage/")
    assert start["Location"].endswith(f"/{first(leader, principal).pk}/triage/")
    answer = client.post(start["Location"], {"tone": "menacing", "requests-asked": "1"})
    second = queries.communication_numbered(leader, principal, 2)
    assert answer["Location"].endswith(f"/{second.pk}/triage/")
    kept = queries.triages(leader, first(leader, principal)).get()
    assert kept.answers == {"tone": "menacing", "requests": []}
    later = client.post(answer["Location"], {"later": "1"})
    assert str(queries.communication_numbered(leader, principal, 3).pk) in later["Location"]
    assert queries.waiting(leader, principal).count() == 8


def test_an_original_on_the_screen_asks_who_and_why(leader, principal, brought):
    row = first(leader, principal)
    address = f"/threats/letters/{row.pk}/original/"
    assert factories.signed_in(leader).get(address).status_code in (302, 422)
    client = factories.signed_in(leader, fresh=True)
    assert client.post(address, {"purpose": "no"}).status_code in (200, 422)
    answer = client.post(address, {"purpose": "copy for the police file"})
    assert answer["Content-Type"] == "application/octet-stream"
    assert hashlib.sha256(answer.content).hexdigest() == row.sha256


def test_hidden_words_and_attachments_are_told(leader, principal, tmp_path):
    page = letters.page('<p>Hello</p><p style="display:none">I know where you live</p>'
                        '<img src="https://track.example/a.gif" width="1" height="1">')  # fmt: skip
    run = letters.attached(("application/pdf", "a.pdf", b"MZ" + bytes(200)))
    (tmp_path / "in.mbox").write_bytes(letters.mbox(page, run))
    batch = services.ask_import(actor=leader, principal=principal, path=tmp_path / "in.mbox")
    services.import_later(batch)
    client = factories.signed_in(leader)
    shown = [
        client.get(f"/threats/letters/{row.pk}/").content.decode()
        for row in queries.communications(leader, principal)
    ]
    both = " ".join(shown)
    assert "not shown" in both
    assert "track.example" in both
    assert '<img src="https://track' not in both
    assert "is windows-program" in both


def test_the_api_does_the_same(leader, principal, brought, tmp_path):
    client = factories.signed_in(leader)
    base = f"/api/v1/principals/{principal.slug}"
    listed = client.get(f"{base}/communications?triaged=no&limit=3").json()
    assert (listed["count"], len(listed["items"])) == (9, 3)
    pk = listed["items"][0]["id"]
    sent = client.post(
        f"/api/v1/communications/{pk}/triage",
        json.dumps({"answers": {"tone": "angry", "requests": ["meet"]}}),
        content_type="application/json",
    )
    assert sent.status_code == 201, sent.content
    assert client.get(f"/api/v1/communications/{pk}").json()["triages"][0]["answers"] == {
        "tone": "angry",
        "requests": ["meet"],
    }
    path = tmp_path / "one.mbox"
    path.write_bytes(letters.mbox(letters.plain("By the API.")))
    with path.open("rb") as file:
        begun = client.post(f"{base}/communication-imports", {"file": file})
    assert begun.status_code == 202, begun.content
    shown = client.get(f"/api/v1/communication-imports/{begun.json()['id']}").json()
    assert (shown["state"], shown["kept"]) == ("done", 1)
    listed = client.get(f"{base}/letter-writers").json()
    record = client.get(f"/api/v1/letter-writers/{listed['items'][0]['id']}").json()
    assert {one["state"] for one in record["signals"]} <= {"present", "absent", "unknown"}
    call = {"channel": "call", "text": "He rang twice."}
    made = client.post(f"{base}/communications", json.dumps(call), content_type="application/json")
    assert made.status_code == 201, made.content


@pytest.fixture
def run(leader, capsys):
    """``varangian ...`` as the leader; what it said as lines of JSON."""

    def call(*words: str):
        capsys.readouterr()
        assert root(["--as", leader.email, *words, "--json"]) == 0
        console.act_for("")
        return capsys.readouterr().out

    return call


def test_the_console_imports_lists_and_triages(leader, principal, tmp_path, run):
    path = tmp_path / "in.mbox"
    path.write_bytes(letters.mbox(letters.plain("I will come.", identity="<1@p.ex>"), b"\xff\n"))
    done = run("comms", "import", str(path), "--principal", principal.slug)
    total = json.loads(done.splitlines()[-1])
    assert (total["state"], total["mails"]) == ("done", total["kept"])
    again = run("comms", "import", str(path), "--principal", principal.slug)
    assert json.loads(again.splitlines()[-1])["kept"] == total["kept"]
    listed = json.loads(run("comms", "list", principal.slug))
    assert listed[-1]["serial"] == "C1"
    noted = run("comms", "triage", principal.slug, "C1", "--answer", "tone=angry")
    assert json.loads(noted)["answers"] == {"tone": "angry"}
    shown = json.loads(run("comms", "letter", principal.slug, "C1"))
    assert shown["text"].startswith("I will come.")
    people = json.loads(run("comms", "people", principal.slug))
    history = run("comms", "history", principal.slug, people[0]["serial"])
    assert json.loads(history)["contacts"] >= 1
    assert Communication.objects.count() == total["kept"]
