from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("orders", "0009_addresses_and_metadata")]
    operations = [
        ValidateConstraint(model_name="order", name="order_delivery_address_is_one"),
        ValidateConstraint(model_name="order", name="order_billing_address_is_one"),
        ValidateConstraint(model_name="order", name="order_metadata_texts"),
        ValidateConstraint(model_name="order", name="order_metadata_keys"),
        ValidateConstraint(model_name="orderevent", name="order_event_kind_known"),
    ]
