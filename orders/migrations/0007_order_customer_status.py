from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """As order_customer_status_created, and the id to tell equals apart, so that nothing is left to sort."""

    atomic = False
    dependencies = [("orders", "0006_order_worth_created")]
    operations = [
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(fields=["customer", "status", "-created_at", "-id"], name="order_customer_status"),
        ),
    ]
