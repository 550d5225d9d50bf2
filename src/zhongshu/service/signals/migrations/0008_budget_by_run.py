from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("signals", "0007_rules_and_budget")]

    operations = [
        migrations.RemoveConstraint(model_name="budgetday", name="signal_budget_once"),
        migrations.AddConstraint(
            model_name="budgetday",
            constraint=models.UniqueConstraint(
                fields=("incident", "date", "known_at"), name="signal_budget_once"
            ),
        ),
    ]
