"""Words of a table or card as the values of an item. What is not understood is refused."""

import re
from datetime import date

from varangian.kernel.results import Refused

KINDS = {
    "profile": "profile person biography bio",
    "work": "work job office employer company business profession",
    "appearance": "appearance appearances public_appearance event talk interview media",
    "wealth": "wealth wealth_signal money assets luxury",
    "controversy": "controversy dispute criticism protest",
    "household": "household family home_staff staff relatives children",
    "routine": "routine habit habits schedule pattern",
    "footprint": "footprint digital_footprint digital online data",
}
DETAILS = {
    "address": "address home_address postal_address street residence",
    "handle": "handle account username user_name profile_page social_media nick",
    "email": "email e_mail mail email_address",
    "phone": "phone telephone mobile cell phone_number tel",
    "tail_number": "tail_number tail aircraft registration callsign",
    "property": "property land real_estate deed house",
    "document": "document file record filing leak",
}
SENSITIVITIES = {
    "unknown": "unknown not_judged none",
    "knows": "knows low minor",
    "helps": "helps medium moderate",
    "finds": "finds high major",
    "reaches": "reaches critical severe",
}
SIGNS = {known: (name, "") for name, words in KINDS.items() for known in words.split()} | {
    known: ("footprint", name) for name, words in DETAILS.items() for known in words.split()
}
DETAIL_OF = {known: name for name, words in DETAILS.items() for known in words.split()}
SENSITIVITY_OF = {known: name for name, words in SENSITIVITIES.items() for known in words.split()}
SPLIT = re.compile(r"\s*[./-]\s*")


def simple(words: str) -> str:
    """``Date seen`` and ``date-seen`` are one name."""
    return re.sub(r"[\W_]+", "_", words.casefold()).strip("_")


def read_kind(words: str) -> tuple[str, str]:
    """Kind and detail: who writes "phone" as the kind means a footprint."""
    if not words.strip():
        return "", ""
    if found := SIGNS.get(simple(words)):
        return found
    raise Refused(
        f"'{words[:40]}' is no kind of exposure",
        mend=f"One of: {', '.join(KINDS)}; or {', '.join(DETAILS)} for a footprint.",
    )


def read_detail(words: str) -> str:
    if not words.strip():
        return ""
    if found := DETAIL_OF.get(simple(words)):
        return found
    raise Refused(
        f"'{words[:40]}' is no detail of a digital footprint",
        mend=f"One of: {', '.join(DETAILS)}.",
    )


def read_sensitivity(words: str) -> str:
    if not words.strip():
        return "unknown"
    if found := SENSITIVITY_OF.get(simple(words)):
        return found
    raise Refused(f"'{words[:40]}' is no sensitivity", mend=f"One of: {', '.join(SENSITIVITIES)}.")


def read_date(words: str) -> date | None:
    """Year first, or day first with full stops. Strokes are read only where one way is possible."""
    text = words.strip().split("T")[0].split(" ")[0] if words.strip()[:4].isdigit() else words
    parts = SPLIT.split(text.strip())
    if not words.strip():
        return None
    numbers = len(parts) == 3 and all(part.isascii() and part.isdecimal() for part in parts)
    if numbers and (found := _date(parts, text)) is not None:
        return found
    raise Refused(f"'{words[:40]}' is no date", mend="Write 2026-11-24, or 24.11.2026.")


def _date(parts: list[str], text: str) -> date | None:
    if any(len(part) > 4 for part in parts):
        return None
    first, middle, last = map(int, parts)
    try:
        if len(parts[0]) == 4:
            return date(first, middle, last)
        if len(parts[2]) != 4:
            return None
        if "." not in text and first != middle and first <= 12 and middle <= 12:
            raise Refused(
                f"'{text[:40]}' can be two days", mend="Write the year first: 2026-11-24."
            )
        day, month = (first, middle) if "." in text or middle <= 12 else (middle, first)
        return date(last, month, day)
    except ValueError:
        return None
