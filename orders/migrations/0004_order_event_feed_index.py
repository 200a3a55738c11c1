from django.contrib.postgres.indexes import BrinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("orders", "0003_order_event_feed")]
    operations = [
        AddIndexConcurrently(
            model_name="orderevent",
            index=BrinIndex(autosummarize=True, fields=["feed_tx"], name="order_event_feed", pages_per_range=64),
        ),
        AddIndexConcurrently(
            model_name="invoice",
            index=BrinIndex(autosummarize=True, fields=["feed_tx"], name="invoice_feed", pages_per_range=64),
        ),
    ]
