from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("orders", "0019_units_called_off"),
    ]

    operations = [
        ValidateConstraint(model_name="orderitem", name="orders_order_item_cancelled_quantity_check"),
        ValidateConstraint(model_name="orderitem", name="item_cancelled_within_unshipped"),
        ValidateConstraint(model_name="refund", name="refund_shipping_not_negative"),
        ValidateConstraint(model_name="return", name="return_says_when_it_was_decided"),
    ]
