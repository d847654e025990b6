"""The kind of an entry, read by the rules of kinds.yaml, with the reason for each conclusion."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, get_args

import yaml

from varangian.travel.itineraries.itinerary import Confidence, Kind

FLIGHT_NUMBER = re.compile(r"\b([A-Z]{2}|[A-Z]\d|\d[A-Z])[ -]?(\d{1,4}[A-Z]?)\b(?![:.]\d)")
AIRPORT_PAIR = re.compile(r"\b([A-Z]{3})\s*(?:-|–|—|/|→|->|>|to)\s*([A-Z]{3})\b")
MOVING: tuple[Kind, ...] = ("flight", "train", "road")


@dataclass(frozen=True, slots=True)
class Word:
    kind: Kind
    text: str
    position: int


@dataclass(frozen=True, slots=True)
class Verdict:
    kind: Kind
    confidence: Confidence
    reason: str


@cache
def rules() -> dict[str, Any]:
    text = files("varangian.travel.itineraries").joinpath("kinds.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)


def plain(text: str) -> str:
    """Lower case without accents, so that "Übernachtung" and "ubernachtung" are one word."""
    if text.isascii():
        return text.lower()
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in bare if not unicodedata.combining(sign))


@cache
def _words() -> tuple[re.Pattern[str], dict[str, Kind]]:
    kinds: dict[str, Kind] = {}
    for kind in get_args(Kind):
        for word in rules()["kinds"].get(kind, {}).get("words", []):
            kinds[plain(word)] = kind
    longest_first = sorted(kinds, key=len, reverse=True)
    alternatives = "|".join(map(re.escape, longest_first))
    return re.compile(rf"(?<![\w-])(?:{alternatives})(?!\w)"), kinds


def find_words(text: str) -> list[Word]:
    """Kind words of the text in their order."""
    pattern, kinds = _words()
    return [Word(kinds[m[0]], m[0], m.start()) for m in pattern.finditer(plain(text))]


def flight_number(title: str, certain: bool) -> str:
    """The flight number in the text, as "LH 2462"; ``certain`` when it surely is about a flight."""
    for match in FLIGHT_NUMBER.finditer(title):
        carrier, number = match[1], match[2]
        known = carrier in rules()["airlines"] and len(number.rstrip("ABCDEFGHXYZ")) >= 3
        if certain or known:
            return f"{carrier} {number}"
    return ""


def judge(title: str, categories: str, description: str, all_day: bool, place: str) -> Verdict:
    """Kind of an entry. Reads title, then categories, then description, then its shape."""
    words = find_words(title)
    pair = AIRPORT_PAIR.search(title)
    about_flight = any(word.kind == "flight" for word in words)
    first = words[0] if words else None
    leads = first is not None and not plain(title[: first.position]).strip(" :-–[(")
    if leads and first and first.kind != "flight":
        return Verdict(first.kind, "clear", f'the title begins with "{first.text}"')
    if number := flight_number(title, about_flight or bool(pair)):
        return Verdict("flight", "clear", f"flight number {number} in the title")
    if leads and first:
        return Verdict(first.kind, "clear", f'the title begins with "{first.text}"')
    if pair and (about_flight or pair[0] == title.strip()):
        return Verdict("flight", "likely", f'airport codes "{pair[0]}" in the title')
    if first:
        return Verdict(first.kind, "likely", f'the word "{first.text}" in the title')
    return _judge_rest(title, categories, description, all_day, place)


def _judge_rest(
    title: str, categories: str, description: str, all_day: bool, place: str
) -> Verdict:
    marks = [plain(part).strip() for part in categories.split(",")]
    if head := re.match(r"\s*\[(\w[\w ]*)\]", description):
        marks.append(plain(head[1]))
    for kind in get_args(Kind):
        for mark in rules()["categories"].get(kind, []):
            if plain(mark) in marks:
                return Verdict(kind, "clear", f'category "{mark}"')
    if len(re.findall(r"\([A-Z]{3}\)", title)) >= 2:
        return Verdict("flight", "likely", "two airport codes in the title")
    if any(word.kind == "stay" for word in find_words(place)) and all_day:
        return Verdict("stay", "likely", f'all-day entry at "{place}"')
    if all_day and place:
        return Verdict("stay", "guess", "an all-day entry with a place")
    if place:
        return Verdict("meeting", "guess", "a timed entry with a place")
    return Verdict("other", "guess", "no rule of kinds.yaml applies")


def is_virtual(place: str) -> bool:
    """Whether the place is a call, a link, or a word for "not known yet"."""
    bare = plain(place).strip()
    if re.fullmatch(r"(https?://\S+|\+?[\d ()-]{7,})", bare):
        return "map" not in bare and "@" not in bare
    names = (plain(word) for word in rules()["virtual"])
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", bare) for name in names)
