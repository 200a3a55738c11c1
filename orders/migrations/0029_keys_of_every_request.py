"""Idempotency keys are every request's: the model lives in shared, the table stays as it is."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0028_sales_are_net"),
        ("shared", "0006_keys_of_every_request"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name="IdempotencyKey")]),
    ]
