"""Positions have a partition for each day, made and dropped by two functions of the owner."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import varangian.kernel.clock
import varangian.kernel.ids

TABLE = """create table tracking_position (
    device_id uuid not null, at timestamptz not null, compartment_id uuid not null,
    heard_at timestamptz not null, lat float8 not null, lon float8 not null, altitude float8,
    accuracy float8, speed float8, course float8, battery float8,
    activity varchar(20) not null default '', source varchar(20) not null default '',
    trigger varchar(20) not null default '',
    primary key (device_id, at)
) partition by range (at)"""

# A day is attached, not created in place: readers of the other days go on.
# A partition has row security and no policy: it is read through its parent or not at all.
MAKE_DAY = """create function tracking_make_day(wanted date) returns void
language plpgsql security definer set search_path = public as $$
declare
    name text := 'tracking_position_' || to_char(wanted, 'YYYYMMDD');
begin
    if to_regclass(name) is not null then return; end if;
    perform pg_advisory_xact_lock(727011);
    if to_regclass(name) is not null then return; end if;
    execute format('create table %I (like tracking_position including all)', name);
    execute format('alter table %I enable row level security', name);
    execute format('alter table tracking_position attach partition %I for values from (%L) to (%L)',
        name, wanted::timestamp at time zone 'UTC', (wanted + 1)::timestamp at time zone 'UTC');
end $$"""

DROP_DAYS = """create function tracking_drop_days(before date) returns integer
language plpgsql security definer set search_path = public as $$
declare
    part record; dropped integer := 0;
begin
    for part in select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'tracking_position'::regclass
          and right(c.relname, 8) < to_char(before, 'YYYYMMDD')
    loop
        execute format('drop table %I', part.relname);
        dropped := dropped + 1;
    end loop;
    return dropped;
end $$"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0003_exercise"),
        ("operations", "0003_duty"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Device",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=varangian.kernel.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("carried_by_principal", models.BooleanField(default=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("owntracks", "OwnTracks"),
                            ("traccar", "Traccar Client"),
                            ("osmand", "OsmAnd"),
                            ("overland", "Overland"),
                            ("gpslogger", "GPSLogger"),
                            ("meshtastic", "Meshtastic"),
                            ("tak", "TAK client"),
                            ("phone", "Varangian on a phone"),
                            ("button", "Button"),
                            ("tracker", "Other tracker"),
                        ],
                        max_length=20,
                    ),
                ),
                ("label", models.CharField(max_length=80)),
                ("digest", models.CharField(max_length=64, null=True, unique=True)),
                ("outside_id", models.CharField(blank=True, max_length=120)),
                (
                    "share",
                    models.CharField(
                        choices=[
                            ("off", "Off"),
                            ("duty", "On duty only"),
                            ("movement", "During movements only"),
                            ("emergency", "In an emergency only"),
                        ],
                        default="duty",
                        max_length=20,
                    ),
                ),
                ("period_s", models.IntegerField(default=60)),
                ("emergency_until", models.DateTimeField(null=True)),
                ("enrolled_at", models.DateTimeField(default=varangian.kernel.clock.now)),
                ("expires_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "compartment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.compartment",
                    ),
                ),
                (
                    "enrolled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "operation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="devices",
                        to="operations.operation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="devices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["label"],
            },
        ),
        migrations.CreateModel(
            name="Fence",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=varangian.kernel.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("circle", "Circle"),
                            ("outline", "Outline"),
                            ("leash", "Somebody near the principal"),
                        ],
                        max_length=10,
                    ),
                ),
                ("lat", models.FloatField(null=True)),
                ("lon", models.FloatField(null=True)),
                ("radius_m", models.IntegerField(default=200)),
                ("ring", models.JSONField(default=list)),
                (
                    "tells",
                    models.CharField(
                        choices=[
                            ("enter", "Who enters"),
                            ("exit", "Who leaves"),
                            ("both", "Who enters and leaves"),
                        ],
                        default="both",
                        max_length=10,
                    ),
                ),
                (
                    "about",
                    models.CharField(
                        choices=[
                            ("all", "Everybody"),
                            ("team", "The team"),
                            ("principal", "The principal"),
                        ],
                        default="all",
                        max_length=10,
                    ),
                ),
                ("urgency", models.CharField(default="attention", max_length=10)),
                ("made_at", models.DateTimeField(default=varangian.kernel.clock.now)),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "compartment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.compartment",
                    ),
                ),
                (
                    "operation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="fences",
                        to="operations.operation",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="FenceSide",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=varangian.kernel.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("inside", models.BooleanField()),
                ("pending", models.IntegerField(default=0)),
                ("since", models.DateTimeField(default=varangian.kernel.clock.now)),
                (
                    "compartment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.compartment",
                    ),
                ),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sides",
                        to="tracking.device",
                    ),
                ),
                (
                    "fence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sides",
                        to="tracking.fence",
                    ),
                ),
            ],
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Position",
                    fields=[
                        ("at", models.DateTimeField()),
                        ("heard_at", models.DateTimeField()),
                        ("lat", models.FloatField()),
                        ("lon", models.FloatField()),
                        ("altitude", models.FloatField(null=True)),
                        ("accuracy", models.FloatField(null=True)),
                        ("speed", models.FloatField(null=True)),
                        ("course", models.FloatField(null=True)),
                        ("battery", models.FloatField(null=True)),
                        ("activity", models.CharField(blank=True, max_length=20)),
                        ("source", models.CharField(blank=True, max_length=20)),
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "device_id",
                                "at",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("trigger", models.CharField(blank=True, max_length=20)),
                        (
                            "compartment",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="access.compartment",
                            ),
                        ),
                        (
                            "device",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="positions",
                                to="tracking.device",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["at"],
                    },
                ),
            ],
            database_operations=[
                migrations.RunSQL(TABLE, "drop table tracking_position"),
                migrations.RunSQL(MAKE_DAY, "drop function tracking_make_day"),
                migrations.RunSQL(DROP_DAYS, "drop function tracking_drop_days"),
            ],
        ),
        migrations.CreateModel(
            name="Refusal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=varangian.kernel.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("day", models.DateField()),
                ("reason", models.CharField(max_length=20)),
                ("count", models.IntegerField(default=0)),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("claimed_at", models.DateTimeField(null=True)),
                ("lat", models.FloatField(null=True)),
                ("lon", models.FloatField(null=True)),
                (
                    "compartment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.compartment",
                    ),
                ),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="refusals",
                        to="tracking.device",
                    ),
                ),
            ],
            options={
                "ordering": ["-last_at"],
            },
        ),
        migrations.CreateModel(
            name="LastPosition",
            fields=[
                ("at", models.DateTimeField()),
                ("heard_at", models.DateTimeField()),
                ("lat", models.FloatField()),
                ("lon", models.FloatField()),
                ("altitude", models.FloatField(null=True)),
                ("accuracy", models.FloatField(null=True)),
                ("speed", models.FloatField(null=True)),
                ("course", models.FloatField(null=True)),
                ("battery", models.FloatField(null=True)),
                ("activity", models.CharField(blank=True, max_length=20)),
                ("source", models.CharField(blank=True, max_length=20)),
                (
                    "device",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="last",
                        serialize=False,
                        to="tracking.device",
                    ),
                ),
                ("stray_lat", models.FloatField(null=True)),
                ("stray_lon", models.FloatField(null=True)),
                ("stray_at", models.DateTimeField(null=True)),
                ("stray_count", models.IntegerField(default=0)),
                ("silent_since", models.DateTimeField(null=True)),
                (
                    "compartment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.compartment",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="device",
            index=models.Index(fields=["person"], name="tracking_de_person__75d790_idx"),
        ),
        migrations.AddConstraint(
            model_name="device",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("revoked_at", None), models.Q(("outside_id", ""), _negated=True)
                ),
                fields=("operation", "kind", "outside_id"),
                name="one_device_per_outside_id",
            ),
        ),
        migrations.AddConstraint(
            model_name="fenceside",
            constraint=models.UniqueConstraint(
                fields=("fence", "device"), name="one_side_of_a_fence"
            ),
        ),
        migrations.AddConstraint(
            model_name="refusal",
            constraint=models.UniqueConstraint(
                fields=("device", "day", "reason"), name="one_refusal_a_day_and_reason"
            ),
        ),
    ]
