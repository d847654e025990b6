"""The pages for people: links lead somewhere, commands named in them exist."""

import re
from pathlib import Path

import pytest
import typer

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")
COMMAND = re.compile(r"^\s*varangian (?:--as \S+ )?(?:--exercise )?((?:[a-z-]+ ?)+)", re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    missing = [t for t in LINK.findall(page.read_text()) if not (page.parent / t).exists()]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_exist(page):
    from varangian.config.commands import app

    root = typer.main.get_command(app)
    for words in COMMAND.findall(page.read_text()):
        command = root
        for word in words.split():
            inner = getattr(command, "commands", None)
            if inner is None:
                break
            assert word in inner, f"varangian {words}"
            command = inner[word]
