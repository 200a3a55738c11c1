import shared.zones
from django.db import migrations, models


class Migration(migrations.Migration):
    """Each colleague reads and types times in a zone of their own."""

    dependencies = [
        ('users', '0006_words_of_customers'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='time_zone',
            field=models.CharField(blank=True, db_default='', default='', help_text="How times are shown to them and read from them, as Europe/Kyiv; empty: the shop's.", max_length=64, validators=[shared.zones.check_zone], verbose_name='time zone'),
        ),
    ]
