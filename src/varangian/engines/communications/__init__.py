"""Communications of concern: what a letter or mail says, whose it may be, what a record shows.

    for found in read("inbox.mbox"):            # streamed; go on later from found.bookmark
        for fact in facts(found.message): print(fact.kind, fact.words)
    record_of([contact_of(message, facts(message)) for message in by_one_writer])
    candidates(messages)                        # addresses that may be one writer's

Everything here is a proposal with its evidence. No person gets a number, nothing is decided,
nothing is fetched, and what cannot be read is kept and explained.
"""

from .contact import Contact, Record, Signal, contact_of, record_of
from .duplicates import Duplicates, Same
from .facts import Fact, facts, facts_in
from .model import LIMITS, Attachment, Limits, Message, Origin, Remark
from .reading import Bookmark, Found, read
from .report import as_dict, fact_dict, record_dict
from .writers import Candidate, Candidates, Writers, candidates

__all__ = [
    "LIMITS",
    "Attachment",
    "Bookmark",
    "Candidate",
    "Candidates",
    "Contact",
    "Duplicates",
    "Fact",
    "Found",
    "Limits",
    "Message",
    "Origin",
    "Record",
    "Remark",
    "Same",
    "Signal",
    "Writers",
    "as_dict",
    "candidates",
    "contact_of",
    "fact_dict",
    "facts",
    "facts_in",
    "read",
    "record_dict",
    "record_of",
]
