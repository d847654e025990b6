"""What a plan still lacks, and its announcements with their fill-ins."""

import re
from dataclasses import dataclass

from .content import TITLES, Content, Message

FILL = re.compile(r"\{([a-z_]+)\}")
BLANK = "____"
LANGUAGES = {"en": "English", "de": "Deutsch", "fr": "Français", "fi": "Suomi", "es": "Español"}
OF_PHASE = {"ingress": "Coming in", "circulation": "Inside", "egress": "Going out"}


@dataclass(frozen=True)
class Gap:
    """``bars``: without it nobody signs."""

    section: str
    words: str
    bars: bool = False

    @property
    def title(self) -> str:
        return TITLES[self.section]


def gaps(content: Content, leaks: list[tuple[str, str]] | None = None) -> list[Gap]:
    stop, medical = content.show_stop, content.medical
    found = [
        Gap(where.split(".")[0].split(" ")[0], f"{where} names {word}, which is for the team alone",
            bars=True)
        for where, word in leaks or []
    ]  # fmt: skip
    found += [
        Gap("show_stop", words, bars=True)
        for there, words in (
            (stop.who, "Nobody has the authority to stop the show"),
            (stop.words, "The words that stop the show are not written"),
            (stop.how, "How the show is stopped is not written"),
        )
        if not there
    ]
    if stop.who and not stop.deputies:
        found.append(Gap("show_stop", "Nobody deputises for the person who stops the show"))
    found += _zones(content) + _messages(content) + _posts(content)
    found += [
        Gap("matrix", f"{name.replace('.', ', ').capitalize()} says nothing",
            bars=name == "emergency.egress.management")
        for name, cell in content.matrix.items()
        if not cell.text
    ]  # fmt: skip
    if not medical.who_orders:
        found.append(Gap("medical", "Who orders evacuation is not written", bars=True))
    if not medical.hospital:
        found.append(Gap("medical", "No hospital is named"))
    if not any(party.name for party in content.parties):
        found.append(Gap("parties", "Neither organiser nor venue has a name"))
    if content.event.opens is None or content.event.clear is None:
        found.append(Gap("event", "From when to when the posts stand is not known"))
    return sorted(found, key=lambda gap: not gap.bars)


def _zones(content: Content) -> list[Gap]:
    if not content.zones:
        return [Gap("zones", "No zone has a trigger", bars=True)]
    return [
        Gap("zones", f"{zone.name}: nothing is done at {colour}", bars=True)
        for zone in content.zones
        for colour, there in (("amber", zone.amber_do), ("red", zone.red_do))
        if not there
    ]


def _messages(content: Content) -> list[Gap]:
    if not content.messages.items:
        return [Gap("messages", "No announcement is prepared", bars=True)]
    missing: dict[str, list[str]] = {}
    for message in content.messages.items:
        for name in unfilled(message, content.messages.fills):
            missing.setdefault(name, []).append(message.title)
    return [
        Gap("messages", f"What {{{name}}} stands for is not written ({', '.join(titles)})")
        for name, titles in missing.items()
    ]


def _posts(content: Content) -> list[Gap]:
    if not content.posts:
        return [Gap("posts", "Nobody stands anywhere")]
    return [
        Gap("posts", f"{post.title}: {words}")
        for post in content.posts
        for there, words in ((post.tasks, "no task"), (post.call, "nobody to call"))
        if not there
    ]


def unfilled(message: Message, fills: dict[str, str]) -> list[str]:
    names = {name for text in message.texts.values() for name in FILL.findall(text)}
    return sorted(name for name in names if not fills.get(name))


def filled(text: str, fills: dict[str, str]) -> str:
    return FILL.sub(lambda found: fills.get(found[1]) or BLANK, text)
