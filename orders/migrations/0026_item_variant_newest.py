import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

# By name: AlterField alone drops every index on that one column.
DROP = "DROP INDEX CONCURRENTLY orders_order_item_variant_id_8834528a"
CREATE = "CREATE INDEX CONCURRENTLY orders_order_item_variant_id_8834528a ON orders_order_item (variant_id)"


class Migration(migrations.Migration):
    """A variant's lines are read newest first; the index for that serves the foreign key as well."""

    atomic = False
    dependencies = [("orders", "0025_draft_numbers")]
    operations = [
        AddIndexConcurrently(
            model_name="orderitem",
            index=models.Index(fields=["variant", "-id"], name="item_variant_newest"),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(DROP, CREATE)],
            state_operations=[
                migrations.AlterField(
                    model_name="orderitem",
                    name="variant",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.variant",
                        verbose_name="variant",
                    ),
                ),
            ],
        ),
    ]
