from django.contrib.postgres.indexes import BrinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("inventory", "0003_stock_movement_feed")]
    operations = [
        AddIndexConcurrently(
            model_name="stockmovement",
            index=BrinIndex(autosummarize=True, fields=["feed_tx"], name="stock_movement_feed", pages_per_range=64),
        ),
    ]
