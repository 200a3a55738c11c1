from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("orders", "0033_disputes_and_open_amounts"),
    ]

    operations = [
        ValidateConstraint(model_name="order", name="order_open_amount_not_negative"),
        ValidateConstraint(model_name="order", name="order_dispute_known"),
        ValidateConstraint(model_name="orderevent", name="order_event_kind_known"),
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(
                condition=models.Q(("open_amount__gt", 0)), fields=["-created_at", "-id"], name="order_open_amount"
            ),
        ),
    ]
