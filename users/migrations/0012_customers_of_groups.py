from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("users", "0011_groups_and_countries"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("group__isnull", False)), fields=["group", "-id"], name="customer_of_group"
            ),
        ),
        ValidateConstraint(model_name="customer", name="customer_country_code"),
    ]
