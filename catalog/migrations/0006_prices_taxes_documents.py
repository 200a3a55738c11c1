from decimal import Decimal

import django.contrib.postgres.functions
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import shared.ids
import shared.money.amounts


def unscanned(table: str, column: str, kind: str) -> tuple[str, str]:
    """The column as AddField makes it, but with its check not yet validated: that would read the whole table while
    nobody else may. A later migration validates it."""
    check = f"ADD CONSTRAINT {table}_{column}_check CHECK ({column} >= 0) NOT VALID"
    add = f"ALTER TABLE {table} ADD COLUMN {column} {kind} DEFAULT 0 NOT NULL, {check}"
    return add, f"ALTER TABLE {table} DROP COLUMN {column}"


class Migration(migrations.Migration):
    """Price lists, taxes by region, and the papers of the warehouse."""

    dependencies = [
        ("catalog", "0005_translated_names"),
        ("users", "0011_groups_and_countries"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Price",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name="id"
                    ),
                ),
                ("min_quantity", models.PositiveIntegerField(default=1, verbose_name="from quantity")),
                ("amount", shared.money.amounts.MoneyField(decimal_places=3, max_digits=15, verbose_name="unit price")),
            ],
            options={
                "verbose_name": "price",
                "verbose_name_plural": "prices",
                "db_table": "catalog_price",
                "ordering": ["variant", "min_quantity"],
            },
        ),
        migrations.CreateModel(
            name="PriceList",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name="id"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.contrib.postgres.functions.TransactionNow(),
                        editable=False,
                        verbose_name="created at",
                    ),
                ),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated at")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("currency", shared.money.amounts.CurrencyField(max_length=3, verbose_name="currency")),
                ("valid_from", models.DateTimeField(blank=True, null=True, verbose_name="valid from")),
                (
                    "valid_until",
                    models.DateTimeField(
                        blank=True, help_text="Not valid at or after it.", null=True, verbose_name="valid until"
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
            ],
            options={
                "verbose_name": "price list",
                "verbose_name_plural": "price lists",
                "db_table": "catalog_price_list",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="StockDocument",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name="id"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.contrib.postgres.functions.TransactionNow(),
                        editable=False,
                        verbose_name="created at",
                    ),
                ),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated at")),
                (
                    "kind",
                    models.CharField(
                        choices=[("receipt", "Goods received"), ("transfer", "Transfer"), ("stocktake", "Stocktake")],
                        max_length=9,
                        verbose_name="kind",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Open"), ("applied", "Applied"), ("cancelled", "Cancelled")],
                        default="open",
                        max_length=9,
                        verbose_name="status",
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        blank=True,
                        help_text="A delivery note's number, a supplier, an occasion.",
                        max_length=120,
                        verbose_name="reference",
                    ),
                ),
                ("applied_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="applied at")),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "verbose_name": "stock document",
                "verbose_name_plural": "stock documents",
                "db_table": "catalog_stock_document",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="StockDocumentLine",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name="id"
                    ),
                ),
                ("quantity", models.PositiveIntegerField(verbose_name="quantity")),
                (
                    "expected",
                    models.PositiveIntegerField(blank=True, editable=False, null=True, verbose_name="expected"),
                ),
            ],
            options={
                "verbose_name": "line of a stock document",
                "verbose_name_plural": "lines of stock documents",
                "db_table": "catalog_stock_document_line",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="TaxRate",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name="id"
                    ),
                ),
                (
                    "tax_class",
                    models.CharField(
                        choices=[("standard", "Standard"), ("reduced", "Reduced"), ("zero", "Untaxed")],
                        default="standard",
                        max_length=8,
                        verbose_name="tax class",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="What the invoice calls it, e.g. MwSt. 19 %.", max_length=80, verbose_name="name"
                    ),
                ),
                (
                    "rate",
                    models.DecimalField(
                        decimal_places=4,
                        default=Decimal("0"),
                        help_text="A share: 0.19 is 19 %.",
                        max_digits=6,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(1),
                        ],
                        verbose_name="rate",
                    ),
                ),
            ],
            options={
                "verbose_name": "tax rate",
                "verbose_name_plural": "tax rates",
                "db_table": "catalog_tax_rate",
                "ordering": ["region", "tax_class"],
            },
        ),
        migrations.CreateModel(
            name="TaxRegion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name="id"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.contrib.postgres.functions.TransactionNow(),
                        editable=False,
                        verbose_name="created at",
                    ),
                ),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated at")),
                (
                    "country",
                    models.CharField(help_text="ISO 3166 code, e.g. DE.", max_length=2, verbose_name="country"),
                ),
                ("name", models.CharField(help_text="e.g. Germany.", max_length=120, verbose_name="name")),
                (
                    "prices_include_tax",
                    models.BooleanField(
                        default=False,
                        help_text="On: the catalogue's price is what the customer there pays. Off: tax is added to it.",
                        verbose_name="prices contain tax",
                    ),
                ),
            ],
            options={
                "verbose_name": "tax region",
                "verbose_name_plural": "tax regions",
                "db_table": "catalog_tax_region",
                "ordering": ["country"],
            },
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(*unscanned("catalog_variant", "backorder_limit", "integer"))],
            state_operations=[
                migrations.AddField(
                    model_name="variant",
                    name="backorder_limit",
                    field=models.PositiveIntegerField(
                        db_default=0,
                        default=0,
                        help_text="So many units may be ordered although they are not in stock yet; 0: none.",
                        verbose_name="backorder limit",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="variant",
            name="tax_class",
            field=models.CharField(
                choices=[("standard", "Standard"), ("reduced", "Reduced"), ("zero", "Untaxed")],
                db_default="standard",
                default="standard",
                help_text="Which rate of a tax region counts; the rate above counts where there is no region.",
                max_length=8,
                verbose_name="tax class",
            ),
        ),
        migrations.AddField(
            model_name="price",
            name="variant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="prices",
                to="catalog.variant",
                verbose_name="variant",
            ),
        ),
        migrations.AddField(
            model_name="pricelist",
            name="customer_group",
            field=models.ForeignKey(
                blank=True,
                help_text="Empty: everybody.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="users.customergroup",
                verbose_name="customer group",
            ),
        ),
        migrations.AddField(
            model_name="price",
            name="price_list",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="prices",
                to="catalog.pricelist",
            ),
        ),
        migrations.AddField(
            model_name="stockdocument",
            name="actor",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="stockdocument",
            name="location",
            field=models.ForeignKey(
                db_index=False,
                help_text="Where the goods arrive, or are counted; of a transfer: where they are taken from.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.stocklocation",
                verbose_name="location",
            ),
        ),
        migrations.AddField(
            model_name="stockdocument",
            name="target",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="Where a transfer goes.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.stocklocation",
                verbose_name="to",
            ),
        ),
        migrations.AddField(
            model_name="stockdocumentline",
            name="document",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lines",
                to="catalog.stockdocument",
            ),
        ),
        migrations.AddField(
            model_name="stockdocumentline",
            name="variant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.variant",
                verbose_name="variant",
            ),
        ),
        migrations.AddConstraint(
            model_name="taxregion",
            constraint=models.UniqueConstraint(fields=("country",), name="tax_region_country_unique"),
        ),
        migrations.AddConstraint(
            model_name="taxregion",
            constraint=models.CheckConstraint(
                condition=models.Q(("country__regex", "^[A-Z]{2}$")), name="tax_region_country_code"
            ),
        ),
        migrations.AddField(
            model_name="taxrate",
            name="region",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="rates",
                to="catalog.taxregion",
            ),
        ),
        migrations.AddConstraint(
            model_name="pricelist",
            constraint=models.UniqueConstraint(fields=("name",), name="price_list_name_unique"),
        ),
        migrations.AddConstraint(
            model_name="pricelist",
            constraint=models.CheckConstraint(
                condition=models.Q(("currency__regex", "^[A-Z]{3}$")), name="price_list_currency_code"
            ),
        ),
        migrations.AddConstraint(
            model_name="pricelist",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_from__isnull", True),
                    ("valid_until__isnull", True),
                    ("valid_from__lt", models.F("valid_until")),
                    _connector="OR",
                ),
                name="price_list_valid_for_a_while",
            ),
        ),
        migrations.AddConstraint(
            model_name="price",
            constraint=models.UniqueConstraint(
                fields=("price_list", "variant", "min_quantity"), name="price_once_a_quantity"
            ),
        ),
        migrations.AddConstraint(
            model_name="price",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gte", 0)), name="price_amount_not_negative"),
        ),
        migrations.AddConstraint(
            model_name="price",
            constraint=models.CheckConstraint(
                condition=models.Q(("min_quantity__gte", 1)), name="price_quantity_positive"
            ),
        ),
        migrations.AddIndex(
            model_name="stockdocument",
            index=models.Index(fields=["kind", "status", "-id"], name="stock_document_kind"),
        ),
        migrations.AddConstraint(
            model_name="stockdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["receipt", "transfer", "stocktake"])), name="stock_document_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="stockdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["open", "applied", "cancelled"])), name="stock_document_status_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="stockdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "transfer"),
                        ("target__isnull", False),
                        models.Q(("target", models.F("location")), _negated=True),
                    ),
                    models.Q(models.Q(("kind", "transfer"), _negated=True), ("target__isnull", True)),
                    _connector="OR",
                ),
                name="stock_document_transfer_has_target",
            ),
        ),
        migrations.AddConstraint(
            model_name="stockdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("applied_at__isnull", False), ("status", "applied")),
                    models.Q(models.Q(("status", "applied"), _negated=True), ("applied_at__isnull", True)),
                    _connector="OR",
                ),
                name="stock_document_says_when_applied",
            ),
        ),
        migrations.AddConstraint(
            model_name="stockdocumentline",
            constraint=models.UniqueConstraint(fields=("document", "variant"), name="variant_once_in_a_stock_document"),
        ),
        migrations.AddConstraint(
            model_name="taxrate",
            constraint=models.UniqueConstraint(fields=("region", "tax_class"), name="tax_rate_once_a_class"),
        ),
        migrations.AddConstraint(
            model_name="taxrate",
            constraint=models.CheckConstraint(
                condition=models.Q(("rate__gte", 0), ("rate__lte", 1)), name="tax_rate_is_a_share"
            ),
        ),
        migrations.AddConstraint(
            model_name="taxrate",
            constraint=models.CheckConstraint(
                condition=models.Q(("tax_class__in", ["standard", "reduced", "zero"])), name="tax_rate_class_known"
            ),
        ),
    ]
