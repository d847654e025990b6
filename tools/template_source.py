"""Templates as plain HTML, for the lints: the tags go, the line numbers and the labels stay."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from zlib import crc32

VARIABLE = "vv"
COMMENT = re.compile(r"\{#.*?#\}|\{%\s*comment\b.*?endcomment\s*%\}|<!--.*?-->", re.DOTALL)
CSRF = re.compile(r"\{%\s*csrf_token\s*%\}")
TRANSLATED = re.compile(r"\{%\s*trans(?:late)?\s+(['\"])(.*?)\1.*?%\}", re.DOTALL)
TAG = re.compile(r"\{%.*?%\}", re.DOTALL)
OUTPUT = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)


def templates(root: Path) -> Iterator[Path]:
    for path in sorted((root / "src").rglob("*.html")):
        if "templates" in path.parts:
            yield path


def _blank(match: re.Match[str]) -> str:
    return "\n" * match.group().count("\n")


def _variable(match: re.Match[str]) -> str:
    """The same expression gives the same word, so a label's `for` still meets its `id`."""
    return f"{VARIABLE}{crc32(match.group(1).strip().encode()):08x}" + _blank(match)


def as_html(source: str) -> str:
    source = COMMENT.sub(_blank, source)
    source = CSRF.sub('<input type="hidden" name="csrfmiddlewaretoken">', source)
    source = TRANSLATED.sub(lambda match: match.group(2) + _blank(match), source)
    return OUTPUT.sub(_variable, TAG.sub(_blank, source))


class Reader(HTMLParser):
    """A parser that collects faults with their line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[tuple[int, str]] = []

    def fault(self, message: str, line: int | None = None) -> None:
        self.faults.append((line or self.getpos()[0], message))

    def read(self, source: str) -> list[tuple[int, str]]:
        self.feed(as_html(source))
        self.close()
        return sorted(self.faults)
