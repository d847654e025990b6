"""What the lines of a card become: items about whoever the card is of."""

from .candidate import Candidate, Reading
from .vcard import Card, Property, read_cards

MEANT: dict[str, tuple[str, str, str]] = {
    "TEL": ("footprint", "phone", "Phone"),
    "EMAIL": ("footprint", "email", "E-mail"),
    "ADR": ("footprint", "address", "Address"),
    "LABEL": ("footprint", "address", "Address"),
    "URL": ("footprint", "handle", "Page"),
    "IMPP": ("footprint", "handle", "Messenger"),
    "X-SOCIALPROFILE": ("footprint", "handle", "Account"),
    "SOCIALPROFILE": ("footprint", "handle", "Account"),
    "NICKNAME": ("footprint", "handle", "Known as"),
    "CALURI": ("routine", "", "Calendar"),
    "FBURL": ("routine", "", "Free and busy times"),
    "ORG": ("work", "", "Organisation"),
    "TITLE": ("work", "", "Position"),
    "ROLE": ("work", "", "Role"),
    "BDAY": ("profile", "", "Born"),
    "ANNIVERSARY": ("household", "", "Anniversary"),
    "RELATED": ("household", "", "Relation"),
    "X-SPOUSE": ("household", "", "Spouse"),
    "NOTE": ("profile", "", "Note"),
    "HOBBY": ("profile", "", "Hobby"),
    "INTEREST": ("profile", "", "Interest"),
    "GEO": ("footprint", "address", "Position"),
}
STRUCTURE = {"FN", "N", "UID", "REV", "PRODID", "KIND", "SOURCE", "CLIENTPIDMAP", "XML"}
STRUCTURE |= {"X-ABLABEL", "PROFILE", "NAME", "CATEGORIES", "SORT-STRING", "CLASS", "GENDER"}
STRUCTURE |= {"LANG", "TZ", "X-ABADR", "X-ABUID", "MAILER"}
"""How the card itself is kept; nothing that anybody could use."""
HEAVY = {"PHOTO", "LOGO", "SOUND", "KEY"}
SCHEMES = ("tel:", "mailto:", "geo:")
LONGEST = 4_000


def read_vcards(data: bytes) -> Reading:
    cards, remarks = read_cards(data)
    found = [one for card in cards for one in _of_card(card)]
    return Reading(found, remarks)


def _of_card(card: Card) -> list[Candidate]:
    found = [
        Candidate(f"card {card.number}, line {line}", raw, problem=words, mend="Mend the line.")
        if raw
        else Candidate(f"card {card.number}, line {line}", "", problem=words, noted=True)
        for line, words, raw in card.problems
    ]
    found += [one for prop in card.properties if (one := _candidate(card, prop)) is not None]
    if card.version not in ("3.0", "4.0"):
        told = f"The card says version '{card.version[:10]}'; it was read as 3.0"
        found.insert(0, Candidate(f"card {card.number}", "", problem=told, noted=True))
    return found


def _candidate(card: Card, prop: Property) -> Candidate | None:
    where = f"card {card.number}, line {prop.line}"
    raw = f"{prop.name}: {prop.value}"[:LONGEST]
    if prop.name in HEAVY:
        told = f"The card carries a {prop.name.lower()}; it stays in the original file"
        return Candidate(where, "", problem=told, noted=True)
    if prop.name in STRUCTURE:
        return None
    if prop.name not in MEANT:
        told = f"{prop.name[:40]} has no meaning here; it stays in the original file"
        return Candidate(where, raw[:400], problem=told, noted=True)
    kind, detail, words = MEANT[prop.name]
    what = _value(prop)[:LONGEST]
    if not what:
        return Candidate(where, raw, problem=f"{words} is empty", noted=True)
    label = card.label_of(prop)
    notes = f"{words}{f' ({label})' if label else ''}, card of {card.name or 'somebody unnamed'}"
    link = what if prop.name == "URL" else ""
    fields = {"what": what, "kind": kind, "detail": detail, "notes": notes[:LONGEST], "link": link}
    return Candidate(where, raw, {**fields, "sensitivity": "unknown"})


def _value(prop: Property) -> str:
    if prop.name == "ADR":
        return ", ".join(filter(None, prop.parts()))
    if prop.name == "ORG":
        return ", ".join(filter(None, prop.parts()))
    text = prop.text
    for scheme in SCHEMES:
        if text.lower().startswith(scheme):
            return text[len(scheme) :]
    return text
