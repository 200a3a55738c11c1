import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


def of_age(name: str) -> django.contrib.postgres.indexes.BrinIndex:
    return django.contrib.postgres.indexes.BrinIndex(
        autosummarize=True, fields=["created_at"], name=name, pages_per_range=32
    )


class Migration(migrations.Migration):
    """What is too old is found without reading what is not."""

    atomic = False
    dependencies = [("crm", "0017_names_folded")]
    operations = [
        AddIndexConcurrently(model_name="email", index=of_age("email_at")),
        AddIndexConcurrently(model_name="ordermail", index=of_age("order_mail_at")),
        AddIndexConcurrently(
            model_name="lead",
            index=models.Index(
                condition=models.Q(("status", "converted"), _negated=True), fields=["updated_at"], name="lead_untouched"
            ),
        ),
    ]
