import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import shared.ids


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('users', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='StoredFile',
            fields=[
                ('id', models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('name', models.CharField(max_length=200)),
                ('size', models.BigIntegerField(default=0, help_text='Bytes.')),
            ],
            options={
                'verbose_name': 'stored file',
                'verbose_name_plural': 'stored files',
                'db_table': 'exchange_stored_file',
            },
        ),
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('created_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('kind', models.CharField(choices=[('customers', 'Customers'), ('companies', 'Companies'), ('variants', 'Variants and prices')], help_text='What the rows are.', max_length=9, verbose_name='kind')),
                ('status', models.CharField(choices=[('uploaded', 'Columns to be named'), ('checking', 'Being checked'), ('checked', 'Checked, nothing written yet'), ('running', 'Being written'), ('done', 'Done'), ('undoing', 'Being undone'), ('undone', 'Undone'), ('failed', 'Failed, nothing written')], default='uploaded', max_length=8, verbose_name='status')),
                ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='exchange.storedfile', verbose_name='file')),
                ('file_name', models.CharField(max_length=200, verbose_name='file name')),
                ('created_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('encoding', models.CharField(blank=True, help_text='Of a CSV file.', max_length=20, verbose_name='encoding')),
                ('delimiter', models.CharField(blank=True, help_text='Between the cells of a CSV file.', max_length=1, verbose_name='delimiter')),
                ('doubts', models.JSONField(db_default=[], default=list, help_text='Encodings that may be meant, each with lines in which they differ; empty once it is clear.', verbose_name='doubts')),
                ('header_row', models.IntegerField(db_default=1, default=1, help_text='The row with the names of the columns.', verbose_name='header row')),
                ('headers', models.JSONField(default=list, help_text='The cells of that row.', verbose_name='headers')),
                ('samples', models.JSONField(default=list, help_text='The cells of the next few.', verbose_name='samples')),
                ('notes', models.JSONField(db_default=[], default=list, help_text='What is left out or is not as it looks.', verbose_name='notes')),
                ('mapping', models.JSONField(default=dict, help_text='Place in the row: name of the column.', verbose_name='mapping')),
                ('key', models.CharField(blank=True, help_text='The column by which a row finds its record.', max_length=60, verbose_name='key')),
                ('mode', models.CharField(choices=[('both', 'Create new ones and update those that are known'), ('create', 'Create new ones only'), ('update', 'Update those that are known only')], default='both', max_length=6, verbose_name='mode')),
                ('clears_empty', models.BooleanField(default=False, help_text='Whether an empty cell empties the value.', verbose_name='clears empty')),
                ('leaves_out_faulty', models.BooleanField(default=False, help_text='Whether rows with errors are left out.', verbose_name='leaves out faulty')),
                ('may_add_companies', models.BooleanField(default=False, help_text='Whether unknown companies are made.', verbose_name='may add companies')),
                ('skips_conflicts', models.BooleanField(default=False, help_text='Whether an undo leaves out what changed since.', verbose_name='skips conflicts')),
                ('run_id', models.UUIDField(editable=False, null=True, verbose_name='run id')),
                ('progress', models.IntegerField(default=0, help_text='Per cent of what is being done.', verbose_name='progress')),
                ('total', models.IntegerField(default=0, help_text='Rows in the file.', verbose_name='total')),
                ('creates', models.IntegerField(default=0, verbose_name='creates')),
                ('updates', models.IntegerField(default=0, verbose_name='updates')),
                ('unchanged', models.IntegerField(default=0, verbose_name='unchanged')),
                ('faulty', models.IntegerField(default=0, verbose_name='faulty')),
                ('conflicts', models.IntegerField(default=0, help_text='What the last undo could not undo.', verbose_name='conflicts')),
                ('message', models.TextField(blank=True, help_text='What went wrong.', verbose_name='message')),
                ('finished_at', models.DateTimeField(editable=False, null=True, verbose_name='finished at')),
                ('expires_at', models.DateTimeField(help_text='When file, rows and the way back are forgotten.', null=True, verbose_name='expires at')),
            ],
            options={
                'verbose_name': 'import',
                'verbose_name_plural': 'imports',
                'db_table': 'exchange_import',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['created_by', '-id'], name='import_created_by'), models.Index(condition=models.Q(('expires_at__isnull', False)), fields=['expires_at'], name='import_expires')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['customers', 'companies', 'variants'])), name='import_kind_known'), models.CheckConstraint(condition=models.Q(('status__in', ['uploaded', 'checking', 'checked', 'running', 'done', 'undoing', 'undone', 'failed'])), name='import_status_known'), models.CheckConstraint(condition=models.Q(('mode__in', ['both', 'create', 'update'])), name='import_mode_known')],
            },
        ),
        migrations.CreateModel(
            name='FileChunk',
            fields=[
                ('id', models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('file', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='chunks', to='exchange.storedfile')),
                ('position', models.IntegerField(help_text='Place in the file, from 0.')),
                ('data', models.BinaryField()),
            ],
            options={
                'verbose_name': 'piece of a file',
                'verbose_name_plural': 'pieces of files',
                'db_table': 'exchange_file_chunk',
                'constraints': [models.UniqueConstraint(fields=('file', 'position'), name='file_chunk_position_unique')],
            },
        ),
        migrations.CreateModel(
            name='Export',
            fields=[
                ('id', models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('created_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('sheet', models.CharField(help_text='What the rows are.', max_length=30, verbose_name='sheet')),
                ('query', models.TextField(blank=True, help_text="The list's filters and search, as in its address.", verbose_name='query')),
                ('file_format', models.CharField(choices=[('csv', 'CSV (any program)'), ('xlsx', 'XLSX (Excel, LibreOffice)')], default='csv', max_length=4, verbose_name='file format')),
                ('status', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Being written'), ('done', 'Ready'), ('failed', 'Failed')], default='waiting', max_length=7, verbose_name='status')),
                ('created_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('run_id', models.UUIDField(editable=False, null=True, verbose_name='run id')),
                ('total', models.IntegerField(default=0, help_text='Rows there are, counted at the start.', verbose_name='total')),
                ('written', models.IntegerField(default=0, verbose_name='written')),
                ('message', models.TextField(blank=True, verbose_name='message')),
                ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='exchange.storedfile', verbose_name='file')),
                ('expires_at', models.DateTimeField(null=True, verbose_name='expires at')),
            ],
            options={
                'verbose_name': 'export',
                'verbose_name_plural': 'exports',
                'db_table': 'exchange_export',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['created_by', '-id'], name='export_created_by'), models.Index(condition=models.Q(('expires_at__isnull', False)), fields=['expires_at'], name='export_expires')],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['waiting', 'running', 'done', 'failed'])), name='export_status_known'), models.CheckConstraint(condition=models.Q(('file_format__in', ['csv', 'xlsx'])), name='export_format_known')],
            },
        ),
        migrations.CreateModel(
            name='ImportChange',
            fields=[
                ('id', models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('data_import', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='exchange.import')),
                ('model', models.CharField(help_text="The record's table.", max_length=20)),
                ('object_id', models.UUIDField()),
                ('number', models.IntegerField(help_text='Row of the file.', null=True)),
                ('before', models.JSONField(null=True)),
                ('after', models.JSONField()),
                ('tags_before', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), null=True, size=None)),
                ('tags_after', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), null=True, size=None)),
                ('conflict', models.CharField(blank=True, db_default='', help_text='Why it could not be undone.', max_length=8)),
            ],
            options={
                'verbose_name': 'change by an import',
                'verbose_name_plural': 'changes by imports',
                'db_table': 'exchange_import_change',
                'ordering': ['number', 'id'],
                'indexes': [models.Index(condition=models.Q(('conflict', ''), _negated=True), fields=['data_import', 'number'], name='import_change_conflict')],
                'constraints': [models.UniqueConstraint(fields=('data_import', 'model', 'object_id'), name='import_changes_a_record_once')],
            },
        ),
        migrations.CreateModel(
            name='ImportRow',
            fields=[
                ('id', models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('data_import', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='exchange.import')),
                ('number', models.IntegerField(help_text='Row of the file; the headers are row 1.')),
                ('key', models.TextField(blank=True)),
                ('values', models.JSONField(default=dict)),
                ('links', models.JSONField(default=dict)),
                ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), null=True, size=None)),
                ('errors', models.JSONField(default=list)),
                ('needs', models.JSONField(default=list)),
                ('faults', models.JSONField(db_default=[], default=list)),
                ('is_faulty', models.BooleanField(default=False)),
                ('object_id', models.UUIDField(help_text='The record that the key finds.', null=True)),
                ('patch', models.JSONField(db_default={}, default=dict, help_text='What the links found.')),
            ],
            options={
                'verbose_name': 'row of an import',
                'verbose_name_plural': 'rows of imports',
                'db_table': 'exchange_import_row',
                'ordering': ['number'],
                'indexes': [models.Index(condition=models.Q(('is_faulty', True)), fields=['data_import', 'number'], name='import_row_faulty')],
                'constraints': [models.UniqueConstraint(fields=('data_import', 'number'), name='import_row_number_unique')],
            },
        ),
    ]
