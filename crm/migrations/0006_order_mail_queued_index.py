from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("crm", "0005_messages_of_old_lines")]
    operations = [
        AddIndexConcurrently(
            model_name="ordermail",
            index=models.Index(
                condition=models.Q(status="queued"), fields=["updated_at"], name="order_mail_queued"
            ),
        ),
    ]
