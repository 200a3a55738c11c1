from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("users", "0013_addresses")]
    operations = [
        ValidateConstraint(model_name="customer", name="customer_addresses_are_some"),
        ValidateConstraint(model_name="customer", name="customer_one_default_delivery"),
        ValidateConstraint(model_name="customer", name="customer_one_default_billing"),
    ]
