from django.db import migrations, models


class Migration(migrations.Migration):
    """Help alone: times are no longer shown and typed in UTC. The database is not touched."""

    dependencies = [
        ('orders', '0006_names_of_sub_orders'),
    ]

    operations = [
        migrations.AlterField(
            model_name='dispute',
            name='evidence_due_at',
            field=models.DateTimeField(blank=True, help_text='Until then the provider takes an answer.', null=True, verbose_name='evidence due'),
        ),
        migrations.AlterField(
            model_name='draft',
            name='valid_until',
            field=models.DateField(blank=True, help_text="The last day, by the shop's, to order it.", null=True, verbose_name='valid until'),
        ),
        migrations.AlterField(
            model_name='order',
            name='payment_expires_at',
            field=models.DateTimeField(blank=True, help_text='Unpaid after this it is cancelled; empty: it never expires.', null=True, verbose_name='payment expires at'),
        ),
        migrations.AlterField(
            model_name='payment',
            name='settled_at',
            field=models.DateTimeField(blank=True, help_text='When staff had dealt with what was odd about it.', null=True, verbose_name='settled at'),
        ),
        migrations.AlterField(
            model_name='reservation',
            name='expires_at',
            field=models.DateTimeField(blank=True, help_text="The order's payment deadline.", null=True, verbose_name='expires at'),
        ),
    ]
