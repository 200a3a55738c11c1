from django.db import migrations, models

import catalog.models.barcode

_DROP = "DROP INDEX CONCURRENTLY IF EXISTS variant_barcode_unique"


class Migration(migrations.Migration):
    """An index that an interrupted migration has left is of no use: it is built anew."""

    atomic = False
    dependencies = [("catalog", "0004_metadata_validated")]
    operations = [
        migrations.RunSQL(_DROP, migrations.RunSQL.noop),
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY variant_barcode_unique ON catalog_variant "
                    "(lpad(barcode, 14, '0')) WHERE NOT (barcode = '')",
                    _DROP,
                )
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="variant",
                    constraint=models.UniqueConstraint(
                        catalog.models.barcode.GtinKey("barcode"),
                        condition=models.Q(("barcode", ""), _negated=True),
                        name="variant_barcode_unique",
                    ),
                )
            ],
        ),
    ]
