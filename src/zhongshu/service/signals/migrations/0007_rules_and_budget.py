import django.db.models.deletion
from django.db import migrations, models

_FIGURES = ("expected", "sd", "z", "p_value")


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0001_initial"),
        ("signals", "0006_breaks_tests_and_selftests"),
    ]

    operations = [
        *(
            migrations.AlterField(
                model_name="signal", name=name, field=models.FloatField(null=True)
            )
            for name in _FIGURES
        ),
        migrations.AddField(
            model_name="signal", name="probability", field=models.FloatField(null=True)
        ),
        migrations.AddField(
            model_name="signal",
            name="rule",
            field=models.CharField(blank=True, default="", max_length=120),
            preserve_default=False,
        ),
        migrations.RemoveConstraint(model_name="signal", name="signal_once"),
        migrations.AddConstraint(
            model_name="signal",
            constraint=models.UniqueConstraint(
                fields=("incident", "unit", "stream", "date", "method", "rule"),
                name="signal_once",
            ),
        ),
        migrations.CreateModel(
            name="BudgetDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("date", models.DateField()),
                ("known_at", models.DateTimeField()),
                ("alerts_a_week", models.FloatField()),
                ("level", models.FloatField()),
                ("left", models.FloatField()),
                ("tested", models.IntegerField()),
                ("able", models.IntegerField()),
                ("raised", models.IntegerField()),
                ("by_chance", models.FloatField()),
                ("run_id", models.BigIntegerField()),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="incidents.incident",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="budgetday",
            constraint=models.UniqueConstraint(
                fields=("incident", "date"), name="signal_budget_once"
            ),
        ),
    ]
