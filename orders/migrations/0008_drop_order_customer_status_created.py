from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    """order_customer_status serves its reads."""

    atomic = False
    dependencies = [("orders", "0007_order_customer_status")]
    operations = [RemoveIndexConcurrently(model_name="order", name="order_customer_status_created")]
