import shared.clock
from django.db import migrations, models


class Migration(migrations.Migration):
    """Help alone: times are no longer shown and typed in UTC. The database is not touched."""

    dependencies = [
        ('users', '0007_time_zone_of_users'),
    ]

    operations = [
        migrations.AlterField(
            model_name='apikey',
            name='expires_at',
            field=models.DateTimeField(blank=True, help_text='Empty: it does not expire.', null=True, verbose_name='expires at'),
        ),
        migrations.AlterField(
            model_name='customer',
            name='erased_at',
            field=models.DateTimeField(blank=True, editable=False, help_text="When the person's data was erased.", null=True, verbose_name='erased at'),
        ),
        migrations.AlterField(
            model_name='user',
            name='digest_sent_on',
            field=models.DateField(default=shared.clock.shop_today, editable=False, help_text='The day of the last digest; at first the day the login was made: the first comes the next.', null=True, verbose_name='digest sent on'),
        ),
    ]
