"""A house whose commands start at once: one process has loaded the code, a command is its fork."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.stack import Stack

DESK = """
import json, os, sys, traceback
os.environ["DJANGO_SETTINGS_MODULE"] = "varangian.config.settings"
os.environ.setdefault("VARANGIAN_DB_ROLE", "worker")
from varangian.platform.database.connect import database_at_hand

def fork(words, files):
    for number, path in enumerate(files, start=1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    code = 1
    try:
        main(words)
    except SystemExit as end:
        code = end.code
    except Exception:
        traceback.print_exc()
    sys.stdout.flush()
    os._exit(code)

with database_at_hand():
    import django
    django.setup()
    import varangian.config.commands
    from varangian.cli import main
    for line in sys.stdin:
        words, *files = json.loads(line)
        child = os.fork() or fork(words, files)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


class House(Stack):
    """``run`` is a command line with its exit code and both outputs."""

    desk: "subprocess.Popen[str] | None" = None

    def run(self, *words: str) -> Done:
        if self.desk is None:
            self.desk = subprocess.Popen(
                [sys.executable, "-c", DESK],
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        files = [self.home / "said.out", self.home / "said.err"]
        self.desk.stdin.write(json.dumps([words, *map(str, files)]) + "\n")
        self.desk.stdin.flush()
        code = self.desk.stdout.readline()
        assert code, "the desk has ended"
        return Done(int(code), *(Path(file).read_text() for file in files))

    def cli(self, *words: str, actor: str = "", check: bool = True) -> Any:
        done = self.run(*(["--as", actor] if actor else []), *words, "--json")
        assert not check or done.code == 0, done.err[-2000:]
        return done.data if done.out.strip() else None

    def stop(self, *how: Any, **more: Any) -> int:
        self.close_desk()
        return super().stop(*how, **more)

    def kill(self) -> None:
        self.close_desk()
        super().kill()

    def close_desk(self) -> None:
        if self.desk is not None:
            self.desk.stdin.close()
            self.desk.wait(10)
            self.desk.stdout.close()
            self.desk = None
