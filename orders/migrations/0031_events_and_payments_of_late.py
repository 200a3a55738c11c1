import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations


def of_late(name: str) -> django.contrib.postgres.indexes.BrinIndex:
    return django.contrib.postgres.indexes.BrinIndex(
        autosummarize=True, fields=["created_at"], name=name, pages_per_range=32
    )


class Migration(migrations.Migration):
    """What happened since a moment is found by the database's moments, no longer by ids of the web servers' clocks."""

    atomic = False
    dependencies = [("orders", "0030_may_agree_prices")]
    operations = [
        AddIndexConcurrently(model_name="orderevent", index=of_late("order_event_at")),
        AddIndexConcurrently(model_name="payment", index=of_late("payment_at")),
    ]
