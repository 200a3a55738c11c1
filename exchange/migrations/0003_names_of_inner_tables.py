from django.db import migrations

from shared.database.names_only import NamesOnly


class Migration(migrations.Migration):
    """What imports and files are kept in is called."""

    dependencies = [
        ("exchange", "0002_translated_names"),
    ]

    operations = [
        NamesOnly(
            [
                migrations.AlterModelOptions(
                    name="filechunk",
                    options={"verbose_name": "piece of a file", "verbose_name_plural": "pieces of files"},
                ),
                migrations.AlterModelOptions(
                    name="importchange",
                    options={
                        "ordering": ["number", "id"],
                        "verbose_name": "change by an import",
                        "verbose_name_plural": "changes by imports",
                    },
                ),
                migrations.AlterModelOptions(
                    name="importrow",
                    options={
                        "ordering": ["number"],
                        "verbose_name": "row of an import",
                        "verbose_name_plural": "rows of imports",
                    },
                ),
                migrations.AlterModelOptions(
                    name="storedfile",
                    options={"verbose_name": "stored file", "verbose_name_plural": "stored files"},
                ),
            ]
        )
    ]
