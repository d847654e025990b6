"""All rules of the house, side by side; every one is run, then the sum is told."""

import subprocess
import sys
from pathlib import Path

BIN = Path(sys.executable).parent
PYTHON = sys.executable
MOST_LINES = 60
CHECKS: dict[str, list[str]] = {
    "format": [str(BIN / "ruff"), "format", "--check", "--output-format", "concise", "."],
    "ruff": [str(BIN / "ruff"), "check", "--quiet", "."],
    "types": [str(BIN / "basedpyright"), "--level", "error"],
    "floors": [str(BIN / "lint-imports"), "--no-cache"],
    "size": [PYTHON, "tools/lint_size.py"],
    "scope": [PYTHON, "tools/lint_scope.py"],
    "words": [PYTHON, "tools/lint_words.py"],
    "templates": [PYTHON, "tools/lint_templates.py"],
    "vendored files": [PYTHON, "tools/vendor.py", "check"],
    "migrations": [PYTHON, "tools/lint_migrations.py"],
    "reference": [PYTHON, "tools/reference.py", "check"],
}


def main() -> int:
    failed = []
    for name, command in CHECKS.items():
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        print(f"{'ok  ' if done.returncode == 0 else 'FAIL'} {name}")
        if done.returncode:
            failed.append(name)
            print("\n".join((done.stdout + done.stderr).strip().splitlines()[-MOST_LINES:]))
    if failed:
        print(f"\n{len(failed)} of {len(CHECKS)} rules are broken: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
