from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("crm", "0006_drop_notes")]
    operations = [
        AddIndexConcurrently(
            model_name='task',
            index=models.Index(condition=models.Q(('done_at__isnull', True), ('reminded_at__isnull', True), ('reminder_at__isnull', False)), fields=['reminder_at'], name='task_reminder_due'),
        ),
    ]
