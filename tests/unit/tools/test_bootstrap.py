"""The bootstrap with a stand-in uv: what it asks for, and that it asks once."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
UV = """#!/bin/sh
if [ "$1" = --version ]; then exit 0; fi
echo "$@" >> "$CALLS"
if [ "$1" = venv ]; then mkdir -p .venv/bin; ln -sf "$PYTHON" .venv/bin/python; fi
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools/bootstrap.sh", tmp_path / "tools")
    names = ["requirements.lock", "requirements-dev.lock", "tools/bootstrap.lock", "pyproject.toml"]
    for name in names:
        (tmp_path / name).write_text(f"{name}\n")
    (tmp_path / "bin").mkdir()
    script(tmp_path, "uv", UV)
    script(tmp_path, "python3.13", '#!/bin/sh\nexec "$PYTHON" "$@"\n')
    return tmp_path


def script(tree: Path, name: str, text: str) -> None:
    path = tree / "bin" / name
    path.write_text(text)
    path.chmod(0o755)


def run(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": f"{tree / 'bin'}:/usr/bin:/bin",
        "HOME": str(tree / "empty"),
        "CALLS": str(tree / "calls"),
        "PYTHON": os.path.realpath(sys.executable),
    }
    command = ["sh", str(tree / "tools/bootstrap.sh"), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def calls(tree: Path) -> list[str]:
    path = tree / "calls"
    return path.read_text().splitlines() if path.exists() else []


def test_it_installs_by_hash_and_then_has_nothing_to_do(tree: Path) -> None:
    first = run(tree)
    assert first.returncode == 0, first.stderr
    made, packages, project = calls(tree)
    assert made.startswith("venv ")
    assert "--require-hashes -r requirements.lock" in packages
    assert "--no-deps" in project
    second = run(tree)
    assert (second.returncode, second.stderr, len(calls(tree))) == (0, "", 3)


def test_a_changed_lock_is_installed_again_into_the_same_environment(tree: Path) -> None:
    run(tree)
    (tree / "requirements.lock").write_text("changed\n")
    run(tree)
    assert [call.split()[0] for call in calls(tree)] == ["venv", "pip", "pip", "pip", "pip"]


def test_development_answers_for_the_core_but_not_the_other_way_round(tree: Path) -> None:
    run(tree, "--dev")
    assert "requirements-dev.lock" in calls(tree)[1]
    run(tree)
    assert len(calls(tree)) == 3
    (tree / ".venv/.varangian-stamp").unlink()
    run(tree)
    run(tree, "--dev")
    assert len(calls(tree)) == 7


def test_extras_are_locks_beside_the_core(tree: Path) -> None:
    (tree / "requirements-vision.lock").write_text("vision\n")
    assert run(tree, "vision").returncode == 0
    assert "-r requirements.lock -r requirements-vision.lock" in calls(tree)[1]
    assert run(tree, "all").returncode == 0
    assert len(calls(tree)) == 3


def test_a_shim_that_only_answers_an_error_is_passed_over(tree: Path) -> None:
    script(tree, "python3.12", (tree / "bin/python3.13").read_text())
    script(tree, "python3.13", "#!/bin/sh\necho 'version not installed' >&2\nexit 127\n")
    assert run(tree).returncode == 0
    assert calls(tree)[0].startswith("venv ")


@pytest.mark.parametrize("argument", ["--nonsense", "nonsense", "dev"])
def test_what_it_does_not_know_it_refuses(tree: Path, argument: str) -> None:
    answer = run(tree, argument)
    assert answer.returncode == 1
    assert argument in answer.stderr
    assert calls(tree) == []


def test_a_failed_install_is_told_and_tried_again(tree: Path) -> None:
    script(tree, "uv", UV + 'if [ "$1" = pip ]; then echo no route; exit 2; fi\n')
    answer = run(tree)
    assert answer.returncode == 1
    assert "no route" in answer.stderr
    assert not (tree / ".venv/.varangian-stamp").exists()
    script(tree, "uv", UV)
    assert run(tree).returncode == 0
