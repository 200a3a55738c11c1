import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from shared.database.names_only import NamesOnly


class Migration(migrations.Migration):
    """What the columns of prices, papers and rates are called."""

    dependencies = [
        ("catalog", "0009_ledger_rows_of_documents_and_backorders"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        NamesOnly(
            [
                migrations.AlterField(
                    model_name="price",
                    name="price_list",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="prices",
                        to="catalog.pricelist",
                        verbose_name="price list",
                    ),
                ),
                migrations.AlterField(
                    model_name="stockdocument",
                    name="actor",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="actor",
                    ),
                ),
                migrations.AlterField(
                    model_name="stockdocument",
                    name="version",
                    field=models.PositiveIntegerField(default=1, verbose_name="version"),
                ),
                migrations.AlterField(
                    model_name="stockdocumentline",
                    name="document",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="catalog.stockdocument",
                        verbose_name="stock document",
                    ),
                ),
                migrations.AlterField(
                    model_name="taxrate",
                    name="region",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rates",
                        to="catalog.taxregion",
                        verbose_name="tax region",
                    ),
                ),
            ]
        )
    ]
