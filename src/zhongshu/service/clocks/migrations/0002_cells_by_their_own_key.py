"""Cells keyed by what they count, so that no index holds the number; counted anew."""

from django.db import migrations, models

import zhongshu.service.kit.fields

RECOUNT = """
    ALTER TABLE clocks_cell SET (fillfactor = 80);
    TRUNCATE clocks_delta;
    INSERT INTO clocks_delta (unit_path, kind_id, ends_itself, due_minute, n)
    SELECT unit_path, kind_id, ends_itself, date_trunc('minute', due_at), count(*)
      FROM clocks_clock WHERE state = 'running' GROUP BY 1, 2, 3, 4
"""


class Migration(migrations.Migration):
    dependencies = [("clocks", "0001_initial")]

    operations = [
        migrations.DeleteModel("Cell"),
        migrations.CreateModel(
            "Cell",
            [
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "unit_path",
                        "width_min",
                        "kind_id",
                        "start",
                        "ends_itself",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "unit_path",
                    zhongshu.service.kit.fields.PathField(db_collation="C", max_length=80),
                ),
                ("width_min", models.SmallIntegerField()),
                ("kind_id", models.BigIntegerField()),
                ("start", models.DateTimeField()),
                ("ends_itself", models.BooleanField()),
                ("n", models.IntegerField()),
            ],
        ),
        migrations.RunSQL(RECOUNT, migrations.RunSQL.noop),
    ]
