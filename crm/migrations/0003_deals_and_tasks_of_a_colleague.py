from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """The partial indexes hold what is open; a list of all of a colleague's read the whole table."""

    atomic = False
    dependencies = [("crm", "0002_deal_stands_in_a_stage_of_its_pipeline")]
    operations = [
        AddIndexConcurrently(
            model_name="deal",
            index=models.Index(fields=["owner", "-created_at", "-id"], name="deal_owner_created"),
        ),
        AddIndexConcurrently(
            model_name="task",
            index=models.Index(fields=["assignee", "due_at", "id"], name="task_assignee_due"),
        ),
    ]
