from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations

from shared.planner.words import Words


class Migration(migrations.Migration):
    """Words of what is searched, with their statistics: the searches ask them which words are common."""

    atomic = False
    dependencies = [("shared", "0007_words_of_texts"), ("orders", "0004_order_event_feed_index")]
    operations = [
        AddIndexConcurrently(
            model_name="invoice",
            index=GinIndex(Words("number", phone=("number",)), fastupdate=False, name="invoice_words"),
        ),
        migrations.RunSQL("ANALYZE orders_invoice", migrations.RunSQL.noop),
    ]
