"""When an import's table goes is said by a retention rule. The column stays, empty, for the code of the last release."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("communities", "0004_guard_authorities")]

    operations = [
        migrations.AlterField(
            model_name="importbatch",
            name="expires_at",
            field=models.DateTimeField(verbose_name="kept until", null=True),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField(model_name="importbatch", name="expires_at")]
        ),
    ]
