from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("findings", "0002_missed_selftests")]

    operations = [
        migrations.AlterField(
            model_name="finding",
            name="kind",
            field=models.CharField(
                choices=[
                    ("measure_past_release", "Measure Past Release"),
                    ("zone_too_large", "Zone Too Large"),
                    ("test_over_maximum", "Test Over Maximum"),
                    ("colour_without_reason", "Colour Without Reason"),
                    ("selftest_missed", "Selftest Missed"),
                    ("price_rise", "Price Rise"),
                ],
                max_length=24,
            ),
        ),
    ]
