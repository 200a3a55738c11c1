import django.db.models.deletion
from django.db import migrations, models


def drop(index: str, column: str) -> migrations.RunSQL:
    """By name: AlterField alone would drop every index on that one column."""
    return migrations.RunSQL(f"DROP INDEX CONCURRENTLY {index}", f"CREATE INDEX CONCURRENTLY {index} ON {column}")


def without_index(model: str, name: str, related_name: str, to: str) -> migrations.AlterField:
    on_delete = django.db.models.deletion.PROTECT
    field = models.ForeignKey(db_index=False, on_delete=on_delete, related_name=related_name, to=to)
    return migrations.AlterField(model_name=model, name=name, field=field)


class Migration(migrations.Migration):
    """Each has a unique constraint that begins with the same column and serves its reads."""

    atomic = False
    dependencies = [("catalog", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                drop("catalog_stock_level_variant_id_b22eddfc", "catalog_stock_level (variant_id)"),
                drop("catalog_stock_location_seller_id_324dc786", "catalog_stock_location (seller_id)"),
                drop("catalog_stock_movement_level_id_202c7e25", "catalog_stock_movement (level_id)"),
            ],
            state_operations=[
                without_index("stocklevel", "variant", "stock_levels", "catalog.variant"),
                without_index("stocklocation", "seller", "locations", "catalog.seller"),
                without_index("stockmovement", "level", "movements", "catalog.stocklevel"),
            ],
        ),
    ]
