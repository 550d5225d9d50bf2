import django.db.models.deletion
from django.db import migrations, models

import zhongshu.service.kit.fields
from zhongshu.service.rowsecurity.install import install


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0001_initial"),
        ("rowsecurity", "0010_budget_days"),
        ("units", "0001_initial"),
        ("zones", "0002_alter_zone_unit_alter_zone_unit_path_zone_zone_path"),
    ]
    operations = [
        migrations.CreateModel(
            name="ZonePlan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "unit_path",
                    zhongshu.service.kit.fields.PathField(db_collation="C", max_length=80),
                ),
                ("actor", models.CharField(max_length=150)),
                ("user_id", models.BigIntegerField(null=True)),
                ("asked", models.JSONField()),
                ("answer", models.JSONField()),
                ("as_of", models.DateTimeField()),
                ("at", models.DateTimeField()),
                ("pack_version", models.CharField(max_length=80)),
                ("inputs_hash", models.CharField(max_length=64)),
                ("proposal_id", models.BigIntegerField(null=True)),
                ("option", models.CharField(blank=True, max_length=16)),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="incidents.incident",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.unit",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["unit_path", "-at", "-id"], name="zone_plan_scope_at")
                ],
            },
        ),
        migrations.RunPython(
            lambda apps, schema_editor: install(schema_editor.connection),
            migrations.RunPython.noop,
        ),
    ]
