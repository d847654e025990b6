"""Command and signal: who decides and how we talk."""

from varangian.kernel.words import plural

from ..rules import RANKS
from .line import NEED_CONTACTS, Line, write
from .material import Material, joined


def chain(material: Material) -> list[Line]:
    commanding = [post for post in material.posts if post.edition == "detail_leader"]
    lines = []
    for rank, post in enumerate(commanding):
        holder = str(post.holder) if post.holder_id else "not filled"
        words = "commands" if rank == 0 else "takes over next"
        text = f"{post.title} ({holder}) {words}."
        lines.append(write("chain", f"post:{post.pk}", text, reason=("post", post.pk)))
    return lines


def call_signs(material: Material) -> list[Line]:
    known = [
        write(
            "call_signs",
            f"post:{post.pk}",
            f"{post.call_sign}: {post.title}.",
            reason=("post", post.pk),
        )
        for post in material.posts
        if post.call_sign
    ]
    if not known:
        return []
    words = f"{material.principal.code_name}: the principal."
    return [*known, write("call_signs", "principal", words, reason=material.about_principal)]


def channels(material: Material) -> list[Line]:
    """The means by rank, primary first."""
    if material.comms is None:
        return []
    means = material.comms.bearers
    return [
        write(
            "channels",
            f"rank:{rank}",
            f"{rank.capitalize()}: {means[rank]}",
            reason=material.about_comms,
        )
        for rank in RANKS
        if means.get(rank)
    ]


def check_calls(material: Material) -> list[Line]:
    comms = material.comms
    if comms is None:
        return []
    after = f"{plural(comms.missed, 'missed call', 'missed calls')} open a search"
    text = joined([f"Every {comms.check_minutes} minutes", comms.check_words, after])
    return [write("check_calls", "interval", text, reason=material.about_comms)]


def duress_word(material: Material) -> list[Line]:
    found = []
    if material.duress:
        words = f"Principal: {material.duress}"
        found.append(write("duress_word", "principal", words, reason=material.about_principal))
    if material.comms is not None and material.comms.duress_word:
        words = f"Team: {material.comms.duress_word}"
        found.append(write("duress_word", "team", words, reason=material.about_comms))
    return found


def emergency_contacts(material: Material) -> list[Line]:
    callable_ = [place for place in material.visited() if place.phone]
    lines = [
        write(
            "emergency_contacts",
            f"contact:{contact.pk}",
            joined([f"{contact.role.capitalize()}: {contact.name}", contact.phone]),
            only=NEED_CONTACTS,
            reason=material.about_principal,
        )
        for contact in material.contacts
        if contact.emergency
    ]
    return lines + [
        write(
            "emergency_contacts",
            f"place:{place.pk}",
            f"{place.name}: {place.phone}",
            reason=("place", place.pk),
        )
        for place in callable_
    ]
