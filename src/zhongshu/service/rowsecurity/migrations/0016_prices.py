from django.db import migrations

from zhongshu.service.rowsecurity.install import install


class Migration(migrations.Migration):
    dependencies = [
        ("rowsecurity", "0015_dispatch"),
        ("resources", "0004_prices"),
    ]
    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: install(schema_editor.connection),
            migrations.RunPython.noop,
        )
    ]
