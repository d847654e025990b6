"""A mailbox becomes communications: kept with its original, once, and reported where it is odd."""

import hashlib
from pathlib import Path

import pytest
from tests import factories, letters

from varangian.engines.communications.mbox import mails_of
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.platform.access.roles import Role
from varangian.platform.audit.models import AuditEntry
from varangian.principals.services import erase
from varangian.threats.models import Communication, ImportLine, LetterImport, WriterTrait
from varangian.threats.queries import communications as queries
from varangian.threats.services import communications as services
from varangian.threats.services import letters_import

pytestmark = pytest.mark.django_db
WHY = "shown to the police of the city"
PLAIN = letters.plain("I will come to the concert on Friday.", identity="<1@post.example>")
OTHER = letters.plain("The weather is fine.", sender="Ben Ode <ben@post.example>")


@pytest.fixture
def leader(db):
    return factories.person("Lea Letters")


@pytest.fixture
def principal(leader):
    return factories.principal(factories.engagement(leader))


def mailbox(folder: Path, *mails: bytes, name: str = "in.mbox") -> Path:
    path = folder / name
    path.write_bytes(letters.mbox(*mails))
    return path


def brought(leader, principal, path: Path) -> LetterImport:
    batch = services.ask_import(actor=leader, principal=principal, path=path)
    return services.import_later(batch) if batch.under_way else batch


def test_mails_are_kept_with_time_writer_words_and_original(leader, principal, tmp_path):
    path = mailbox(tmp_path, PLAIN, OTHER)
    batch = brought(leader, principal, path)
    assert (batch.state, batch.mails, batch.kept, batch.same) == ("done", 2, 2, 0)
    second, first = queries.communications(leader, principal)
    assert (first.label, first.channel, first.doubt) == ("C1", "mail", "")
    assert first.text.strip() == "I will come to the concert on Friday."
    assert first.writer.address == "anna.berg@post.example"
    assert "approach" in first.kinds or "travel" in first.kinds
    assert second.writer != first.writer
    for row, mail in zip((first, second), mails_of(path.read_bytes()), strict=True):
        data, name = services.give_original(actor=leader, communication=row, purpose=WHY)
        assert data == mail
        assert hashlib.sha256(data).hexdigest() == row.sha256
        assert name == f"{row.label}.eml"
    noted = AuditEntry.objects.get(kind="export", record=str(first.pk))
    assert noted.purpose == WHY


def test_an_original_is_given_out_with_a_reason_to_a_person(leader, principal, tmp_path):
    brought(leader, principal, mailbox(tmp_path, PLAIN))
    row = queries.communications(leader, principal).get()
    with pytest.raises(Refused, match="at least"):
        services.give_original(actor=leader, communication=row, purpose="why")


def test_the_same_file_again_is_the_same_import(leader, principal, tmp_path):
    path = mailbox(tmp_path, PLAIN)
    batch = brought(leader, principal, path)
    assert brought(leader, principal, path).pk == batch.pk
    assert Communication.objects.count() == 1


def test_what_is_there_already_is_said_and_not_counted_twice(leader, principal, tmp_path):
    brought(leader, principal, mailbox(tmp_path, PLAIN, OTHER))
    copied = PLAIN.replace(b"Received: from a", b"Received: from b")
    again = brought(leader, principal, mailbox(tmp_path, OTHER, copied, name="b.mbox"))
    assert (again.mails, again.kept, again.same) == (2, 0, 2)
    told = [line.told[0]["what"] for line in queries.import_lines(leader, again, "same")]
    assert told == ["The same bytes as C2.", "The same message and words as C1."]


def test_an_identity_with_other_words_is_kept_and_said(leader, principal, tmp_path):
    lying = letters.plain("Quite other words than before.", identity="<1@post.example>")
    batch = brought(leader, principal, mailbox(tmp_path, PLAIN, lying))
    assert batch.kept == 2
    told = [one for line in queries.import_lines(leader, batch) for one in line.told]
    assert any("one of them lies" in one["what"] for one in told)


def test_odd_times_are_said(leader, principal, tmp_path):
    none = letters.plain("No date.", date="", received="")
    claimed = letters.plain("Only a claim.", received="")
    apart = letters.plain("Long on the way.", date="Mon, 01 Nov 2021 10:00:00 +0000")
    path = tmp_path / "folder"
    path.mkdir()
    for number, mail in enumerate((none, claimed, apart)):
        (path / f"{number}.eml").write_bytes(mail)
    brought(leader, principal, path)
    rows = queries.communications(leader, principal).order_by("serial")
    assert [row.doubt for row in rows] == ["unknown", "claimed", "apart"]
    assert rows[0].at is None
    data, name = services.give_original(actor=leader, communication=rows[1], purpose=WHY)
    assert (data, name) == (claimed, "1.eml")


def test_what_cannot_be_read_is_kept_and_explained(leader, principal, tmp_path):
    path = tmp_path / "folder"
    path.mkdir()
    (path / "a.bin").write_bytes(bytes(range(256)) * 20)
    (path / "b.eml").write_bytes(PLAIN)
    batch = brought(leader, principal, path)
    assert (batch.kept, batch.unread) == (2, 1)
    (line,) = queries.import_lines(leader, batch, "unread")
    assert line.told[0]["what"]
    data, _ = services.give_original(actor=leader, communication=line.communication, purpose=WHY)
    assert data == bytes(range(256)) * 20


def test_it_goes_on_where_it_was_stopped(leader, principal, tmp_path, monkeypatch):
    monkeypatch.setattr(letters_import, "CHUNK", 3)
    mails = [letters.plain(f"Letter number {n}.", identity=f"<{n}@p.example>") for n in range(10)]
    path = mailbox(tmp_path, *mails)
    batch = services.ask_import(actor=leader, principal=principal, path=path)

    def pressed(step: str, share: float) -> None:
        if step.startswith("6 "):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        services.import_now(batch.pk, pressed)
    batch.refresh_from_db()
    assert (batch.state, batch.mails, batch.kept) == ("stopped", 6, 6)
    again = brought(leader, principal, path)
    assert again.pk == batch.pk
    assert (again.state, again.mails, again.kept, again.same) == ("done", 10, 10, 0)
    serials = Communication.objects.order_by("serial").values_list("serial", flat=True)
    assert list(serials) == list(range(1, 11))


def test_a_stopped_one_keeps_what_was_read(leader, principal, tmp_path):
    batch = services.ask_import(actor=leader, principal=principal, path=mailbox(tmp_path, PLAIN))
    services.stop_import(actor=leader, row=batch)
    batch.refresh_from_db()
    assert batch.state == "stopped"
    services.go_on(actor=leader, batch=batch)
    assert services.import_later(batch).state == "done"
    with pytest.raises(Refused, match="need not"):
        services.go_on(actor=leader, batch=batch)


def test_an_empty_file_is_refused(leader, principal, tmp_path):
    (tmp_path / "empty").write_bytes(b"")
    with pytest.raises(Refused, match="nothing in it"):
        services.ask_import(actor=leader, principal=principal, path=tmp_path / "empty")


def test_only_leader_and_analyst_import_and_others_see_nothing(leader, principal, tmp_path):
    path = mailbox(tmp_path, PLAIN)
    officer = factories.member(principal, Role.OFFICER)
    with pytest.raises(Denied):
        services.ask_import(actor=officer, principal=principal, path=path)
    brought(leader, principal, path)
    row = queries.communications(leader, principal).get()
    for role in (Role.OFFICER, Role.DRIVER, Role.CLIENT):
        with pytest.raises(NotFound):
            queries.communication(factories.member(principal, role), row.pk)
    with pytest.raises(NotFound):
        queries.communication(factories.person(), row.pk)
    assert queries.communication(factories.member(principal, Role.OPERATOR), row.pk) == row


def test_an_erased_principal_leaves_nothing_readable(leader, principal, tmp_path):
    brought(leader, principal, mailbox(tmp_path, PLAIN, PLAIN, OTHER))
    erase(actor=leader, principal=principal, reason="asked for by the family")
    for row in Communication.objects.all():
        assert (row.subject, row.text, row.kinds, row.print) == ("[erased]", "[erased]", [], "")
    assert not ImportLine.objects.exists()
    assert not WriterTrait.objects.exists()
    row = Communication.objects.first()
    assert row is not None
    with pytest.raises(Refused, match="erased"):
        services.give_original(actor=leader, communication=row, purpose=WHY)
