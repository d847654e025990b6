"""Do the models say more than the migrations? Needs no database."""

import os
import sys
import tempfile

os.environ["DJANGO_SETTINGS_MODULE"] = "varangian.config.settings"
os.environ.setdefault("VARANGIAN_HOME", tempfile.mkdtemp(prefix="varangian-lint-"))


def main() -> int:
    import django
    from django.core.management import call_command

    django.setup()
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=1)
    except SystemExit:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
