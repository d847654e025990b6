"""Proposals with their words; duplicates; the record of a writer; addresses of one writer."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from tests import letters as b

from varangian.engines.communications import (
    LIMITS,
    Contact,
    Duplicates,
    Message,
    Origin,
    Record,
    Signal,
    Writers,
    as_dict,
    candidates,
    contact_of,
    facts,
    facts_in,
    record_dict,
    record_of,
)
from varangian.engines.communications.contact import library
from varangian.engines.communications.lexicon import KINDS, matchers
from varangian.engines.communications.mail import read_mail

LONG = "I have written to you so many times about the old harbour and the bridge over the river"


def of(number: int = 1, words: str = "Good day.", **more: str) -> Message:
    return read_mail(BytesIO(b.plain(words, **more)), Origin("in.mbox", number=number), LIMITS)


def kinds(text: str, **more) -> set[str]:
    found = facts_in(text, **more)
    for one in found:
        assert text[one.start : one.end] == one.words
    return {one.kind for one in found}


def only(text: str, kind: str):
    (found,) = [one for one in facts_in(text) if one.kind == kind]
    return found


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Please answer me, I have waited for so long.", "request"),
        ("I want to meet you in person.", "asks-to-meet"),
        ("I stood outside your house last night.", "approach"),
        ("I know where you live.", "approach"),
        ("I have booked a flight to see the show.", "travel"),
        ("I will be there at 10:30 in the morning.", "time"),
        ("It will be on 24 November at the latest.", "time"),
        ("He lives at 12 Harbour Street.", "place"),
        ("I sent you flowers and a ring.", "gift"),
        ("You are my wife before God.", "relation"),
        ("I will kill you.", "threat"),
        ("I bought a rifle and ammunition.", "weapon"),
        ("Think of your daughter.", "target"),
        ("You are a traitor and a liar.", "anger"),
        ("Yours sincerely, with respect", "polite"),
        ("I want to end my life, there is no reason to live.", "self-harm"),
        ("Ich möchte Sie treffen, bitte antworten Sie mir.", "asks-to-meet"),
        ("Ich stand gestern vor Ihrem Haus und habe gewartet.", "approach"),
        ("Ich werde dich umbringen und das ist sicher.", "threat"),
        ("Ich weiß, wo Sie wohnen und arbeiten.", "approach"),
        ("Das Geschäft ist in der Lindenstraße 12 und nicht hier.", "place"),
        ("Je vais vous tuer, vous et les autres.", "threat"),
        ("Je voudrais vous rencontrer dans votre bureau.", "asks-to-meet"),
        ("J’étais devant la porte de votre maison hier soir.", "approach"),
        ("Je suis au 12 rue de la Paix pour vous.", "place"),
    ],
)
def test_what_a_person_would_note(text, kind):
    assert kind in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "The weather is fine and the garden is green.",
        "We enjoyed the concert very much and wish to thank the orchestra.",
        "The meeting of the committee was long, and nothing came of it.",
        "",
        "\u200b\u200b",
    ],
)
def test_what_is_ordinary_holds_nothing_that_matters(text):
    assert kinds(text) <= {"polite", "time", "place"}


def test_the_form_of_a_threat():
    assert only("I will kill you.", "threat").form == "direct"
    conditional = only("If you do not pay I will kill you.", "threat")
    assert conditional.form == "conditional" and conditional.condition == (0, 2)
    assert conditional.negated is None
    assert only("I hope you die alone.", "threat").form == "wish"
    assert only("You will regret this.", "threat").form == "veiled"
    assert only("Wenn du nicht antwortest, werde ich dich töten.", "threat").form == "conditional"


def test_negation_and_quotation_are_said_and_nothing_is_left_out():
    negated = only("I would never hurt you.", "threat")
    assert negated.negated is not None and not negated.plain
    assert only("He said he would kill her.", "threat").quoted == "reported"
    assert only("I said that I will kill you.", "threat").quoted == ""
    assert only('The song goes "I will kill you" and so on.', "threat").quoted == "marks"
    reply = "Fine.\n\nOn Mon, 23 Nov 2026 at 10:00 Bob wrote:\n> I will kill you\n"
    assert only(reply, "threat").quoted == "reply"


def test_a_threat_that_names_time_place_and_means_is_specific():
    text = "I will kill you on Friday at 12 Harbour Street with my knife."
    found = only(text, "specific")
    assert set(found.names) == {"time", "place", "weapon"}
    for start, end in found.parts:
        assert text[start:end]
    assert "specific" not in kinds("I will kill you.")


def test_letters_that_nobody_sees_do_not_hide_words():
    text = "I w\u200bill k\u200bi\u2060ll you. 𝐈 𝐰𝐢𝐥𝐥 𝐤𝐢𝐥𝐥 𝐲𝐨𝐮."
    found = [one for one in facts_in(text) if one.kind == "threat"]
    assert [one.words for one in found] == ["I w\u200bill k\u200bi\u2060ll you", "𝐈 𝐰𝐢𝐥𝐥 𝐤𝐢𝐥𝐥 𝐲𝐨𝐮"]
    assert "zero width" in str(of(words=text).notes)


def test_names_of_the_watched_are_found_as_whole_words():
    found = [one.words for one in facts_in("Lady Heron and the herons.", targets=["Lady Heron"])]
    assert found == ["Lady Heron"]


def test_facts_of_a_message_stand_in_each_of_its_texts():
    data = b.attached(("text/plain", "l.txt", b"I will kill you."), words="See the letter.")
    found = facts(read_mail(BytesIO(data), Origin("a"), LIMITS))
    assert {one.field for one in found if one.kind == "threat"} == {"attachment 2"}
    found = facts(of(subject="I will kill you"))
    assert found[0].field == "subject"


def test_a_long_text_is_looked_through_in_time():
    words = "if i will not meet your house kill you the song says " * 4000
    assert len(facts_in(words)) <= 900


def test_the_data_is_whole():
    for matcher in matchers():
        known = {line.kind for rows in matcher._first.values() for line in rows}
        assert known >= set(KINDS) - {"specific", "time", "place"}, matcher.language


# -- duplicates


def test_exact_message_and_near_duplicates():
    index = Duplicates()
    first = of(1, LONG, identity="<1@x>")
    assert index.look(first) is None
    assert index.look(of(2, LONG, identity="<1@x>")).how == "exact"  # type: ignore[union-attr]
    over = of(3, LONG, identity="<1@x>", received="by other; Mon, 23 Nov 2026 09:00:00 +0000")
    same = index.look(over)
    assert same is not None and (same.how, same.as_) == ("message", "in.mbox, mail 1")
    near = index.look(of(4, LONG + " today"))
    assert near is not None and near.how == "near" and near.share > 0.8
    assert "nearly the same words as in.mbox, mail 1" in near.told
    assert index.look(of(5, "Quite other words about the weather, the sea and a dog " * 2)) is None
    assert index.look(of(6, "Short words.")) is None and index.look(of(7, "Short words!")) is None


def test_the_same_id_with_other_words_is_told():
    index = Duplicates()
    index.look(of(1, LONG, identity="<1@x>"))
    assert index.other_words(of(2, "Something else.", identity="<1@x>")) == "in.mbox, mail 1"
    assert index.other_words(of(2, LONG, identity="<1@x>")) == ""


# -- the record of a writer

START = datetime(2025, 1, 1, tzinfo=UTC)


def contact(day: float, channel: str = "e-mail", address: str = "a@x", *kinds_: str) -> Contact:
    at = START + timedelta(days=day)
    return Contact(f"{day}", at, channel, address, frozenset(kinds_))


def states(contacts: list[Contact]) -> dict[str, str]:
    return {one.id: one.state for one in record_of(contacts).signals}


def test_each_signal_has_its_evidence_and_its_studies():
    contacts = [contact(40 * n) for n in range(12)]
    contacts += [contact(440 + n, "letter", "b@x", "asks-to-meet", "travel") for n in range(8)]
    record = record_of(contacts)
    found = {one.id: one for one in record.signals}
    assert {key for key, one in found.items() if one.state == "present"} == {
        "number", "channels", "addresses", "asks-to-meet", "duration", "travel", "intensity",
    }  # fmt: skip
    assert len(found["asks-to-meet"].evidence) == 8
    assert found["channels"].evidence == ("0", "440")
    assert "new channel: letter" in found["intensity"].told
    for one in record.signals:
        assert one.sources and all(source.year > 1990 for source in one.sources)
    assert found["threats"].state == "absent" and "Threats alone" in found["threats"].alone


def test_unknown_is_not_absent():
    found = states([Contact("1", None, "letter", "", read=False)])
    assert found["asks-to-meet"] == found["duration"] == found["intensity"] == "unknown"
    assert found["addresses"] == "unknown" and found["number"] == "absent"
    assert states([])["threats"] == "unknown"


def test_steady_writing_is_no_change():
    assert states([contact(10 * n) for n in range(30)])["intensity"] == "absent"


def test_nothing_is_summed_and_nobody_has_a_number():
    names = {one.name for kind in (Record, Signal) for one in fields(kind)}
    assert not {name for name in names if any(w in name for w in ("score", "total", "risk", "sum"))}
    assert {one.name for one in fields(Record)} == {"contacts", "dated", "first", "last", "signals"}
    assert {one.id for one in library().signals} >= {"number", "threats"}
    assert record_dict(record_of([contact(1)]))["signals"][0]["state"] == "absent"


def test_only_the_writers_own_words_count():
    message = of(words="He said he would kill you. I would never hurt you. I want to meet you.")
    assert contact_of(message, facts(message)).kinds >= {"asks-to-meet"}
    assert "threat" not in contact_of(message, facts(message)).kinds


# -- addresses that may be one writer's


def test_what_addresses_share_is_proposed_and_never_merged():
    mark = "\n\n-- \nThe true guardian of the bridge"
    found = candidates(
        [
            of(1, LONG + mark, sender="Anna Berg <anna@one.example>"),
            of(2, "Other words." + mark, sender="A. <berg@two.example>"),
            of(3, "Hello", sender="Anna  BERG <third@x.example>", reply_to="anna@one.example"),
            of(4, LONG, sender="Nobody <n@four.example>"),
            of(5, "Hello again, +44 20 7946 0000", sender="Five <five@x.example>"),
            of(6, "Ring (+44) 20 7946-0000", sender="Six <six@x.example>"),
        ]
    ).found
    by = {one.reason: set(one.addresses) for one in found}
    assert by["signature"] == {"anna@one.example", "berg@two.example"}
    assert by["name"] == {"anna@one.example", "third@x.example"}
    assert by["reply address"] == {"anna@one.example", "third@x.example"}
    assert by["near-same text"] == {"anna@one.example", "n@four.example"}
    assert by["telephone"] == {"five@x.example", "six@x.example"}
    assert all(len(one.evidence) >= 2 and one.shared in one.told for one in found)


def test_what_many_share_tells_nobody_apart_and_machines_are_left_out():
    writers = Writers()
    for n in range(30):
        writers.add(of(n, sender=f"Same Name <a{n}@x{n}.example>"))
        writers.add(of(n, sender=f"List <l{n}@y.example>", reply_to="r@z.example", list_id="<l>"))
    result = writers.candidates()
    assert [(reason, many) for reason, _, many in result.common] == [("name", 30)]
    assert result.found == ()


def test_a_message_as_plain_data():
    message = of(words="I will kill you.", identity="<1@x>")
    shape = as_dict(message, found=facts(message))
    assert shape["at"] == "2026-11-23T08:00:30+00:00" and shape["facts"][0]["kind"] == "threat"
    assert shape["origin"]["number"] == 1 and shape["thread"]["message_id"] == "<1@x>"
