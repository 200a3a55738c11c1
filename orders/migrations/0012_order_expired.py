from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("orders", "0011_sales_by_day_and_customer")]
    operations = [
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(
                condition=models.Q(("cancel_reason", "payment_timeout")),
                fields=["-cancelled_at", "-id"],
                name="order_expired",
            ),
        ),
    ]
