"""``varangian keys``: what every machine of a house holds, and only they"""

from pathlib import Path

import typer
from django.conf import settings

from varangian.kernel.results import Refused
from varangian.platform.database.commands import PassphraseFile, passphrase
from varangian.platform.ui import console

from .handover import pack, unpack

app = typer.Typer(help="The keys that the machines of a house share.", no_args_is_help=True)


@app.command("export")
def export(
    file: Path, passphrase_file: PassphraseFile = None, as_json: console.AsJson = False
) -> None:
    """Write the keys of this machine into one sealed file, for another machine of the house."""
    names = pack(settings.KEYS, file, passphrase(passphrase_file, twice=True))
    console.emit({"keys": ", ".join(names), "to": str(file)}, as_json)
    console.say("Delete it as soon as the other machine has read it.")


@app.command("import")
def import_(
    file: Path, passphrase_file: PassphraseFile = None, as_json: console.AsJson = False
) -> None:
    """Read the keys that another machine of this house wrote."""
    if not file.is_file():
        raise Refused("There is no such file", where=str(file))
    names = unpack(file, settings.KEYS, passphrase(passphrase_file, twice=False))
    console.emit({"keys": ", ".join(names), "to": str(settings.KEYS)}, as_json)


groups = {"keys": app}
