from django.db import migrations, models

import shared.models.feed


class Migration(migrations.Migration):
    """First empty, then with what new rows get: no row that is there is written again."""

    dependencies = [("orders", "0002_number_sequences"), ("shared", "0004_feed_serial")]
    operations = [
        migrations.AddField(
            model_name="orderevent",
            name="feed_serial",
            field=models.BigIntegerField(editable=False, null=True, verbose_name="serial number"),
        ),
        migrations.AddField(
            model_name="orderevent",
            name="feed_tx",
            field=models.BigIntegerField(editable=False, null=True, verbose_name="transaction"),
        ),
        migrations.AlterField(
            model_name="orderevent",
            name="feed_serial",
            field=models.BigIntegerField(
                db_default=shared.models.feed.NextSerial(), editable=False, null=True, verbose_name="serial number"
            ),
        ),
        migrations.AlterField(
            model_name="orderevent",
            name="feed_tx",
            field=models.BigIntegerField(
                db_default=shared.models.feed.CurrentTransaction(), editable=False, null=True, verbose_name="transaction"
            ),
        ),
        migrations.AddField(
            model_name="invoice",
            name="feed_serial",
            field=models.BigIntegerField(editable=False, null=True, verbose_name="serial number"),
        ),
        migrations.AddField(
            model_name="invoice",
            name="feed_tx",
            field=models.BigIntegerField(editable=False, null=True, verbose_name="transaction"),
        ),
        migrations.AlterField(
            model_name="invoice",
            name="feed_serial",
            field=models.BigIntegerField(
                db_default=shared.models.feed.NextSerial(), editable=False, null=True, verbose_name="serial number"
            ),
        ),
        migrations.AlterField(
            model_name="invoice",
            name="feed_tx",
            field=models.BigIntegerField(
                db_default=shared.models.feed.CurrentTransaction(), editable=False, null=True, verbose_name="transaction"
            ),
        ),
    ]
