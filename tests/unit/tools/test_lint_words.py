import subprocess
from pathlib import Path

import pytest
from tools.lint_words import check

HOST = "pypi" + ".org"
MACHINE = "/" + "work/main/file"
HOME = "/" + "home/alice/file"
KEY = "-----BEGIN " + "PRIVATE KEY-----"
TOKEN = "ghp" + "_" + "a1" * 18


def write(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.mark.parametrize(
    ("name", "line", "says"),
    [
        ("docs/a.md", f"get it from {HOST} now", "registry"),
        ("requirements.lock", "a==1 # https" + "://x.example/a", "addresses"),
        ("a.sh", f"cat {MACHINE}", "machine"),
        ("a.py", f'PATH = "{HOME}"', "machine"),
        ("a.pem", KEY, "private key"),
        ("a.yaml", f"x: {TOKEN}", "access token"),
        ("a.py", "api_key" + ' = "Zk3vQ9xT7mL2pR8sW4yB"', "plain text"),
    ],
)
def test_a_forbidden_line_is_named_with_its_number(
    tmp_path: Path, name: str, line: str, says: str
) -> None:
    write(tmp_path, name, f"first\n{line}\n")
    (fault,) = check(tmp_path)
    assert fault.startswith(f"{name}:2: ")
    assert says in fault


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("docs/a.md", "see the address https" + "://x.example/work/a"),
        ("a.py", 'path("incident/work/", view)'),
        ("a.sh", "cd $HOME/.cache && ls ~/work"),
        ("a.py", 'password = os.environ["VARANGIAN_DATABASE_PASSWORD_1"]'),
        ("a.py", "api_key" + ' = "Zk3vQ9xT7mL2pR8sW4yB"  # not-a-secret: invented'),
        ("src/varangian/ui/static/vendor/m@1/m.js", HOST),
    ],
)
def test_what_is_allowed(tmp_path: Path, name: str, line: str) -> None:
    write(tmp_path, name, line)
    assert check(tmp_path) == []


def test_ignored_and_binary_files_are_not_read(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    write(tmp_path, ".gitignore", "local/\n")
    write(tmp_path, "local/a.txt", HOST)
    write(tmp_path, "a.bin", "\0" + HOST)
    assert check(tmp_path) == []


@pytest.mark.parametrize(
    "shown",
    [
        "<p>The color of the armored car</p>",
        '<p>Color</p><input placeholder="Armor" aria-label="armor">',
    ],
)
def test_american_spelling_that_is_shown(tmp_path: Path, shown: str) -> None:
    write(tmp_path, "src/varangian/a/templates/a/x.html", f"{{% load x %}}\n\n{shown}\n")
    found = check(tmp_path)
    assert len(found) >= 2
    assert all(fault.startswith("src/varangian/a/templates/a/x.html:3: ") for fault in found)


def test_spelling_in_code_and_british_text_is_free(tmp_path: Path) -> None:
    text = (
        '<style>p { color: red; text-align: center }</style><p class="text-center">colour</p>'
        "{{ organization.color }}{% if canceled %}<code>color</code>{% endif %}<!-- color -->"
    )
    write(tmp_path, "src/varangian/a/templates/x.html", text)
    assert check(tmp_path) == []
