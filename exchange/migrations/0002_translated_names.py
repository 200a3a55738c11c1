import django.contrib.postgres.functions
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from shared.database.names_only import NamesOnly

import shared.ids


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0001_imports_and_exports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="export",
            options={"ordering": ["-id"], "verbose_name": "export", "verbose_name_plural": "exports"},
        ),
        migrations.AlterModelOptions(
            name="import",
            options={"ordering": ["-id"], "verbose_name": "import", "verbose_name_plural": "imports"},
        ),
        migrations.AlterField(
            model_name="export",
            name="created_at",
            field=models.DateTimeField(
                db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name="created at"
            ),
        ),
        migrations.AlterField(
            model_name="export",
            name="created_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="created by",
            ),
        ),
        migrations.AlterField(
            model_name="export",
            name="expires_at",
            field=models.DateTimeField(null=True, verbose_name="expires at"),
        ),
        migrations.AlterField(
            model_name="export",
            name="file",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="exchange.storedfile",
                verbose_name="file",
            ),
        ),
        migrations.AlterField(
            model_name="export",
            name="file_format",
            field=models.CharField(
                choices=[("csv", "CSV (any program)"), ("xlsx", "XLSX (Excel, LibreOffice)")],
                default="csv",
                max_length=4,
                verbose_name="file format",
            ),
        ),
        migrations.AlterField(
            model_name="export",
            name="id",
            field=models.UUIDField(
                default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name="id"
            ),
        ),
        migrations.AlterField(
            model_name="export",
            name="message",
            field=models.TextField(blank=True, verbose_name="message"),
        ),
        migrations.AlterField(
            model_name="export",
            name="query",
            field=models.TextField(
                blank=True, help_text="The list's filters and search, as in its address.", verbose_name="query"
            ),
        ),
        migrations.AlterField(
            model_name="export",
            name="run_id",
            field=models.UUIDField(editable=False, null=True, verbose_name="run id"),
        ),
        migrations.AlterField(
            model_name="export",
            name="sheet",
            field=models.CharField(help_text="What the rows are.", max_length=30, verbose_name="sheet"),
        ),
        migrations.AlterField(
            model_name="export",
            name="status",
            field=models.CharField(
                choices=[("waiting", "Waiting"), ("running", "Being written"), ("done", "Ready"), ("failed", "Failed")],
                default="waiting",
                max_length=7,
                verbose_name="status",
            ),
        ),
        migrations.AlterField(
            model_name="export",
            name="total",
            field=models.IntegerField(
                default=0, help_text="Rows there are, counted at the start.", verbose_name="total"
            ),
        ),
        migrations.AlterField(
            model_name="export",
            name="updated_at",
            field=models.DateTimeField(auto_now=True, verbose_name="updated at"),
        ),
        migrations.AlterField(
            model_name="export",
            name="written",
            field=models.IntegerField(default=0, verbose_name="written"),
        ),
        migrations.AlterField(
            model_name="filechunk",
            name="id",
            field=models.UUIDField(
                default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name="id"
            ),
        ),
        migrations.AlterField(
            model_name="import",
            name="clears_empty",
            field=models.BooleanField(
                default=False, help_text="Whether an empty cell empties the value.", verbose_name="clears empty"
            ),
        ),
        migrations.AlterField(
            model_name="import",
            name="conflicts",
            field=models.IntegerField(
                default=0, help_text="What the last undo could not undo.", verbose_name="conflicts"
            ),
        ),
        migrations.AlterField(
            model_name="import",
            name="created_at",
            field=models.DateTimeField(
                db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name="created at"
            ),
        ),
        migrations.AlterField(
            model_name="import",
            name="created_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="created by",
            ),
        ),
        migrations.AlterField(
            model_name="import",
            name="creates",
            field=models.IntegerField(default=0, verbose_name="creates"),
        ),
        migrations.AlterField(
            model_name="import",
            name="delimiter",
            field=models.CharField(
                blank=True, help_text="Between the cells of a CSV file.", max_length=1, verbose_name="delimiter"
            ),
        ),
        migrations.AlterField(
            model_name="import",
            name="encoding",
            field=models.CharField(blank=True, help_text="Of a CSV file.", max_length=20, verbose_name="encoding"),
        ),
        migrations.AlterField(
            model_name="import",
            name="expires_at",
            field=models.DateTimeField(
                help_text="When file, rows and the way back are forgotten.", null=True, verbose_name="expires at"
            ),
        ),
        migrations.AlterField(
            model_name="import",
            name="faulty",
            field=models.IntegerField(default=0, verbose_name="faulty"),
        ),
        migrations.AlterField(
            model_name="import",
            name="file",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="exchange.storedfile",
                verbose_name="file",
            ),
        ),
        migrations.AlterField(
            model_name="import",
            name="file_name",
            field=models.CharField(max_length=200, verbose_name="file name"),
        ),
        migrations.AlterField(
            model_name="import",
            name="finished_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="finished at"),
        ),
        migrations.AlterField(
            model_name="import",
            name="headers",
            field=models.JSONField(default=list, help_text="The cells of the first row.", verbose_name="headers"),
        ),
        migrations.AlterField(
            model_name="import",
            name="id",
            field=models.UUIDField(
                default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name="id"
            ),
        ),
        migrations.AlterField(
            model_name="import",
            name="key",
            field=models.CharField(
                blank=True, help_text="The column by which a row finds its record.", max_length=60, verbose_name="key"
            ),
        ),
        migrations.AlterField(
            model_name="import",
            name="kind",
            field=models.CharField(
                choices=[("customers", "Customers"), ("companies", "Companies"), ("variants", "Variants and prices")],
                help_text="What the rows are.",
                max_length=9,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="import",
            name="leaves_out_faulty",
            field=models.BooleanField(
                default=False, help_text="Whether rows with errors are left out.", verbose_name="leaves out faulty"
            ),
        ),
        migrations.AlterField(
            model_name="import",
            name="mapping",
            field=models.JSONField(
                default=dict, help_text="Place in the row: name of the column.", verbose_name="mapping"
            ),
        ),
        migrations.AlterField(
            model_name="import",
            name="may_add_companies",
            field=models.BooleanField(
                default=False, help_text="Whether unknown companies are made.", verbose_name="may add companies"
            ),
        ),
        migrations.AlterField(
            model_name="import",
            name="message",
            field=models.TextField(blank=True, help_text="What went wrong.", verbose_name="message"),
        ),
        migrations.AlterField(
            model_name="import",
            name="mode",
            field=models.CharField(
                choices=[
                    ("both", "Create new ones and update those that are known"),
                    ("create", "Create new ones only"),
                    ("update", "Update those that are known only"),
                ],
                default="both",
                max_length=6,
                verbose_name="mode",
            ),
        ),
        migrations.AlterField(
            model_name="import",
            name="progress",
            field=models.IntegerField(default=0, help_text="Per cent of what is being done.", verbose_name="progress"),
        ),
        migrations.AlterField(
            model_name="import",
            name="run_id",
            field=models.UUIDField(editable=False, null=True, verbose_name="run id"),
        ),
        migrations.AlterField(
            model_name="import",
            name="samples",
            field=models.JSONField(default=list, help_text="The cells of the next few.", verbose_name="samples"),
        ),
        migrations.AlterField(
            model_name="import",
            name="skips_conflicts",
            field=models.BooleanField(
                default=False,
                help_text="Whether an undo leaves out what changed since.",
                verbose_name="skips conflicts",
            ),
        ),
        migrations.AlterField(
            model_name="import",
            name="status",
            field=models.CharField(
                choices=[
                    ("uploaded", "Columns to be named"),
                    ("checking", "Being checked"),
                    ("checked", "Checked, nothing written yet"),
                    ("running", "Being written"),
                    ("done", "Done"),
                    ("undoing", "Being undone"),
                    ("undone", "Undone"),
                    ("failed", "Failed, nothing written"),
                ],
                default="uploaded",
                max_length=8,
                verbose_name="status",
            ),
        ),
        migrations.AlterField(
            model_name="import",
            name="total",
            field=models.IntegerField(default=0, help_text="Rows in the file.", verbose_name="total"),
        ),
        migrations.AlterField(
            model_name="import",
            name="unchanged",
            field=models.IntegerField(default=0, verbose_name="unchanged"),
        ),
        migrations.AlterField(
            model_name="import",
            name="updated_at",
            field=models.DateTimeField(auto_now=True, verbose_name="updated at"),
        ),
        migrations.AlterField(
            model_name="import",
            name="updates",
            field=models.IntegerField(default=0, verbose_name="updates"),
        ),
        migrations.AlterField(
            model_name="importchange",
            name="id",
            field=models.UUIDField(
                default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name="id"
            ),
        ),
        migrations.AlterField(
            model_name="importrow",
            name="id",
            field=models.UUIDField(
                default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name="id"
            ),
        ),
        migrations.AlterField(
            model_name="storedfile",
            name="id",
            field=models.UUIDField(
                default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name="id"
            ),
        ),
    ]
    operations = [NamesOnly(operations)]
