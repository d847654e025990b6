"""The party of roll calls and the party of travel become one: travel's. Nobody is lost."""

import django.db.models.deletion
from django.db import migrations, models

OPEN_TO_OWNER = "alter table {} no force row level security"
"""The walls are laid anew after the migration."""
TABLES = ("protection_partymember", "protection_musterperson", "travel_partyperson")


def open_tables(_, editor):
    for table in TABLES:
        editor.execute(OPEN_TO_OWNER.format(table))


def join(apps, editor):
    """Who stands in both lists under one name is one person; the others move over as they are."""
    members = apps.get_model("protection", "PartyMember")
    travellers = apps.get_model("travel", "PartyPerson")
    lines = apps.get_model("protection", "MusterPerson")
    known = {}
    for row in travellers.objects.order_by("joined_at"):
        known.setdefault((row.operation_id, _plain(row.name)), row)
    for old in members.objects.order_by("added_at"):
        same = known.get((old.operation_id, _plain(old.name))) if old.name else None
        person = _fill(same, old) if same is not None else _move(travellers, old)
        if old.name:
            known[old.operation_id, _plain(old.name)] = person
        lines.objects.filter(member_id=old.pk).update(traveller_id=person.pk)
    editor.execute("set constraints all immediate")


def _plain(name):
    return " ".join((name or "").casefold().split())


def _fill(person, old):
    """What travel does not know yet of somebody in both lists. Present in one list is present."""
    changed = []
    for field in ("phone", "relation"):
        if not getattr(person, field) and getattr(old, field):
            setattr(person, field, getattr(old, field))
            changed.append(field)
    if person.left_at is not None and old.left_at is None:
        person.left_at = None
        changed.append("left_at")
    if changed:
        person.save(update_fields=changed)
    return person


def _move(model, old):
    """An erased person moves over without content: their key is gone."""
    sealed = {} if _erased(old) else {"name": old.name, "phone": old.phone}
    return model.objects.create(
        pk=old.pk,
        key_id=old.key_id,
        compartment_id=old.compartment_id,
        operation_id=old.operation_id,
        relation=old.relation,
        joined_at=old.added_at,
        left_at=old.left_at,
        **sealed,
    )


def _erased(old):
    from varangian.platform.crypto.keys import data_key

    return data_key(old.key_id) is None


class Migration(migrations.Migration):
    dependencies = [
        ("protection", "0004_nodes"),
        ("travel", "0003_presence"),
    ]

    operations = [
        migrations.AddField(
            model_name="musterperson",
            name="traveller",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="travel.partyperson",
            ),
        ),
        migrations.RunPython(open_tables, migrations.RunPython.noop),
        migrations.RunPython(join, migrations.RunPython.noop),
        migrations.RemoveField(model_name="musterperson", name="member"),
        migrations.DeleteModel(name="PartyMember"),
    ]
