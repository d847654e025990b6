"""Command and signal: who decides and how we talk."""

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


def duress_word(material: Material) -> list[Line]:
    if not material.duress:
        return []
    words = f"Principal: {material.duress}"
    return [write("duress_word", "principal", words, reason=material.about_principal)]


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
