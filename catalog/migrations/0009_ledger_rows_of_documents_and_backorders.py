import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Lines of documents name their ledger rows, a count may be still to come; how many units wait for a variant."""

    dependencies = [
        ("catalog", "0008_validate_kinds_of_movements"),
    ]

    operations = [
        migrations.AddField(
            model_name="stockdocumentline",
            name="arrival",
            field=models.OneToOneField(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.stockmovement",
                verbose_name="ledger row where it arrived",
            ),
        ),
        migrations.AddField(
            model_name="stockdocumentline",
            name="movement",
            field=models.OneToOneField(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.stockmovement",
                verbose_name="ledger row",
            ),
        ),
        migrations.AlterField(
            model_name="stockdocumentline",
            name="quantity",
            field=models.PositiveIntegerField(
                blank=True, help_text="Empty in a stocktake: not counted yet.", null=True, verbose_name="quantity"
            ),
        ),
        migrations.CreateModel(
            name="BackorderCount",
            fields=[
                (
                    "variant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="backorder_count",
                        serialize=False,
                        to="catalog.variant",
                        verbose_name="variant",
                    ),
                ),
                ("waiting", models.PositiveIntegerField(default=0, verbose_name="waiting")),
                ("limit", models.PositiveIntegerField(verbose_name="limit")),
            ],
            options={
                "verbose_name": "number of backorders",
                "verbose_name_plural": "numbers of backorders",
                "db_table": "catalog_backorder_count",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("waiting__lte", models.F("limit"))), name="backorders_within_limit"
                    )
                ],
            },
        ),
    ]
