"""Actions on: the contingency cards for the settings of this operation, and its code words."""

from collections.abc import Iterable
from typing import Any

from varangian.operations.library import kinds
from varangian.operations.library import posts as standard_posts

from ..library import actions_on as standard_cards
from .line import Line, as_lines, write
from .material import Material

SETTINGS_OF = {
    "flight": "flight",
    "road": "road",
    "foot": "foot",
    "event": "venue",
    "stay": "hotel",
}
PLACES = {"residence": "residence", "hotel": "hotel", "venue": "venue"}


def settings_of(material: Material) -> set[str]:
    """Where this operation happens: by its kind, its movements and its places."""
    known = {kind.id: kind for kind in kinds().kinds}.get(material.operation.kind)
    settings = set(known.settings) if known else set()
    settings |= {SETTINGS_OF[m.kind] for m in material.movements if m.kind in SETTINGS_OF}
    return settings | {PLACES[p.kind] for p in material.visited() if p.kind in PLACES}


def actions_on(material: Material) -> list[Line]:
    """The operation's own cards in force; the standard text where none has been taken."""
    words, taken = chosen_words(material), {own.card.library_id: own for own in material.cards}
    lines = []
    for card in standard_cards().cards:
        own = taken.get(card.id)
        if own is not None and own.card.withdrawn_at is None and own.card.in_force:
            lines.append(_own(own, words))
        elif own is None and card in standard_cards().arising_in(settings_of(material)):
            lines.append(_standard(card, words, material))
    return lines


def _own(own: Any, words: dict[str, str]) -> Line:
    content, place = own.version.content, own.version.place
    calls = [f"{row['who']} {row['how']}".strip() for row in content["call"]]
    where = f" {place.name}." if place is not None else ""
    text = _text(
        own.card.title,
        words.get(own.card.code_word, ""),
        content["trigger"],
        [(step["role"], step["do"]) for step in content["drill"]],
        calls,
        f"{content['fall_back']}{where}",
        content["do_not"],
    )
    return write("actions_on", f"card:{own.card.library_id}", text, reason=("card", own.card.pk))


def _standard(card: Any, words: dict[str, str], material: Material) -> Line:
    drill = [(step.role, step.do) for step in card.drill]
    word = words.get(card.code_word, "")
    text = _text(card.title, word, card.trigger, drill, card.call, card.fall_back, card.do_not)
    about = material.about_operation
    return write("actions_on", f"card:{card.id}", text, reason=about, tied=False)


def _text(
    title: str,
    word: str,
    trigger: str,
    drill: list[tuple[str, str]],
    call: Iterable[str],
    fall_back: str,
    do_not: str,
) -> str:
    titles = {post.role: post.title for post in reversed(standard_posts().posts)}
    head = f"{title}. Code word {word}." if word else f"{title}. No code word set."
    steps = [f"{titles.get(role, role)}: {do}" for role, do in drill]
    tail = [f"Call: {', '.join(call)}.", f"Fall back: {fall_back}", f"Do not: {do_not}"]
    return "\n".join([head, f"When: {trigger}", *steps, *tail])


def chosen_words(material: Material) -> dict[str, str]:
    """Slot to word, of the communications plan; without one as typed under code words."""
    if material.comms is not None:
        return dict(material.comms.code_words)
    return typed_words(material.operation)


def typed_words(operation: Any) -> dict[str, str]:
    """``attack: THUNDER``, a line each."""
    slots = {slot.id for slot in standard_cards().code_words}
    found = {}
    for line in as_lines((operation.plan or {}).get("code_words", "")):
        slot, colon, word = line.partition(":")
        if colon and slot.strip().lower() in slots:
            found[slot.strip().lower()] = word.strip()
    return found


def code_words(material: Material) -> list[Line]:
    """What each word means stands beside it; other words are taken as they are."""
    words = chosen_words(material)
    about = material.about_comms or material.about_operation
    slots = {slot.id: slot.meaning for slot in standard_cards().code_words}
    meant = [
        write("code_words", f"slot:{name}", f"{words[name]}: {meaning}", reason=about)
        for name, meaning in slots.items()
        if name in words
    ]
    if material.comms is not None:
        own = [(f"{word}: {name}", name) for name, word in words.items() if name not in slots]
    else:
        typed = as_lines((material.operation.plan or {}).get("code_words", ""))
        own = [(t, t) for t in typed if t.partition(":")[0].strip().lower() not in words]
    return meant + [write("code_words", f"word:{key}", text, reason=about) for text, key in own]
