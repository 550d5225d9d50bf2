from django.db import migrations

from zhongshu.service.rowsecurity.install import install


class Migration(migrations.Migration):
    dependencies = [
        ("rowsecurity", "0002_clocks_findings_codes"),
        ("clocks", "0002_cells_by_their_own_key"),
    ]
    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: install(schema_editor.connection),
            migrations.RunPython.noop,
        )
    ]
