"""Words that must not be in the repository.

Registry hosts and addresses in locks, absolute paths of somebody's machine, things that look like
secrets, and American spellings in what templates show. A line with `not-a-secret` is excused from
the search for secrets; say beside it why.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from template_source import Reader, templates

ROOT = Path(__file__).resolve().parent.parent
SKIPPED = {".git", ".venv", ".tools", "node_modules", "vendor", "var"}
EXCUSE = "not-a-secret"
HOSTS = re.compile(
    r"\b(?:npmjs|pypi|pythonhosted|yarnpkg|jsdelivr|unpkg|crates|rubygems|anaconda)"
    r"\.(?:org|com|net|io)\b"
    r"|\bproxy\.golang\b|\b(?:deb|security|snapshot)\.debian\.|\barchive\.ubuntu\.",
    re.IGNORECASE,
)
MACHINE_PATH = re.compile(
    r"(?<![\w./~$}-])/(?:work|root|Users/\w+|home/\w[\w.-]*)(?=[/\s\"'`:,;)]|$)"
)
SECRETS = {
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"),
    "a cloud access key": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "an access token": re.compile(
        r"\b(?:gh[pousr]_\w{30,}|github_pat_\w{30,}|glpat-[\w-]{20,}|xox[abprs]-[\w-]{20,}"
        r"|sk-[\w-]{24,}|eyJ[\w-]{15,}\.eyJ[\w-]{15,}\.[\w-]{10,})"
    ),
    "a secret in plain text": re.compile(
        r"(?:secret|passw(?:or)?d|token|api_?key|private_?key)\w*[\"']?\s*[:=]\s*[\"']"
        r"(?=[^\"']*\d)(?=[^\"']*[A-Za-z])[\w+/=-]{20,}[\"']",
        re.IGNORECASE,
    ),
}
SPELLINGS = {
    r"colors?|colored": "colour",
    r"centers?|centered": "centre",
    r"organiz\w+": "organis-",
    r"canceled|canceling": "cancelled",
    r"authoriz\w+": "authoris-",
    r"recogniz\w+": "recognis-",
    r"prioritiz\w+": "prioritis-",
    r"summariz\w+": "summaris-",
    r"minimiz\w+": "minimis-",
    r"analyz\w+": "analys-",
    r"behaviors?|behavioral": "behaviour",
    r"armor\w*": "armour",
    r"defenses?": "defence",
    r"neighbor\w*": "neighbour",
    r"harbors?": "harbour",
    r"favorites?": "favourite",
    r"license": "licence (the noun)",
    r"maneuver\w*": "manoeuvre",
    r"traveler\w*|traveling|traveled": "traveller",
    r"kilometers?|meters": "metre",
    r"gray": "grey",
    r"fulfill": "fulfil",
    r"aging": "ageing",
}
AMERICAN = {
    re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE): british
    for pattern, british in SPELLINGS.items()
}
SHOWN_ATTRIBUTES = {"title", "alt", "placeholder", "aria-label", "data-confirm", "hx-confirm"}


def tracked(root: Path) -> Iterator[Path]:
    """What git holds or would hold; outside a repository every file."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    answer = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if answer.returncode == 0:
        paths = [root / name for name in answer.stdout.split("\0") if name]
    else:
        paths = list(root.rglob("*"))
    for path in sorted(paths):
        if path.is_file() and not SKIPPED & set(path.relative_to(root).parts[:-1]):
            yield path


def text_of(path: Path) -> str | None:
    content = path.read_bytes()
    if b"\0" in content[:8192]:
        return None
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None


def line_faults(line: str, is_lock: bool) -> Iterator[str]:
    if host := HOSTS.search(line):
        yield f"names a package registry ({host.group()})"
    if is_lock and ":" + "//" in line:
        yield "a lock must not hold addresses"
    if path := MACHINE_PATH.search(line):
        yield f"a path of one machine ({path.group()})"
    if EXCUSE not in line:
        for what, pattern in SECRETS.items():
            if pattern.search(line):
                yield f"looks like {what}"


class Shown(Reader):
    """Text and attributes of a template that people read."""

    def __init__(self) -> None:
        super().__init__()
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "style", "code", "pre"}:
            self.silent += 1
        for name, value in attrs:
            if name in SHOWN_ATTRIBUTES and value:
                self.search(value)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style", "code", "pre"}:
            self.silent = max(0, self.silent - 1)

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.search(data)

    def search(self, text: str) -> None:
        for pattern, british in AMERICAN.items():
            for match in pattern.finditer(text):
                line = self.getpos()[0] + text[: match.start()].count("\n")
                self.fault(f'"{match.group()}": we write {british}', line)


def check(root: Path) -> list[str]:
    faults = []
    for path in tracked(root):
        name, lines = path.relative_to(root), (text_of(path) or "").splitlines()
        for number, line in enumerate(lines, 1):
            found = line_faults(line, path.suffix == ".lock")
            faults += [f"{name}:{number}: {message}" for message in found]
    for path in templates(root):
        shown = Shown().read(path.read_text(encoding="utf-8"))
        faults += [f"{path.relative_to(root)}:{line}: {message}" for line, message in shown]
    return faults


def main() -> int:
    faults = check(ROOT)
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
