"""Who sees which section of a principal's file, and what may be written there."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from varangian.kernel.ids import slugify
from varangian.kernel.results import Refused
from varangian.platform.access.roles import Role

MASKED = "masked"
SHORTEST_PURPOSE = 8
LONGEST_TEXT = 20_000

L, O, D, A, P, C = Role  # noqa: E741
DESK = frozenset({L, A, P})
NOBODY: frozenset[Role] = frozenset()


@dataclass(frozen=True)
class Section:
    name: str
    words: str
    fields: tuple[str, ...]
    open_to: frozenset[Role]
    """Roles that see it as it is. Everybody else sees "masked"."""
    unmask: str = ""
    """The action that opens a section for one reading, with a reason; empty: never."""


SECTIONS = {
    section.name: section
    for section in (
        Section("name", "Name", ("name",), DESK | {O, C}),
        Section("background", "Background and work", ("background", "work"), DESK),
        Section("exposure", "Public exposure", ("public_exposure",), DESK | {O}),
        Section("concerns", "Known concerns", ("known_concerns",), DESK | {O}),
        Section("preferences", "Preferences", ("preferences",), DESK | {O, C}),
        Section("consent", "Consent", ("consent",), DESK),
        Section("medical", "Medical card", ("medical",), NOBODY, "principal.medical"),
        Section("family", "Family", ("family",), NOBODY, "principal.unmask"),
        Section("addresses", "Addresses", ("addresses",), NOBODY, "principal.unmask"),
        Section("routine", "Routine", ("routine",), NOBODY, "principal.unmask"),
        Section(
            "words",
            "Code and duress word",
            ("code_word", "duress_word"),
            NOBODY,
            "principal.unmask",
        ),
        Section("contacts", "Contacts", (), DESK | {O}),
        Section("windows", "Privacy windows", (), DESK | {O, C}),
    )
}
MASKABLE = tuple(name for name, section in SECTIONS.items() if section.unmask)

TEXTS = tuple(
    field for section in SECTIONS.values() for field in section.fields if field != "medical"
)
MEDICAL = {
    "blood_group": "Blood group",
    "allergies": "Allergies",
    "conditions": "Conditions",
    "medication": "Medication",
    "doctor": "Doctor",
    "insurer": "Insurer",
    "next_of_kin": "Next of kin",
    "notes": "Notes",
}
BLOOD_GROUPS = ("O-", "O+", "A-", "A+", "B-", "B+", "AB-", "AB+")


def field_words(field: str) -> str:
    return MEDICAL.get(field) or field.replace("_", " ").capitalize()


def open_sections(roles: Iterable[Role]) -> set[str]:
    """Sections that somebody with these roles sees without asking."""
    held = set(roles)
    return {name for name, section in SECTIONS.items() if held & section.open_to}


def section_named(name: str) -> Section:
    if name not in MASKABLE:
        raise Refused("This is no masked section", where=name, mend=", ".join(MASKABLE))
    return SECTIONS[name]


def checked_purpose(purpose: str) -> str:
    words = " ".join(purpose.split())
    if len(words) < SHORTEST_PURPOSE:
        raise Refused(
            f"A reason has at least {SHORTEST_PURPOSE} characters",
            where="purpose",
            mend="Say what it is needed for, without personal detail: the reason stays readable.",
        )
    return words[:400]


def checked_texts(texts: dict[str, str]) -> dict[str, str]:
    unknown = set(texts) - set(TEXTS)
    if unknown:
        raise Refused(
            "These fields cannot be written",
            where=", ".join(sorted(unknown)),
            mend=f"Possible: {', '.join(TEXTS)}.",
        )
    long = [name for name, value in texts.items() if len(value) > LONGEST_TEXT]
    if long:
        raise Refused(f"At most {LONGEST_TEXT} characters a field", where=", ".join(long))
    return {name: value.strip() for name, value in texts.items()}


def checked_medical(card: dict[str, str]) -> dict[str, str]:
    unknown = set(card) - set(MEDICAL)
    if unknown:
        raise Refused(
            "The medical card has no such lines",
            where=", ".join(sorted(unknown)),
            mend=", ".join(MEDICAL),
        )
    group = card.get("blood_group", "").strip().upper().replace("−", "-")
    if group and group not in BLOOD_GROUPS:
        raise Refused("There is no such blood group", where=group, mend=", ".join(BLOOD_GROUPS))
    trimmed = {name: value.strip() for name, value in card.items()}
    return {**trimmed, "blood_group": group} if "blood_group" in card else trimmed


def check_discreet(name: str, *labels: str) -> None:
    """Code name and short name stay readable everywhere, so they must not give the person away."""
    words = {word for word in slugify(name, "").split("-") if len(word) > 2}
    for label in labels:
        told = words & set(slugify(label, "").split("-"))
        if told:
            raise Refused(
                "This gives the person away",
                where=label,
                mend="Code name and short name stand in addresses, logs and on the radio: "
                "choose a word that has nothing to do with the person.",
            )


def checked_code_name(code_name: str) -> str:
    words = " ".join(code_name.split())
    if not words or len(words) > 40 or not re.search(r"\w", words):
        raise Refused("A code name has 1 to 40 characters", where="code_name")
    return words


def check_window(
    starts: datetime, ends: datetime, others: Iterable[tuple[datetime, datetime]]
) -> None:
    """Windows end after they start and do not overlap; they may touch."""
    if starts.tzinfo is None or ends.tzinfo is None:
        raise Refused("A time needs its zone", where="starts, ends")
    if ends <= starts:
        raise Refused("The window ends before it starts", where=f"{starts:%d %b %H:%M %Z}")
    every = sorted([*others, (starts, ends)])
    for (_, end), (start, _) in pairwise(every):
        if start < end:
            raise Refused(
                "There is already a privacy window at that time",
                where=f"{start:%d %b %H:%M} to {end:%d %b %H:%M %Z}",
                mend="Remove the other window first, or choose another time.",
            )
