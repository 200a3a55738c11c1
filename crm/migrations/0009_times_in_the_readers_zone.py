import django.contrib.postgres.functions
from django.db import migrations, models


class Migration(migrations.Migration):
    """Help alone: times are no longer shown and typed in UTC. The database is not touched."""

    dependencies = [
        ('crm', '0008_shipment_sent'),
    ]

    operations = [
        migrations.AlterField(
            model_name='activity',
            name='happened_at',
            field=models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), help_text='When it happened.', verbose_name='happened at'),
        ),
        migrations.AlterField(
            model_name='deal',
            name='closed_at',
            field=models.DateTimeField(blank=True, editable=False, help_text='When it was won or lost.', null=True, verbose_name='closed at'),
        ),
        migrations.AlterField(
            model_name='segment',
            name='refreshed_at',
            field=models.DateTimeField(editable=False, help_text='As of when the members are.', null=True, verbose_name='refreshed at'),
        ),
        migrations.AlterField(
            model_name='task',
            name='due_at',
            field=models.DateTimeField(blank=True, help_text='When it should be done; empty: some day.', null=True, verbose_name='due at'),
        ),
        migrations.AlterField(
            model_name='task',
            name='reminder_at',
            field=models.DateTimeField(blank=True, help_text='When to be reminded by e-mail; empty: not at all.', null=True, verbose_name='reminder at'),
        ),
    ]
