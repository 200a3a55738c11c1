from django.contrib.postgres.indexes import BrinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("shared", "0005_record_change_feed")]
    operations = [
        AddIndexConcurrently(
            model_name="recordchange",
            index=BrinIndex(autosummarize=True, fields=["feed_tx"], name="record_change_feed", pages_per_range=64),
        ),
    ]
