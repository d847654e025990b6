"""Words that a client may read: no name of a person, no source, no code word, nothing medical.

Pure. The check is a net, not a judge: a named person writes the words and reads them again.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from varangian.kernel.results import Refused

MEDICAL = re.compile(
    r"\b(allerg\w*|asthma\w*|diabet\w*|insulin|epilep\w*|medicat\w*|medicine\w*|prescription"
    r"|blood group|adrenaline|inhaler|penicillin|diagnos\w*|surgery|cardiac|pregnan\w*)\b",
    re.IGNORECASE,
)
SHORTEST = 4
"""A single part of a name is looked for from this length on."""
LONG_WORD = 7
"""A single word of a medical card: shorter ones are everyday words."""


@dataclass(frozen=True)
class Secret:
    """``what`` it is, in words that give nothing away."""

    what: str
    words: str


def names(what: str, full: Iterable[str]) -> list[Secret]:
    """Full names, and each surname by itself."""
    found = []
    for name in full:
        parts = name.split()
        found += [Secret(what, name)] if parts else []
        if len(parts) > 1 and len(parts[-1]) >= SHORTEST:
            found.append(Secret(what, parts[-1]))
    return found


def long_words(what: str, texts: Iterable[str]) -> list[Secret]:
    """The long words of a text: substances and conditions."""
    return [
        Secret(what, word)
        for text in texts
        for word in re.findall(r"\w+", text)
        if len(word) >= LONG_WORD
    ]


def found_in(words: str, secrets: Sequence[Secret]) -> list[str]:
    """What a text gives away, each kind once: ``a person's name: Berg``."""
    found: dict[str, None] = {}
    for secret in secrets:
        pattern = rf"(?<!\w){re.escape(secret.words)}(?!\w)"
        if secret.words.strip() and (hit := re.search(pattern, words, re.IGNORECASE)):
            found.setdefault(f"{secret.what}: {hit.group(0)}")
    if hit := MEDICAL.search(words):
        found.setdefault(f"something medical: {hit.group(0)}")
    return list(found)


def refuse_secrets(words: str, secrets: Sequence[Secret], *, where: str) -> None:
    told = found_in(words, secrets)
    if told:
        raise Refused(
            f"The client does not read this ({'; '.join(told)})",
            where=where,
            mend="Write it with posts and places, without names, sources or medical facts.",
        )
