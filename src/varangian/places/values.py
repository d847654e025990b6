"""Answers of a survey: what may be written for a question, and how it reads."""

from math import isfinite
from typing import Any

from varangian.kernel.results import Refused

from .library import FactRule

LONGEST = 2000
YES, NO = ("yes", "true", "1", "on"), ("no", "false", "0", "off")
FEWEST_DIGITS = 3


def checked_value(rule: FactRule, given: Any) -> Any:
    """The answer as it is kept: text, bool, number, option id, or list of option ids.

    Takes what a form, a command line or JSON gives; refuses in words what does not fit.
    """
    if rule.type == "several":
        return _several(rule, given)
    text = str(given).strip() if given is not None else ""
    if not text:
        raise Refused("An answer is missing", where=rule.title, mend=f"{rule.ask}.")
    if len(text) > LONGEST:
        raise Refused(f"An answer has at most {LONGEST} characters", where=rule.title)
    return CHECKS[rule.type](rule, text)


def _text(_: FactRule, text: str) -> str:
    return text.replace("\x00", "")


def _yes_no(rule: FactRule, text: str) -> bool:
    if text.lower() in YES:
        return True
    if text.lower() in NO:
        return False
    raise Refused("The answer is yes or no", where=rule.title)


def _choice(rule: FactRule, text: str) -> str:
    if text not in rule.options:
        raise Refused("This is none of the choices", where=rule.title, mend=_choices(rule))
    return text


def _several(rule: FactRule, given: Any) -> list[str]:
    parts = given if isinstance(given, list | tuple) else str(given or "").split(",")
    wanted = {str(part).strip() for part in parts} - {""}
    if not wanted:
        raise Refused("An answer is missing", where=rule.title, mend=_choices(rule))
    if unknown := wanted - set(rule.options):
        where = f"{rule.title}: {', '.join(sorted(unknown))}"
        raise Refused("This is none of the choices", where=where, mend=_choices(rule))
    return [option for option in rule.options if option in wanted]


def _number(rule: FactRule, text: str) -> float | int:
    try:
        number = float(text.replace(",", "."))
    except ValueError as error:
        raise Refused("The answer is a number", where=rule.title) from error
    if not isfinite(number) or not rule.least <= number <= rule.most:
        unit = f" {rule.unit}" if rule.unit else ""
        raise Refused(
            f"The number lies between {rule.least:g} and {rule.most:g}{unit}", where=rule.title
        )
    return int(number) if number.is_integer() else number


def _phone(rule: FactRule, text: str) -> str:
    if sum(sign.isdigit() for sign in text) < FEWEST_DIGITS or len(text) > 60:
        raise Refused("This is no telephone number", where=rule.title, mend="Such as +44 00 0000.")
    return text


def _choices(rule: FactRule) -> str:
    return f"There is: {', '.join(rule.options)}."


CHECKS: dict[str, Any] = {
    "text": _text,
    "yes_no": _yes_no,
    "choice": _choice,
    "number": _number,
    "phone": _phone,
}


def words(rule: FactRule, content: dict[str, Any]) -> str:
    """An answer as people read it."""
    if content.get("absent"):
        return "Does not apply here"
    value = content.get("value")
    if value is None:
        return "[erased]"
    if rule.type == "yes_no":
        return "Yes" if value else "No"
    if rule.type == "several":
        return ", ".join(str(rule.options.get(part, part)) for part in value)
    if rule.type == "choice":
        return str(rule.options.get(value, value))
    if rule.type == "number":
        return f"{value:g} {rule.unit}".strip()
    return str(value)
