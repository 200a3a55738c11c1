from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("crm", "0010_translated_names")]

    operations = [
        AddIndexConcurrently(
            model_name="deal",
            index=models.Index(fields=["pipeline", "-created_at", "-id"], name="deal_pipeline_created"),
        ),
    ]
