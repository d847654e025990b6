"""What a person notes of a communication: few questions, a key for each answer, no sum of them."""

from dataclasses import dataclass
from typing import Any

from varangian.kernel.results import Refused


@dataclass(frozen=True)
class Answer:
    id: str
    words: str
    key: str


@dataclass(frozen=True)
class Question:
    id: str
    words: str
    asks: str
    answers: tuple[Answer, ...]
    many: bool = False


def _answers(*given: tuple[str, str, str]) -> tuple[Answer, ...]:
    return tuple(Answer(*one) for one in given)


QUESTIONS = (
    Question(
        "writer",
        "Writer",
        "Is it from whom it says?",
        _answers(
            ("as_named", "As named", "z"),
            ("doubtful", "Doubtful", "h"),
            ("nameless", "Gives no name", "v"),
        ),
    ),
    Question(
        "tone",
        "Tone",
        "How does it sound as a whole?",
        _answers(
            ("friendly", "Friendly", "1"),
            ("matter_of_fact", "Matter of fact", "2"),
            ("pleading", "Pleading", "3"),
            ("angry", "Angry", "4"),
            ("menacing", "Menacing", "5"),
            ("confused", "Hard to follow", "6"),
        ),
    ),
    Question(
        "requests",
        "Requests",
        "What does it ask for? Leave all open for nothing.",
        _answers(
            ("meet", "A meeting", "a"),
            ("answer", "An answer", "s"),
            ("help", "Money or help", "d"),
            ("relation", "A relation", "f"),
            ("other_request", "Something else", "t"),
        ),
        many=True,
    ),
    Question(
        "approach",
        "Approach",
        "Does it tell of coming near, planned or done?",
        _answers(("yes", "Yes", "i"), ("no", "No", "o"), ("unsure", "Unsure", "p")),
    ),
    Question(
        "target",
        "Target",
        "At whom or what is it aimed?",
        _answers(
            ("principal", "The principal", "q"),
            ("household", "Household", "w"),
            ("staff", "Staff or team", "r"),
            ("place", "A place or event", "y"),
            ("nobody", "Nobody named", "u"),
        ),
    ),
    Question(
        "specific",
        "Specificity",
        "Which of these does it name? Leave all open for none.",
        _answers(
            ("time", "A time", "7"),
            ("place", "A place", "8"),
            ("means", "A means", "9"),
            ("person", "A person", "0"),
        ),
        many=True,
    ),
)
BY_ID = {one.id: one for one in QUESTIONS}
LATER, KEEP = "l", "m"
"""Keys: leave this one for later; keep the answers and go to the next."""


def checked(given: dict[str, Any]) -> dict[str, Any]:
    """Answers by question; what was not answered is left out, and is unknown."""
    found: dict[str, Any] = {}
    for name, value in given.items():
        question = BY_ID.get(name)
        if question is None:
            raise Refused("There is no such question", name, mend=", ".join(BY_ID))
        known = [one.id for one in question.answers]
        chosen = [value] if isinstance(value, str) else list(value or ())
        chosen = [one for one in chosen if one]
        if wrong := [one for one in chosen if one not in known]:
            raise Refused("There is no such answer", f"{name}: {wrong[0]}", ", ".join(known))
        if question.many:
            found[name] = [one for one in known if one in chosen]
        elif len(chosen) > 1:
            raise Refused("One answer only", where=name)
        elif chosen:
            found[name] = chosen[0]
    return found


def in_words(answers: dict[str, Any]) -> list[tuple[str, str]]:
    """(question, answer) for reading; nothing chosen among many is said as such."""
    rows = []
    for question in QUESTIONS:
        if question.id not in answers:
            rows.append((question.words, "not answered"))
            continue
        value = answers[question.id]
        chosen = [value] if isinstance(value, str) else value
        words = [one.words for one in question.answers if one.id in chosen]
        rows.append((question.words, ", ".join(words) or "none"))
    return rows
