"""Actions on: the contingency cards for the settings of this operation, and its code words."""

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
    words, about = chosen_words(material), material.about_operation
    return [
        write("actions_on", f"card:{card.id}", _card(card, words), reason=about, tied=False)
        for card in standard_cards().arising_in(settings_of(material))
    ]


def _card(card: Any, words: dict[str, str]) -> str:
    titles = {post.role: post.title for post in reversed(standard_posts().posts)}
    word = words.get(card.code_word)
    head = f"{card.title}. Code word {word}." if word else f"{card.title}. No code word set."
    drill = [f"{titles[step.role]}: {step.do}" for step in card.drill]
    tail = [
        f"Call: {', '.join(card.call)}.",
        f"Fall back: {card.fall_back}",
        f"Do not: {card.do_not}",
    ]
    return "\n".join([head, f"When: {card.trigger}", *drill, *tail])


def chosen_words(material: Material) -> dict[str, str]:
    """Slot to word, as typed under code words: ``attack: THUNDER``."""
    slots = {slot.id for slot in standard_cards().code_words}
    found = {}
    for line in as_lines((material.operation.plan or {}).get("code_words", "")):
        slot, colon, word = line.partition(":")
        if colon and slot.strip().lower() in slots:
            found[slot.strip().lower()] = word.strip()
    return found


def code_words(material: Material) -> list[Line]:
    """What each word means stands beside it; other words typed there are taken as they are."""
    words, about = chosen_words(material), material.about_operation
    meant = [
        write("code_words", f"slot:{slot.id}", f"{words[slot.id]}: {slot.meaning}", reason=about)
        for slot in standard_cards().code_words
        if slot.id in words
    ]
    typed = as_lines((material.operation.plan or {}).get("code_words", ""))
    others = [t for t in typed if t.partition(":")[0].strip().lower() not in words]
    return meant + [write("code_words", f"word:{t}", t, reason=about) for t in others]
