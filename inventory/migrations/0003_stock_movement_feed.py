from django.db import migrations, models

import shared.models.feed


class Migration(migrations.Migration):
    """First empty, then with what new rows get: no row that is there is written again."""

    dependencies = [("inventory", "0002_stock_movement_message"), ("shared", "0004_feed_serial")]
    operations = [
        migrations.AddField(
            model_name="stockmovement",
            name="feed_serial",
            field=models.BigIntegerField(editable=False, null=True, verbose_name="serial number"),
        ),
        migrations.AddField(
            model_name="stockmovement",
            name="feed_tx",
            field=models.BigIntegerField(editable=False, null=True, verbose_name="transaction"),
        ),
        migrations.AlterField(
            model_name="stockmovement",
            name="feed_serial",
            field=models.BigIntegerField(
                db_default=shared.models.feed.NextSerial(), editable=False, null=True, verbose_name="serial number"
            ),
        ),
        migrations.AlterField(
            model_name="stockmovement",
            name="feed_tx",
            field=models.BigIntegerField(
                db_default=shared.models.feed.CurrentTransaction(), editable=False, null=True, verbose_name="transaction"
            ),
        ),
    ]
