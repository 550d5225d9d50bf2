from django.db import migrations

from zhongshu.service.rowsecurity.install import install


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("audit", "0001_initial"),
        ("cases", "0001_initial"),
        ("contacts", "0001_initial"),
        ("directives", "0001_initial"),
        ("incidents", "0001_initial"),
        ("people", "0001_initial"),
        ("periods", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("resources", "0001_initial"),
        ("signals", "0001_initial"),
        ("units", "0001_initial"),
        ("zones", "0001_initial"),
    ]
    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: install(schema_editor.connection),
            migrations.RunPython.noop,
        )
    ]
