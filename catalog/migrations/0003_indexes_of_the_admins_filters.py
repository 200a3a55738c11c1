import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

# By name: AlterField alone drops every index on that one column.
DROP = "DROP INDEX CONCURRENTLY catalog_stock_level_location_id_a4b38b08"
CREATE = "CREATE INDEX CONCURRENTLY catalog_stock_level_location_id_a4b38b08 ON catalog_stock_level (location_id)"


class Migration(migrations.Migration):
    """A location's levels, and the few products and variants that are switched off, come out of an index."""

    atomic = False
    dependencies = [("catalog", "0002_foreign_keys_served_by_constraints")]
    operations = [
        AddIndexConcurrently(
            model_name="stocklevel",
            index=models.Index(fields=["location", "-id"], name="level_location"),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(DROP, CREATE)],
            state_operations=[
                migrations.AlterField(
                    model_name="stocklevel",
                    name="location",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stock_levels",
                        to="catalog.stocklocation",
                    ),
                ),
            ],
        ),
        AddIndexConcurrently(
            model_name="product",
            index=models.Index(condition=models.Q(("is_active", False)), fields=["-id"], name="product_inactive"),
        ),
        AddIndexConcurrently(
            model_name="variant",
            index=models.Index(condition=models.Q(("is_active", False)), fields=["-id"], name="variant_inactive"),
        ),
    ]
