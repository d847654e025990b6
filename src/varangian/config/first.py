"""First-start work of ``up``: the worked operation, and a one-time link for whoever sits here."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "varangian.config.settings")
django.setup()

from varangian.platform.access.context import acting  # noqa: E402
from varangian.platform.access.models import User  # noqa: E402
from varangian.platform.access.scope import SYSTEM  # noqa: E402
from varangian.platform.access.services import create_user, issue_link  # noqa: E402
from varangian.platform.database.house_keys import hold_keys  # noqa: E402
from varangian.platform.database.schema import migrate, preparing  # noqa: E402
from varangian.platform.database.walls import behind, refuse_older, waiting  # noqa: E402
from varangian.platform.jobs.app import app  # noqa: E402
from varangian.platform.ui import console  # noqa: E402

ADMINISTRATOR = "admin@varangian.invalid"


def main() -> None:
    """Prints the secret of the link, and nothing else, on standard output."""
    with preparing() as connection:
        refuse_older()
        if behind():
            console.say("Making the tables; this takes a minute the first time")
            with console.progress("Tables", total=waiting()) as advance:
                migrate(advance)
        hold_keys(connection)
        with app.open():
            secret = prepare()
    sys.stdout.write(secret)


def prepare() -> str:
    from varangian.demo.services import LEADER, load_demo

    with acting(SYSTEM, purpose="first start"):
        if not User.objects.exists():
            create_user(email=ADMINISTRATOR, name="Administrator", administrator=True)
            if os.environ.get("VARANGIAN_DEMO", "1") != "0":
                console.say("Laying out a worked operation to look at")
                load_demo()
        whom = User.objects.filter(email=LEADER, is_active=True).first()
        whom = whom or User.objects.filter(is_administrator=True, is_active=True).first()
        return issue_link(user=whom) if whom and os.environ.get("VARANGIAN_LINK") != "0" else ""


if __name__ == "__main__":
    main()
