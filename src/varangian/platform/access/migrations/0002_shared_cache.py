"""The table of Django's database cache, which all processes of the house share."""

from django.db import migrations

MAKE = """create table house_cache (
    cache_key varchar(255) primary key, value text not null, expires timestamptz not null);
create index house_cache_expires on house_cache (expires);"""


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]
    operations = [migrations.RunSQL(MAKE, "drop table house_cache")]
