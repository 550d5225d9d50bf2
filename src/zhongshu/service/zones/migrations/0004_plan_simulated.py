import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("whatif", "0001_initial"),
        ("zones", "0003_zone_plans"),
    ]
    operations = [
        migrations.AddField(
            model_name="zoneplan",
            name="comparison",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="whatif.comparison",
            ),
        ),
    ]
