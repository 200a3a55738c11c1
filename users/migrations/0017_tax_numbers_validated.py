from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("users", "0016_tax_numbers")]
    operations = [
        ValidateConstraint(model_name="company", name="company_tax_number_is_plain"),
        ValidateConstraint(model_name="customer", name="customer_tax_number_is_plain"),
        AddIndexConcurrently(
            model_name="company",
            index=models.Index(
                condition=models.Q(("tax_number", ""), _negated=True), fields=["tax_number"], name="company_tax_number"
            ),
        ),
        AddIndexConcurrently(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("tax_number", ""), _negated=True), fields=["tax_number"], name="customer_tax_number"
            ),
        ),
    ]
