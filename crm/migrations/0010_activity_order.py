from django.db import migrations, models


class Migration(migrations.Migration):
    """Comments on orders. A new empty column: neither it nor its foreign key reads the table."""

    dependencies = [("crm", "0009_times_in_the_readers_zone"), ("orders", "0012_drafts_with_terms")]
    operations = [
        migrations.AddField(
            model_name="activity",
            name="order",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="Of a comment on an order.",
                null=True,
                on_delete=models.SET_NULL,
                related_name="+",
                to="orders.order",
                verbose_name="order",
            ),
        ),
    ]
