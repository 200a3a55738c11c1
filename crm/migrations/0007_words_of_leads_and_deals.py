from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations

from shared.planner.words import Words


class Migration(migrations.Migration):
    """Words of what is searched, with their statistics: the searches ask them which words are common."""

    atomic = False
    dependencies = [
        ("shared", "0007_words_of_texts"),
        ("crm", "0006_order_mail_queued_index"),
    ]
    operations = [
        AddIndexConcurrently(
            model_name="lead",
            index=GinIndex(
                Words("name", "company_name", "email", phone=("phone_e164", "phone")),
                fastupdate=False,
                name="lead_words",
            ),
        ),
        AddIndexConcurrently(
            model_name="deal",
            index=GinIndex(Words("title"), fastupdate=False, name="deal_words"),
        ),
        migrations.RunSQL("ANALYZE crm_lead", migrations.RunSQL.noop),
        migrations.RunSQL("ANALYZE crm_deal", migrations.RunSQL.noop),
    ]
