from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Indexes that know beginnings, too, in place of those of whole numbers."""

    atomic = False
    dependencies = [("users", "0019_list_layouts_validated")]
    operations = [
        AddIndexConcurrently(
            model_name="company",
            index=models.Index(
                condition=models.Q(("tax_number", ""), _negated=True),
                fields=["tax_number"],
                name="company_tax_number_begins",
                opclasses=["varchar_pattern_ops"],
            ),
        ),
        RemoveIndexConcurrently(model_name="company", name="company_tax_number"),
        AddIndexConcurrently(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("tax_number", ""), _negated=True),
                fields=["tax_number"],
                name="customer_tax_number_begins",
                opclasses=["varchar_pattern_ops"],
            ),
        ),
        RemoveIndexConcurrently(model_name="customer", name="customer_tax_number"),
    ]
