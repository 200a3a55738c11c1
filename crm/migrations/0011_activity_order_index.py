from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("crm", "0010_activity_order")]
    operations = [
        AddIndexConcurrently(
            model_name="activity",
            index=models.Index(
                condition=models.Q(("order__isnull", False)),
                fields=["order", "-happened_at", "-id"],
                name="activity_order",
            ),
        ),
    ]
