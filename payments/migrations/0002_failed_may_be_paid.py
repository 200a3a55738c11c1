from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """A payment that was declined may still be paid at its provider: the sweep that voids what nobody needs finds it."""

    atomic = False

    dependencies = [
        ("payments", "0001_payments"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="paymentintent",
            index=models.Index(
                condition=models.Q(
                    ("status__in", ["created", "requires_action", "failed", "authorised", "partially_captured"])
                ),
                fields=["id"],
                name="intent_unsettled",
            ),
        ),
        RemoveIndexConcurrently(model_name="paymentintent", name="intent_open"),
    ]
