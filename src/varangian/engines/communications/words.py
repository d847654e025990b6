"""Text as words with their places, for whoever looks for words in it.

Letters that nobody sees are left out, letters in fancy dress are plain, and every word still knows
where it stands in the text as it was written.
"""

import re
import unicodedata
from typing import NamedTuple

from .types import UNSEEN_LETTER, is_unseen

WORD = re.compile(r"(?:[cdjlmnstCDJLMNST]|[Qq]u|[Jj]usqu)['’](?=[^\W_])|[^\W_]+(?:['’][^\W_]+)*")
"""French small words that lost their vowel (j', n', qu') stand alone; "don't" is one word."""
STOP = re.compile(r"[.!?\n]")
LONGEST_SENTENCE = 80
"""Words after which a sentence without an end is cut, so that none is looked through for ever."""
FANCY = 0x2000
"""Letters from here on may be dressed up: mathematical, full width, in circles."""


class Word(NamedTuple):
    word: str
    start: int
    end: int
    sentence: int


def words_in(text: str) -> list[Word]:
    clean, places = _plain(text)
    found: list[Word] = []
    sentence, after, long = 0, 0, 0
    for match in WORD.finditer(clean):
        start, end = match.span()
        long += 1
        if long > LONGEST_SENTENCE or STOP.search(clean, after, start):
            sentence, long = sentence + 1, 1
        after = end
        known = match.group().lower().replace("’", "'")
        if places is None:
            found.append(Word(known, start, end, sentence))
        else:
            found.append(Word(known, places[start], places[end - 1] + 1, sentence))
    return found


def _plain(text: str) -> tuple[str, list[int] | None]:
    """The text to look through, and for each of its letters the place of the original one."""
    if text.isascii() or not _needs(text):
        return text, None
    letters: list[str] = []
    places: list[int] = []
    for at, letter in enumerate(text):
        if is_unseen(letter):
            continue
        if unicodedata.combining(letter) and letters:
            letters[-1] = unicodedata.normalize("NFC", letters[-1] + letter)[:1]
            continue
        for one in unicodedata.normalize("NFKC", letter) if ord(letter) >= FANCY else letter:
            letters.append(one)
            places.append(at)
    return "".join(letters), places


_DRESSED = re.compile("[\u0300-\u036f\u2100-\u214f\u2460-\u24ff\uff00-\uff60\U0001d400-\U0001d7ff]")


def _needs(text: str) -> bool:
    return bool(UNSEEN_LETTER.search(text) or _DRESSED.search(text))


def normal(text: str) -> str:
    """Words alone, for comparing: case, marks, spaces and unseen letters do not count."""
    return " ".join(one.word for one in words_in(text))
