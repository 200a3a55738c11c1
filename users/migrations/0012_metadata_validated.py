from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("users", "0011_metadata")]
    operations = [
        ValidateConstraint(model_name="customer", name="customer_metadata_texts"),
        ValidateConstraint(model_name="customer", name="customer_metadata_keys"),
    ]
