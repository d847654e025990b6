"""What the schema itself enforces: audit triggers, append-only tables, row security, grants.

Laid after every migration by the owner, from what the models declare:
``row_security = True`` puts a table behind the compartment policy,
``append_only = True`` refuses change and deletion, ``audited = False`` leaves the write audit out.
"""

from importlib.resources import files
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from varangian.kernel.chain import digest
from varangian.kernel.results import Refused

from .embedded import APP, WORKER

OURS = "varangian."
FLAGS = ("row_security", "append_only", "audited")
UNAUDITED = {"access.Replay", "access.SignInLink"}


def lay(**_: Any) -> None:
    """Idempotent; runs as a post-migrate hook."""
    with connection.cursor() as cursor:
        cursor.execute(files(__package__).joinpath("walls.sql").read_text())
        for model in _ours():
            _table(cursor, model)
        _grants(cursor)
        cursor.execute(f"comment on schema public is '{_mark()}'")


def waiting() -> int:
    """Migrations that were not applied here yet."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def behind() -> bool:
    """Do tables or walls lag behind the code? Cheap enough to ask at every start."""
    if waiting():
        return True
    with connection.cursor() as cursor:
        cursor.execute("select obj_description('public'::regnamespace)")
        return cursor.fetchone()[0] != _mark()


def refuse_older() -> None:
    """After an update of one machine the others must not lay their older walls over its tables."""
    loader = MigrationLoader(connection)
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith(OURS)}
    unknown = [
        key for key in loader.applied_migrations if key[0] in ours and key not in loader.graph.nodes
    ]
    replaced = {old for one in loader.graph.nodes.values() if one for old in one.replaces}
    if newer := sorted(set(unknown) - replaced):
        raise Refused(
            f"The tables are of a later version: {newer[-1][0]} {newer[-1][1]} is not known here",
            where="DATABASE_URL",
            mend="Update this machine to the version of the others.",
        )


def _mark() -> str:
    """Changes whenever the rules of this module or what the models declare change."""
    flags = [
        [model._meta.db_table, *(getattr(model, flag, None) for flag in FLAGS)] for model in _ours()
    ]
    here = files(__package__)
    texts = [here.joinpath(name).read_text() for name in ("walls.sql", "walls.py")]
    return f"varangian walls {digest([flags, texts])}"


def _ours() -> list[type[models.Model]]:
    return [m for m in apps.get_models() if m.__module__.startswith(OURS)]


def secured_tables() -> list[str]:
    return [m._meta.db_table for m in _ours() if getattr(m, "row_security", False)]


def _table(cursor: Any, model: type[models.Model]) -> None:
    table = model._meta.db_table
    cursor.execute(f'drop trigger if exists varangian_audit on "{table}"')
    cursor.execute(f'drop trigger if exists varangian_append_only on "{table}"')
    if getattr(model, "audited", True) and model._meta.label not in UNAUDITED:
        cursor.execute(
            f'create trigger varangian_audit after insert or update or delete on "{table}" '
            "for each row execute function varangian_audit()"
        )
    if getattr(model, "append_only", False):
        cursor.execute(
            "create trigger varangian_append_only before update or delete or truncate "
            f'on "{table}" for each statement execute function varangian_append_only()'
        )
    if getattr(model, "row_security", False):
        _secure(cursor, table)


def _secure(cursor: Any, table: str) -> None:
    cursor.execute(f'alter table "{table}" enable row level security')
    cursor.execute(f'alter table "{table}" force row level security')
    cursor.execute(f'drop policy if exists need_to_know on "{table}"')
    cursor.execute(f'drop policy if exists house on "{table}"')
    cursor.execute(
        f'create policy need_to_know on "{table}" to {APP} '
        "using (compartment_id = any(array(select varangian_reach())))"
    )
    cursor.execute(f'create policy house on "{table}" to {WORKER} using (true)')


def _grants(cursor: Any) -> None:
    for role in (APP, WORKER):
        cursor.execute(f"grant usage on schema public to {role}")
        cursor.execute(
            f"grant select, insert, update, delete on all tables in schema public to {role}"
        )
        cursor.execute(f"grant usage, select, update on all sequences in schema public to {role}")
        cursor.execute(f"grant execute on all functions in schema public to {role}")
