from django.db import migrations

from zhongshu.service.rowsecurity.install import install


class Migration(migrations.Migration):
    dependencies = [
        ("rowsecurity", "0005_letters"),
        ("contacts", "0003_by_hand_kind_changes"),
        ("people", "0004_one_person"),
    ]
    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: install(schema_editor.connection),
            migrations.RunPython.noop,
        )
    ]
