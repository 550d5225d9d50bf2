from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('whatif', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='comparison',
            name='unseen',
            field=models.FloatField(null=True),
        ),
    ]
