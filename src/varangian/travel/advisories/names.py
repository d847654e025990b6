"""Countries by the names that governments use. Codes beside a name are not trusted: the American
ones are not ISO, and an AU there is Austria, an AS Australia."""

import re
import unicodedata
from functools import cache

from varangian.places.countries import COUNTRIES, COUNTRY_ALIASES

from .iso3 import ISO3

_OTHERS = """
    BS bahamas | GM gambia | NL netherlands | CD democratic republic of congo |
    CD congo democratic republic | CG republic of congo | CG congo | CI cote d ivoire |
    CI cote divoire | CV cape verde | MM burma | MM myanmar burma | MM burma myanmar |
    SZ swaziland | TL east timor | PS west bank and gaza | PS palestine | PS the west bank |
    PS occupied palestinian territories | PS the occupied palestinian territories |
    PS palestinian territories | PS gaza | PS west bank | PS gaza strip | CN mainland china |
    CN peoples republic of china | MO macau | MK macedonia | VA holy see | VA vatican city |
    FM federated states of micronesia | SY syrian arab republic |
    LA lao peoples democratic republic | KG kyrgyz republic | CZ czech | SK slovak republic |
    KP north korea democratic peoples republic of korea | KP democratic peoples republic of korea |
    KR republic of korea | KR korea south | KP korea north | MD moldova republic of |
    BA bosnia herzegovina | BN brunei darussalam | IR islamic republic of iran |
    TZ united republic of tanzania | VE bolivarian republic of venezuela | SX st maarten |
    MF st martin | BL st barthelemy | LC st lucia | KN st kitts and nevis |
    VC st vincent and the grenadines | PM st pierre and miquelon | PM st pierre miquelon |
    SH st helena ascension and tristan da cunha | SH saint helena ascension and tristan da cunha |
    BQ bonaire | BQ bonaire st eustatius and saba | BQ bonaire sint eustatius and saba |
    TC turks and caicos | VI us virgin islands | RE reunion | AX aland | TR turkiye |
    GB united kingdom of great britain and northern ireland | FK falkland islands malvinas |
    GS south georgia and south sandwich islands | TT trinidad tobago | AG antigua barbuda |
    ST sao tome principe
"""
GROUPS = {
    "french west indies": ("GP", "MQ", "MF", "BL"),
    "antilles francaises": ("GP", "MQ", "MF", "BL"),
    "israel the west bank and gaza": ("IL", "PS"),
    "china including hong kong and macau": ("CN", "HK", "MO"),
}
_BESIDE = re.compile(r"\([^)]*\)")
_NOISE = re.compile(r"\b(travel advice|travel advisory|see summaries|see state summaries)\b")


def _plain(name: str) -> str:
    words = unicodedata.normalize("NFKD", name.casefold())
    words = "".join(sign for sign in words if not unicodedata.combining(sign))
    words = words.replace("&", " and ").replace("'", "").replace("’", "")
    words = _NOISE.sub(" ", re.sub(r"[^a-z0-9]+", " ", words))
    return " ".join(words.split()).removeprefix("the ")


@cache
def _known() -> dict[str, str]:
    found = {_plain(name): code for code, name in COUNTRIES.items()}
    found |= {_plain(name): code for name, code in COUNTRY_ALIASES.items()}
    rows = (" ".join(row.split()).partition(" ") for row in _OTHERS.split("|"))
    return found | {name.removeprefix("the "): code for code, _, name in rows}


def by_name(name: str) -> tuple[str, ...]:
    """ISO codes of a name, of "Gambia, The", or of several countries in one heading."""
    name = _BESIDE.sub(" ", name)
    whole = _plain(name)
    if whole in GROUPS:
        return GROUPS[whole]
    if found := _known().get(whole) or _known().get(_plain(_turned(name))):
        return (found,)
    parts = [
        _known().get(_plain(part)) for part in re.split(r",|&|\band\b|;", name) if part.strip()
    ]
    return tuple(dict.fromkeys(p for p in parts if p)) if parts and all(parts) else ()


def _turned(name: str) -> str:
    last, comma, first = name.partition(",")
    return f"{first} {last}" if comma else name


def by_code(code: str) -> str:
    """ISO code of two letters, from two or three; "" when it is neither."""
    code = code.strip().upper()
    return code if code in COUNTRIES else ISO3.get(code, "")
