from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """The list of deleted orders reads an index that holds only these."""

    atomic = False
    dependencies = [("orders", "0023_may_edit_orders")]
    operations = [
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(
                condition=models.Q(("deleted_at__isnull", False)),
                fields=["-deleted_at", "-id"],
                name="order_deleted",
            ),
        ),
    ]
