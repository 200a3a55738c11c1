"""Versions of orders that rise without an event of their own are counted apart."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0031_events_and_payments_of_late"),
    ]

    operations = [
        migrations.AddField(
            model_name="order",
            name="changes_elsewhere",
            field=models.IntegerField(db_default=0, default=0, editable=False),
        ),
    ]
