"""A page of a mail as text. Nothing is fetched; what would be is named.

Own cutting instead of a parser that builds a tree: it takes one walk over the text, whatever is
nested or left open in it, and it knows where hidden text stands.
"""

import re
from html import unescape
from urllib.parse import urlsplit

from .model import Link, Page

TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,30})([^<>]{0,8000})>|<!--|<[!?][^<>]{0,2000}>")
ATTRIBUTE = re.compile(r"""([a-zA-Z:-]{1,30})\s{0,9}=\s{0,9}("[^"]*"|'[^']*'|[^\s"'>]+)""")
BREAKS = {
    "p", "div", "br", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
    "blockquote", "pre", "section", "article", "header", "footer", "dt", "dd", "center", "address",
}  # fmt: skip
SILENT = {
    name: re.compile(f"</{name}", re.I | re.A)
    for name in ("script", "style", "title", "noscript", "template", "svg", "object")
}
EMPTY = {"br", "img", "hr", "input", "meta", "link", "area", "base", "col", "wbr", "source"}
UNSEEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*[01](?:px|pt|em)?\s*(?:;|$)"
    r"|opacity\s*:\s*0\s*(?:;|$)|max-height\s*:\s*0|mso-hide\s*:\s*all",
    re.I,
)
REMOTE = re.compile(r"(?:https?:)?//", re.I)
IN_STYLE = re.compile(r"url\(\s{0,9}['\"]?((?:https?:)?//[^)'\"\s]{1,2000})", re.I)
HOST = re.compile(r"\b(?:https?://)?((?:[\w-]{1,63}\.){1,8}[a-z]{2,24})\b", re.I)
MOST = 200
TINY = {"0", "1", "2", "0px", "1px", "2px"}


class _Walk:
    def __init__(self) -> None:
        self.out: list[str] = []
        self.hidden: list[str] = []
        self.pictures: dict[str, None] = {}
        self.trackers: dict[str, None] = {}
        self.links: dict[Link, None] = {}
        self.unseen, self.unseen_deep = "", 0
        self.target = ""
        self.label: list[str] = []

    def text(self, words: str) -> None:
        if not words:
            return
        words = " ".join(unescape(words).split("\n")) if "\n" in words else unescape(words)
        self.out.append(words)
        if self.unseen and words.strip():
            self.hidden.append(words)
        if self.target:
            self.label.append(words)

    def tag(self, closing: bool, name: str, rest: str) -> None:
        if name in BREAKS:
            self.out.append("\n")
        if self.unseen == name and name not in EMPTY:
            self.unseen_deep += -1 if closing else 1
            if self.unseen_deep <= 0:
                self.unseen = ""
        if closing:
            if name == "a":
                self._link()
            return
        if not rest:
            return
        found = {key.lower(): value.strip("\"'") for key, value in ATTRIBUTE.findall(rest)}
        style = found.get("style", "")
        unseen = bool(style and UNSEEN.search(unescape(style)))
        if unseen and not self.unseen and name not in EMPTY:
            self.unseen, self.unseen_deep = name, 1
        if name == "a":
            self._link()
            self.target = unescape(found.get("href", ""))[:2000]
        self._pictures(name, found, style, unseen)

    def _pictures(self, name: str, found: dict[str, str], style: str, unseen: bool) -> None:
        source = unescape(found.get("src", "") or found.get("background", ""))[:2000]
        if source and REMOTE.match(source) and len(self.pictures) < MOST:
            size = {found.get("width", "").strip(), found.get("height", "").strip()} - {""}
            tiny = bool(size) and size <= TINY
            if name == "img" and (unseen or tiny):
                self.trackers[source] = None
            else:
                self.pictures[source] = None
        if style and "url(" in style:
            for one in IN_STYLE.findall(unescape(style))[:MOST]:
                self.pictures[one] = None

    def _link(self) -> None:
        """Kept only when its words name another host than it leads to."""
        shown = HOST.search("".join(self.label)[:500])
        if self.target and shown and len(self.links) < MOST:
            host = _host(self.target)
            said = shown.group(1).lower().removeprefix("www.")
            if host and host != said and not host.endswith(f".{said}"):
                self.links[Link(self.target[:500], shown.group(0)[:200])] = None
        self.target, self.label = "", []


def _host(target: str) -> str:
    try:
        return (urlsplit(target).hostname or "").lower().removeprefix("www.")
    except ValueError:
        return ""


def read_page(html: str) -> Page:
    walk = _Walk()
    at, html = 0, html.replace("\0", "\ufffd")  # as browsers do; no database takes it
    endless: set[str] = set()
    while True:
        match = TAG.search(html, at)
        if match is None:
            break
        walk.text(html[at : match.start()])
        at = match.end()
        if match.group(0) == "<!--":
            close = -1 if "-->" in endless else html.find("-->", at)
            endless |= {"-->"} if close < 0 else set()
            at = close + 3 if close >= 0 else at
            continue
        name = (match.group(2) or "").lower()
        if not name:
            continue
        closing = bool(match.group(1))
        walk.tag(closing, name, match.group(3))
        if name in SILENT and name not in endless and not closing:
            end = SILENT[name].search(html, at)
            if end is None:  # what should be silent and has no end is read: nothing is lost
                endless.add(name)
            else:
                at = end.start()
    walk.text(html[at:])
    walk.tag(True, "a", "")
    return Page(
        text=_tidy("".join(walk.out)),
        pictures=tuple(walk.pictures),
        trackers=tuple(walk.trackers),
        links=tuple(walk.links),
        hidden=_tidy(" ".join(walk.hidden))[:5000],
    )


def _tidy(text: str) -> str:
    lines = [" ".join(line.replace("\xa0", " ").split()) for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
