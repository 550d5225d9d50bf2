from django.db import migrations

from zhongshu.service.rowsecurity.install import install


class Migration(migrations.Migration):
    dependencies = [
        ("rowsecurity", "0016_prices"),
        ("rounds", "0003_tubes"),
    ]
    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: install(schema_editor.connection),
            migrations.RunPython.noop,
        )
    ]
