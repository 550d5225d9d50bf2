import datetime as dt

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracing", "0003_basis_clocks"),
    ]
    operations = [
        migrations.AddField(
            model_name="traced",
            name="stands_to",
            # Of traces before this nobody knows: their time is over.
            field=models.DateTimeField(
                null=True, default=dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc)
            ),
            preserve_default=False,
        ),
    ]
