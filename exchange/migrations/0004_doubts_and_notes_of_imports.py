from django.db import migrations, models


class Migration(migrations.Migration):
    """What is unclear about a file, what of it is left out, and where its headers stand."""

    dependencies = [
        ("exchange", "0003_names_of_inner_tables"),
    ]

    operations = [
        migrations.AddField(
            model_name="import",
            name="doubts",
            field=models.JSONField(
                db_default=[],
                default=list,
                help_text="Encodings that may be meant, each with lines in which they differ; empty once it is clear.",
                verbose_name="doubts",
            ),
        ),
        migrations.AddField(
            model_name="import",
            name="header_row",
            field=models.IntegerField(
                db_default=1, default=1, help_text="The row with the names of the columns.", verbose_name="header row"
            ),
        ),
        migrations.AddField(
            model_name="import",
            name="notes",
            field=models.JSONField(
                db_default=[],
                default=list,
                help_text="What is left out or is not as it looks.",
                verbose_name="notes",
            ),
        ),
        migrations.AlterField(
            model_name="import",
            name="headers",
            field=models.JSONField(default=list, help_text="The cells of that row.", verbose_name="headers"),
        ),
    ]
