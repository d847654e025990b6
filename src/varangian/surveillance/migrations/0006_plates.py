from django.db import migrations, models

import varangian.platform.crypto.fields


class Migration(migrations.Migration):
    dependencies = [
        ("surveillance", "0005_sources"),
    ]

    operations = [
        migrations.AddField(
            model_name="camera",
            name="plate_countries",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="camera",
            name="plates_basis",
            field=varangian.platform.crypto.fields.SealedField(
                blank=True, editable=True, null=True
            ),
        ),
        migrations.AddField(
            model_name="camera",
            name="reads_plates",
            field=models.BooleanField(default=False),
        ),
    ]
