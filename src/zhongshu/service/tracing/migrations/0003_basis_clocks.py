from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracing", "0002_inquiry"),
    ]
    operations = [
        migrations.AddField(
            model_name="basis",
            name="clocks",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
    ]
