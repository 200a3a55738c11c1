"""What an export holds has the name that it has with imports."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_initial")]

    operations = [
        migrations.RenameField("export", "sheet", "kind"),
        migrations.AlterField(
            "export", "kind", models.CharField(help_text="What the rows are.", max_length=30, verbose_name="kind")
        ),
    ]
