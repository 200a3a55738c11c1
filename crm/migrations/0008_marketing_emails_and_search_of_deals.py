from django.contrib.postgres.indexes import OpClass
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("crm", "0007_index_of_due_reminders")]
    operations = [
        migrations.AddField(
            model_name="email",
            name="is_marketing",
            field=models.BooleanField(db_default=False, default=False, help_text="Not sent once the customer has withdrawn consent.", verbose_name="marketing"),
        ),
        migrations.AddField(
            model_name="emailtemplate",
            name="is_marketing",
            field=models.BooleanField(db_default=False, default=False, help_text="Goes only to customers who agreed to marketing.", verbose_name="marketing"),
        ),
        AddIndexConcurrently(
            model_name="deal",
            index=models.Index(OpClass(Lower("title"), name="text_pattern_ops"), name="deal_title_prefix"),
        ),
        AddIndexConcurrently(
            model_name="email",
            index=models.Index(condition=models.Q(("status", "failed")), fields=["-id"], name="email_failed"),
        ),
    ]
