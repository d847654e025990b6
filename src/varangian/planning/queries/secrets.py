"""What must not stand in a paper for the client: looked at by the check, shown to nobody."""

from typing import Any

from varangian.operations import queries as operations
from varangian.platform.access.queries import members
from varangian.platform.access.scope import SYSTEM, system_read
from varangian.principals import queries as principals
from varangian.threats import queries as threats

from ..client_words import Secret, long_words, names
from . import comms

MEDICAL = ("allergies", "conditions", "medication")


@system_read("the check compares words with every secret of the operation; it shows none of them")
def secrets_of(operation: Any) -> list[Secret]:
    """Names, sources, code words and medical facts of one operation."""
    who = operation.principal
    people = [row.user.name for row in members(SYSTEM, operation.compartment_id)]
    people += [post.holder.name for post in operations.posts(SYSTEM, operation) if post.holder]
    private = [who.name, *(row.name for row in principals.contacts(SYSTEM, who))]
    card = who.medical or {}
    found = names("a person's name", dict.fromkeys(people))
    found += names("a private name", dict.fromkeys(private))
    found += [Secret("a source", row.title) for row in threats.sources(SYSTEM, operation)]
    found += long_words("something medical", [str(card.get(name) or "") for name in MEDICAL])
    words = [who.code_word, who.duress_word, *_codes(operation)]
    return found + [Secret("a code word", word) for word in words if word]


def _codes(operation: Any) -> list[str]:
    version = comms.current(SYSTEM, operation)
    return [*version.code_words.values(), version.duress_word] if version else []
