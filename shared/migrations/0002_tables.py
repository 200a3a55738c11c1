import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('shared', '0001_fold_of_names'),
        ('users', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='IdempotencyKey',
            fields=[
                ('id', models.UUIDField(db_column='order_id', primary_key=True, serialize=False)),
                ('principal_id', models.UUIDField()),
                ('key', models.CharField(max_length=255)),
                ('fingerprint', models.CharField(help_text='SHA-256 of the validated request body.', max_length=64)),
                ('route', models.CharField(db_default='', default='', help_text='Empty: an order was placed.', max_length=100)),
                ('answer', models.JSONField(null=True)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'idempotency key',
                'verbose_name_plural': 'idempotency keys',
                'db_table': 'orders_idempotency_key',
                'indexes': [models.Index(fields=['created_at'], name='idempotency_key_age')],
                'constraints': [models.UniqueConstraint(fields=('principal_id', 'key'), name='idempotency_key_once_per_principal')],
            },
        ),
        migrations.CreateModel(
            name='RateLimitWindow',
            fields=[
                ('bucket', models.CharField(help_text='What is counted, for whom, since when.', max_length=200, primary_key=True, serialize=False)),
                ('count', models.PositiveIntegerField()),
                ('expires_at', models.DateTimeField(help_text='When the window is over and the row may be purged (UTC).')),
            ],
            options={
                'verbose_name': 'rate limit window',
                'verbose_name_plural': 'rate limit windows',
                'db_table': 'shared_rate_limit_window',
                'indexes': [models.Index(fields=['expires_at'], name='rate_limit_expiry')],
            },
        ),
        migrations.CreateModel(
            name='RecordChange',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False, verbose_name='id')),
                ('at', models.DateTimeField(editable=False, verbose_name='when')),
                ('actor', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who')),
                ('source', models.CharField(help_text='The request, command or other program.', max_length=200, verbose_name='part of')),
                ('table', models.CharField(max_length=63, verbose_name='table')),
                ('record', models.CharField(help_text='The key of the record whose history this is part of.', max_length=64, verbose_name='record')),
                ('operation', models.CharField(choices=[('I', 'Added'), ('U', 'Changed'), ('D', 'Deleted')], max_length=1, verbose_name='what')),
                ('before', models.JSONField(default=dict, verbose_name='before')),
                ('after', models.JSONField(default=dict, verbose_name='after')),
            ],
            options={
                'verbose_name': 'change',
                'verbose_name_plural': 'changes',
                'db_table': 'shared_record_change',
                'ordering': ['-at', '-id'],
                'indexes': [models.Index(fields=['record', '-at', '-id'], name='record_change_record'), models.Index(fields=['-at', '-id'], name='record_change_at'), models.Index(fields=['actor', '-at', '-id'], name='record_change_actor'), models.Index(fields=['table', '-at', '-id'], name='record_change_table')],
            },
        ),
    ]
