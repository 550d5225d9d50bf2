from django.db import migrations

from zhongshu.service.rowsecurity.install import install


class Migration(migrations.Migration):
    dependencies = [
        ("rowsecurity", "0001_initial"),
        ("clocks", "0001_initial"),
        ("codes", "0001_initial"),
        ("findings", "0001_initial"),
    ]
    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: install(schema_editor.connection),
            migrations.RunPython.noop,
        )
    ]
