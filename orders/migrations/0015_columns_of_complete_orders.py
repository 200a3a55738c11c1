import django.contrib.postgres.functions
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
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
    """What orders, lines, payments and events must remember from now on. Every column has a default of the database's."""

    dependencies = [
        ("catalog", "0006_prices_taxes_documents"),
        ("orders", "0014_translated_names"),
    ]

    operations = [
        migrations.AddField(
            model_name="order",
            name="coupon_code",
            field=models.CharField(blank=True, db_default="", default="", max_length=40, verbose_name="coupon"),
        ),
        migrations.AddField(
            model_name="order",
            name="deleted_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="Hidden since then; it can be restored.",
                null=True,
                verbose_name="deleted at",
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(*unscanned("orders_order", "hold_extensions", "smallint"))],
            state_operations=[
                migrations.AddField(
                    model_name="order",
                    name="hold_extensions",
                    field=models.PositiveSmallIntegerField(
                        db_default=0,
                        default=0,
                        help_text="How often the payment deadline was put off.",
                        verbose_name="extensions",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="order",
            name="payment_method",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="As the buyer chose it.",
                max_length=30,
                verbose_name="payment method",
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="seller",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="Of a seller's part of a split order; empty otherwise.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.seller",
                verbose_name="seller",
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="ship_to_country",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="ISO code of the country, e.g. UA.",
                max_length=2,
                verbose_name="ship to",
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="shipping_method",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=40, verbose_name="shipping method"
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="shipping_tax",
            field=shared.money.amounts.MoneyField(
                db_default=0,
                decimal_places=3,
                default=0,
                help_text="Part of the tax total.",
                max_digits=24,
                verbose_name="tax on shipping",
            ),
        ),
        migrations.AddField(
            model_name="orderevent",
            name="data",
            field=models.JSONField(
                blank=True, db_default={}, default=dict, help_text="What the change was about.", verbose_name="details"
            ),
        ),
        migrations.AddField(
            model_name="orderitem",
            name="discount_amount",
            field=shared.money.amounts.MoneyField(
                db_default=0,
                decimal_places=3,
                default=0,
                help_text="The line's share of the order's discount.",
                max_digits=24,
                verbose_name="discount",
            ),
        ),
        migrations.AddField(
            model_name="orderitem",
            name="price_reason",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Empty: the variant's own price.",
                max_length=120,
                verbose_name="price from",
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(*unscanned("orders_order_item", "returned_quantity", "integer"))],
            state_operations=[
                migrations.AddField(
                    model_name="orderitem",
                    name="returned_quantity",
                    field=models.PositiveIntegerField(db_default=0, default=0, verbose_name="returned"),
                ),
            ],
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(*unscanned("orders_order_item", "shipped_quantity", "integer"))],
            state_operations=[
                migrations.AddField(
                    model_name="orderitem",
                    name="shipped_quantity",
                    field=models.PositiveIntegerField(db_default=0, default=0, verbose_name="shipped"),
                ),
            ],
        ),
        migrations.AddField(
            model_name="orderitem",
            name="tax_included",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Whether the unit price contains the tax.",
                verbose_name="tax included",
            ),
        ),
        migrations.AddField(
            model_name="payment",
            name="excess_amount",
            field=shared.money.amounts.MoneyField(
                db_default=0,
                decimal_places=3,
                default=0,
                help_text="What came above what was due; staff give it back.",
                max_digits=24,
                verbose_name="too much",
            ),
        ),
        migrations.AddField(
            model_name="payment",
            name="intent_id",
            field=models.UUIDField(
                blank=True,
                help_text="The provider's attempt that it came from.",
                null=True,
                verbose_name="payment intent",
            ),
        ),
        migrations.AddField(
            model_name="payment",
            name="is_part",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="It pays the order together with others.",
                verbose_name="one of several",
            ),
        ),
        migrations.AddField(
            model_name="payment",
            name="method",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="e.g. bank_transfer",
                max_length=30,
                verbose_name="method",
            ),
        ),
        migrations.AddField(
            model_name="payment",
            name="provider",
            field=models.CharField(
                db_default="manual",
                default="manual",
                help_text="Through whom it came.",
                max_length=20,
                verbose_name="provider",
            ),
        ),
        migrations.AddField(
            model_name="payment",
            name="refunded_amount",
            field=shared.money.amounts.MoneyField(
                db_default=0, decimal_places=3, default=0, max_digits=24, verbose_name="refunded"
            ),
        ),
        migrations.AddField(
            model_name="payment",
            name="settled_at",
            field=models.DateTimeField(
                blank=True,
                help_text="When staff had dealt with what was odd about it (UTC).",
                null=True,
                verbose_name="settled at",
            ),
        ),
        migrations.AddField(
            model_name="payment",
            name="standing",
            field=models.CharField(
                choices=[
                    ("exact", "Exact"),
                    ("under", "Too little"),
                    ("over", "Too much"),
                    ("late", "Too late"),
                    ("twice", "Paid twice"),
                ],
                db_default="exact",
                default="exact",
                max_length=5,
                verbose_name="standing",
            ),
        ),
        migrations.AlterField(
            model_name="order",
            name="payment_status",
            field=models.CharField(
                choices=[
                    ("PENDING", "Pending"),
                    ("PAID", "Paid"),
                    ("REFUND_DUE", "Refund due"),
                    ("FAILED", "Failed"),
                    ("PARTIALLY_REFUNDED", "Partially refunded"),
                    ("REFUNDED", "Refunded"),
                ],
                default="PENDING",
                max_length=20,
                verbose_name="payment status",
            ),
        ),
        migrations.AlterField(
            model_name="orderevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("placed", "Placed"),
                    ("paid", "Paid"),
                    ("payment_refund_due", "Payment to give back"),
                    ("status_changed", "Status changed"),
                    ("cancelled", "Cancelled"),
                    ("expired", "Expired"),
                    ("payment_failed", "Payment failed"),
                    ("underpaid", "Too little paid"),
                    ("refunded", "Refunded"),
                    ("shipped", "Shipped"),
                    ("delivered", "Delivered"),
                    ("return", "Return"),
                    ("edited", "Changed"),
                    ("extended", "Deadline put off"),
                    ("deleted", "Deleted"),
                    ("restored", "Restored"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="orderitem",
            name="total_price",
            field=shared.money.amounts.MoneyField(
                decimal_places=3,
                help_text="quantity x unit_price without tax, before discounts",
                max_digits=24,
                verbose_name="total price",
            ),
        ),
        migrations.AlterField(
            model_name="payment",
            name="status",
            field=models.CharField(
                choices=[
                    ("PAID", "Paid"),
                    ("UNDERPAID", "Too little"),
                    ("REFUND_DUE", "Refund due"),
                    ("REFUNDED", "Refunded"),
                ],
                max_length=12,
                verbose_name="status",
            ),
        ),
    ]
