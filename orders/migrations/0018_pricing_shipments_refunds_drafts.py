from decimal import Decimal

import django.contrib.postgres.functions
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import shared.ids
import shared.money.amounts


class Migration(migrations.Migration):
    """Tables of coupons, shipping methods, shipments, returns, refunds, invoices, changes, drafts and deadlines."""

    dependencies = [
        ("catalog", "0006_prices_taxes_documents"),
        ("orders", "0017_validate_rules_of_complete_orders"),
        ("users", "0011_groups_and_countries"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Adjustment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name="id"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("price", "Price"),
                            ("discount", "Discount"),
                            ("tax", "Tax"),
                            ("shipping", "Shipping"),
                            ("write_off", "Written off"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "label",
                    models.CharField(help_text="What the invoice calls it.", max_length=200, verbose_name="label"),
                ),
                (
                    "amount",
                    shared.money.amounts.MoneyField(
                        decimal_places=3,
                        help_text="What it adds to the total; negative for a discount.",
                        max_digits=24,
                        verbose_name="amount",
                    ),
                ),
                ("data", models.JSONField(default=dict, help_text="Rates, codes and ids that it was computed from.")),
            ],
            options={
                "verbose_name": "adjustment",
                "verbose_name_plural": "adjustments",
                "db_table": "orders_adjustment",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Coupon",
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
                    "code",
                    models.CharField(
                        help_text="What customers type; capitals do not matter.", max_length=40, verbose_name="code"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("percent", "Percent off"),
                            ("amount", "Amount off"),
                            ("free_shipping", "Free shipping"),
                        ],
                        default="percent",
                        max_length=13,
                        verbose_name="kind",
                    ),
                ),
                (
                    "value",
                    shared.money.amounts.MoneyField(
                        decimal_places=3,
                        default=0,
                        help_text="Percent (10 is 10 %), or an amount in the currency.",
                        max_digits=15,
                        verbose_name="value",
                    ),
                ),
                (
                    "currency",
                    shared.money.amounts.CurrencyField(
                        blank=True,
                        help_text="Of an amount, and of the smallest order.",
                        max_length=3,
                        verbose_name="currency",
                    ),
                ),
                (
                    "min_subtotal",
                    shared.money.amounts.MoneyField(
                        decimal_places=3,
                        default=0,
                        help_text="The lines must come to so much before the discount.",
                        max_digits=24,
                        verbose_name="smallest order",
                    ),
                ),
                ("valid_from", models.DateTimeField(blank=True, null=True, verbose_name="valid from")),
                (
                    "valid_until",
                    models.DateTimeField(
                        blank=True, help_text="Not valid at or after it.", null=True, verbose_name="valid until"
                    ),
                ),
                (
                    "usage_limit",
                    models.PositiveIntegerField(
                        blank=True, help_text="Empty: no limit.", null=True, verbose_name="uses in all"
                    ),
                ),
                (
                    "customer_limit",
                    models.PositiveIntegerField(
                        blank=True, help_text="Empty: no limit.", null=True, verbose_name="uses by one customer"
                    ),
                ),
                ("used_count", models.PositiveIntegerField(default=0, editable=False, verbose_name="used")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
            ],
            options={
                "verbose_name": "coupon",
                "verbose_name_plural": "coupons",
                "db_table": "orders_coupon",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="CouponUse",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name="id"
                    ),
                ),
                ("amount", shared.money.amounts.MoneyField(decimal_places=3, max_digits=24, verbose_name="discount")),
                ("created_at", models.DateTimeField(editable=False)),
            ],
            options={
                "verbose_name": "use of a coupon",
                "verbose_name_plural": "uses of coupons",
                "db_table": "orders_coupon_use",
            },
        ),
        migrations.CreateModel(
            name="Draft",
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
                ("number", models.CharField(editable=False, max_length=32, verbose_name="number")),
                (
                    "kind",
                    models.CharField(
                        choices=[("draft", "Draft order"), ("quote", "Quote")],
                        default="draft",
                        max_length=5,
                        verbose_name="kind",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("sent", "Sent to the customer"),
                            ("ordered", "Ordered"),
                            ("declined", "Declined"),
                            ("expired", "Expired"),
                        ],
                        default="open",
                        max_length=8,
                        verbose_name="status",
                    ),
                ),
                ("currency", shared.money.amounts.CurrencyField(max_length=3, verbose_name="currency")),
                (
                    "valid_until",
                    models.DateField(
                        blank=True,
                        help_text="The last day (UTC) on which it can become an order.",
                        null=True,
                        verbose_name="valid until",
                    ),
                ),
                ("note", models.TextField(blank=True, max_length=10000, verbose_name="note")),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "verbose_name": "draft or quote",
                "verbose_name_plural": "drafts and quotes",
                "db_table": "orders_draft",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="DraftLine",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name="id"
                    ),
                ),
                ("quantity", models.PositiveIntegerField(default=1, verbose_name="quantity")),
                (
                    "agreed_price",
                    shared.money.amounts.MoneyField(
                        blank=True,
                        decimal_places=3,
                        help_text="Of one unit, instead of the catalogue's; empty: the price of the day it is ordered.",
                        max_digits=15,
                        null=True,
                        verbose_name="agreed price",
                    ),
                ),
            ],
            options={
                "verbose_name": "line of a draft",
                "verbose_name_plural": "lines of drafts",
                "db_table": "orders_draft_line",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="HoldPolicy",
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
                    "payment_method",
                    models.CharField(
                        blank=True,
                        help_text="e.g. bank_transfer; empty: every one.",
                        max_length=30,
                        verbose_name="payment method",
                    ),
                ),
                (
                    "minutes",
                    models.PositiveIntegerField(
                        help_text="Stock is held so long; 0: until somebody pays or cancels.",
                        verbose_name="minutes to pay",
                    ),
                ),
                (
                    "max_extensions",
                    models.PositiveSmallIntegerField(
                        default=1, help_text="How often an order's deadline may be put off.", verbose_name="extensions"
                    ),
                ),
                (
                    "extension_minutes",
                    models.PositiveIntegerField(
                        default=15,
                        help_text="By how much it is put off each time.",
                        verbose_name="minutes of an extension",
                    ),
                ),
            ],
            options={
                "verbose_name": "payment deadline",
                "verbose_name_plural": "payment deadlines",
                "db_table": "orders_hold_policy",
                "ordering": ["payment_method", "customer_group"],
            },
        ),
        migrations.CreateModel(
            name="Invoice",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name="id"
                    ),
                ),
                ("number", models.CharField(editable=False, max_length=32, verbose_name="number")),
                (
                    "kind",
                    models.CharField(
                        choices=[("invoice", "Invoice"), ("credit_note", "Credit note")],
                        default="invoice",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("order_version", models.PositiveIntegerField(help_text="The version of the order that it shows.")),
                ("content", models.JSONField()),
                ("issued_at", models.DateTimeField(editable=False, verbose_name="issued at")),
            ],
            options={
                "verbose_name": "invoice",
                "verbose_name_plural": "invoices",
                "db_table": "orders_invoice",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="InvoiceSeries",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("series", models.CharField(max_length=12)),
                ("year", models.PositiveSmallIntegerField()),
                ("last_number", models.PositiveIntegerField(default=0)),
            ],
            options={
                "db_table": "orders_invoice_series",
            },
        ),
        migrations.CreateModel(
            name="OrderEdit",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name="id"
                    ),
                ),
                ("order_version", models.PositiveIntegerField(help_text="The order's version after the change.")),
                ("before", models.JSONField()),
                ("after", models.JSONField()),
                ("difference", shared.money.amounts.MoneyField(decimal_places=3, max_digits=24, verbose_name="difference")),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("created_at", models.DateTimeField(editable=False, verbose_name="changed at")),
            ],
            options={
                "verbose_name": "change of an order",
                "verbose_name_plural": "changes of orders",
                "db_table": "orders_order_edit",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Refund",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name="id"
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("items", "Lines refunded"),
                            ("amount", "An amount refunded"),
                            ("cancellation", "Order cancelled"),
                            ("return", "Goods returned"),
                            ("edit", "Order changed"),
                            ("surplus", "Paid too much, twice or too late"),
                        ],
                        max_length=12,
                        verbose_name="cause",
                    ),
                ),
                (
                    "amount",
                    shared.money.amounts.MoneyField(
                        decimal_places=3,
                        help_text="What goes back, the restocking fee already taken off.",
                        max_digits=24,
                        verbose_name="amount",
                    ),
                ),
                ("currency", shared.money.amounts.CurrencyField(max_length=3, verbose_name="currency")),
                (
                    "restocking_fee",
                    shared.money.amounts.MoneyField(decimal_places=3, default=0, max_digits=24, verbose_name="restocking fee"),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("DUE", "To be paid out"),
                            ("SENT", "Under way"),
                            ("DONE", "Paid out"),
                            ("FAILED", "Failed"),
                            ("CANCELLED", "Called off"),
                        ],
                        default="DUE",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        blank=True,
                        help_text="The bank's or provider's name for the transfer.",
                        max_length=255,
                        verbose_name="reference",
                    ),
                ),
                (
                    "failure",
                    models.CharField(
                        blank=True, help_text="Why the provider refused.", max_length=200, verbose_name="failure"
                    ),
                ),
                ("created_at", models.DateTimeField(editable=False, verbose_name="asked for at")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="paid out at")),
            ],
            options={
                "verbose_name": "refund",
                "verbose_name_plural": "refunds",
                "db_table": "orders_refund",
                "ordering": ["-id"],
                "permissions": [("refund_order", "Can refund orders and handle returns")],
            },
        ),
        migrations.CreateModel(
            name="RefundItem",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name="id"
                    ),
                ),
                ("quantity", models.PositiveIntegerField(verbose_name="quantity")),
                (
                    "amount",
                    shared.money.amounts.MoneyField(
                        decimal_places=3,
                        help_text="Of these units, with their tax and after their discount.",
                        max_digits=24,
                        verbose_name="amount",
                    ),
                ),
                ("restocked_quantity", models.PositiveIntegerField(default=0, verbose_name="restocked")),
            ],
            options={
                "verbose_name": "line of a refund",
                "verbose_name_plural": "lines of refunds",
                "db_table": "orders_refund_item",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Return",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name="id"
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        editable=False, help_text="The order's number, -R, 1, 2 …", max_length=40, verbose_name="number"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("REQUESTED", "Requested"),
                            ("APPROVED", "Approved"),
                            ("REJECTED", "Rejected"),
                            ("RECEIVED", "Received"),
                            ("REFUNDED", "Refunded"),
                            ("CANCELLED", "Withdrawn"),
                        ],
                        default="REQUESTED",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        help_text="What staff said when they approved or rejected it.",
                        max_length=200,
                        verbose_name="answer",
                    ),
                ),
                ("created_at", models.DateTimeField(editable=False, verbose_name="requested at")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided at")),
                ("received_at", models.DateTimeField(blank=True, null=True, verbose_name="received at")),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "verbose_name": "return",
                "verbose_name_plural": "returns",
                "db_table": "orders_return",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="ReturnItem",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name="id"
                    ),
                ),
                ("quantity", models.PositiveIntegerField(verbose_name="quantity")),
                ("received_quantity", models.PositiveIntegerField(default=0, verbose_name="received")),
                (
                    "restocked_quantity",
                    models.PositiveIntegerField(
                        default=0, help_text="Units in a state to be sold again.", verbose_name="restocked"
                    ),
                ),
            ],
            options={
                "verbose_name": "line of a return",
                "verbose_name_plural": "lines of returns",
                "db_table": "orders_return_item",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Shipment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name="id"
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        editable=False, help_text="The order's number, -S, 1, 2 …", max_length=40, verbose_name="number"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("READY", "Ready to ship"),
                            ("SHIPPED", "Shipped"),
                            ("DELIVERED", "Delivered"),
                            ("CANCELLED", "Cancelled"),
                        ],
                        default="READY",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("carrier", models.CharField(blank=True, max_length=80, verbose_name="carrier")),
                ("tracking_number", models.CharField(blank=True, max_length=120, verbose_name="tracking number")),
                ("tracking_url", models.URLField(blank=True, max_length=500, verbose_name="tracking page")),
                ("created_at", models.DateTimeField(editable=False, verbose_name="packed at")),
                ("shipped_at", models.DateTimeField(blank=True, null=True, verbose_name="shipped at")),
                ("delivered_at", models.DateTimeField(blank=True, null=True, verbose_name="delivered at")),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "verbose_name": "shipment",
                "verbose_name_plural": "shipments",
                "db_table": "orders_shipment",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="ShipmentItem",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name="id"
                    ),
                ),
                ("quantity", models.PositiveIntegerField(verbose_name="quantity")),
            ],
            options={
                "verbose_name": "line of a shipment",
                "verbose_name_plural": "lines of shipments",
                "db_table": "orders_shipment_item",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ShippingMethod",
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
                    "code",
                    models.SlugField(
                        db_index=False, help_text="Its name in the API, e.g. post.", max_length=40, verbose_name="code"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("currency", shared.money.amounts.CurrencyField(max_length=3, verbose_name="currency")),
                (
                    "price",
                    shared.money.amounts.MoneyField(
                        decimal_places=3,
                        default=0,
                        help_text="Of one order, in the currency beside it.",
                        max_digits=15,
                        verbose_name="price",
                    ),
                ),
                (
                    "free_from",
                    shared.money.amounts.MoneyField(
                        blank=True,
                        decimal_places=3,
                        help_text="Costs nothing when the lines come to so much after discounts; empty: never free.",
                        max_digits=24,
                        null=True,
                        verbose_name="free from",
                    ),
                ),
                (
                    "tax_rate",
                    models.DecimalField(
                        decimal_places=4,
                        default=Decimal("0"),
                        help_text="Share added as tax: 0.2 is 20 %. Contained in the price where prices contain tax.",
                        max_digits=6,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(1),
                        ],
                        verbose_name="tax rate",
                    ),
                ),
                (
                    "countries",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text='ISO codes it goes to, e.g. ["DE", "UA"]; empty: all.',
                        verbose_name="countries",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "position",
                    models.PositiveSmallIntegerField(default=0, help_text="Lowest first.", verbose_name="position"),
                ),
            ],
            options={
                "verbose_name": "shipping method",
                "verbose_name_plural": "shipping methods",
                "db_table": "orders_shipping_method",
                "ordering": ["position", "name"],
            },
        ),
        migrations.AddField(
            model_name="adjustment",
            name="item",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="orders.orderitem",
            ),
        ),
        migrations.AddField(
            model_name="adjustment",
            name="order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="adjustments", to="orders.order"
            ),
        ),
        migrations.AddField(
            model_name="coupon",
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
            model_name="couponuse",
            name="coupon",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="uses", to="orders.coupon"
            ),
        ),
        migrations.AddField(
            model_name="couponuse",
            name="customer",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="users.customer"
            ),
        ),
        migrations.AddField(
            model_name="couponuse",
            name="order",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="coupon_use", to="orders.order"
            ),
        ),
        migrations.AddField(
            model_name="draft",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="users.customer",
                verbose_name="customer",
            ),
        ),
        migrations.AddField(
            model_name="draft",
            name="order",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="draft",
                to="orders.order",
                verbose_name="order",
            ),
        ),
        migrations.AddField(
            model_name="draft",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="owner",
            ),
        ),
        migrations.AddField(
            model_name="draftline",
            name="draft",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="orders.draft"
            ),
        ),
        migrations.AddField(
            model_name="draftline",
            name="seller",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.seller",
                verbose_name="seller",
            ),
        ),
        migrations.AddField(
            model_name="draftline",
            name="variant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.variant",
                verbose_name="variant",
            ),
        ),
        migrations.AddField(
            model_name="holdpolicy",
            name="customer_group",
            field=models.ForeignKey(
                blank=True,
                help_text="Empty: everybody.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="users.customergroup",
                verbose_name="customer group",
            ),
        ),
        migrations.AddField(
            model_name="invoice",
            name="order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="invoices",
                to="orders.order",
                verbose_name="order",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoiceseries",
            constraint=models.UniqueConstraint(fields=("series", "year"), name="invoice_series_once_a_year"),
        ),
        migrations.AddField(
            model_name="orderedit",
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
            model_name="orderedit",
            name="order",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="edits", to="orders.order"
            ),
        ),
        migrations.AddField(
            model_name="refund",
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
            model_name="refund",
            name="order",
            field=models.ForeignKey(
                help_text="Whose goods: of a split order the seller's part.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="refunds",
                to="orders.order",
                verbose_name="order",
            ),
        ),
        migrations.AddField(
            model_name="refund",
            name="payment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="refunds",
                to="orders.payment",
                verbose_name="payment",
            ),
        ),
        migrations.AddField(
            model_name="invoice",
            name="refund",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="credit_note",
                to="orders.refund",
                verbose_name="refund",
            ),
        ),
        migrations.AddField(
            model_name="refunditem",
            name="item",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="refunded_in",
                to="orders.orderitem",
                verbose_name="line",
            ),
        ),
        migrations.AddField(
            model_name="refunditem",
            name="refund",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="items", to="orders.refund"
            ),
        ),
        migrations.AddField(
            model_name="return",
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
            model_name="return",
            name="order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="returns",
                to="orders.order",
                verbose_name="order",
            ),
        ),
        migrations.AddField(
            model_name="refund",
            name="order_return",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="refunds",
                to="orders.return",
                verbose_name="return",
            ),
        ),
        migrations.AddField(
            model_name="returnitem",
            name="item",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="returned_in",
                to="orders.orderitem",
                verbose_name="line",
            ),
        ),
        migrations.AddField(
            model_name="returnitem",
            name="order_return",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="items",
                to="orders.return",
                verbose_name="return",
            ),
        ),
        migrations.AddField(
            model_name="shipment",
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
            model_name="shipment",
            name="location",
            field=models.ForeignKey(
                db_index=False,
                help_text="Where it is packed.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.stocklocation",
                verbose_name="location",
            ),
        ),
        migrations.AddField(
            model_name="shipment",
            name="order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="shipments",
                to="orders.order",
                verbose_name="order",
            ),
        ),
        migrations.AddField(
            model_name="shipmentitem",
            name="item",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="shipped_in",
                to="orders.orderitem",
                verbose_name="line",
            ),
        ),
        migrations.AddField(
            model_name="shipmentitem",
            name="shipment",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="items", to="orders.shipment"
            ),
        ),
        migrations.AddConstraint(
            model_name="shippingmethod",
            constraint=models.UniqueConstraint(
                fields=("code", "currency"), name="shipping_method_code_once_a_currency"
            ),
        ),
        migrations.AddConstraint(
            model_name="shippingmethod",
            constraint=models.CheckConstraint(
                condition=models.Q(("price__gte", 0)), name="shipping_price_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="shippingmethod",
            constraint=models.CheckConstraint(
                condition=models.Q(("tax_rate__gte", 0), ("tax_rate__lte", 1)), name="shipping_tax_rate_is_a_share"
            ),
        ),
        migrations.AddConstraint(
            model_name="shippingmethod",
            constraint=models.CheckConstraint(
                condition=models.Q(("currency__regex", "^[A-Z]{3}$")), name="shipping_currency_code"
            ),
        ),
        migrations.AddConstraint(
            model_name="adjustment",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["price", "discount", "tax", "shipping", "write_off"])),
                name="adjustment_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="coupon",
            constraint=models.UniqueConstraint(fields=("code",), name="coupon_code_unique"),
        ),
        migrations.AddConstraint(
            model_name="coupon",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__regex", "^[A-Z0-9_-]+$")), name="coupon_code_in_capitals"
            ),
        ),
        migrations.AddConstraint(
            model_name="coupon",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["percent", "amount", "free_shipping"])), name="coupon_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="coupon",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("min_subtotal__gte", 0),
                    ("value__gte", 0),
                    models.Q(models.Q(("kind", "percent"), _negated=True), ("value__lte", 100), _connector="OR"),
                ),
                name="coupon_value_within",
            ),
        ),
        migrations.AddConstraint(
            model_name="coupon",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "amount"), _negated=True),
                    models.Q(("currency", ""), _negated=True),
                    _connector="OR",
                ),
                name="coupon_amount_has_currency",
            ),
        ),
        migrations.AddConstraint(
            model_name="coupon",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("usage_limit__isnull", True), ("used_count__lte", models.F("usage_limit")), _connector="OR"
                ),
                name="coupon_used_within_limit",
            ),
        ),
        migrations.AddConstraint(
            model_name="coupon",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_from__isnull", True),
                    ("valid_until__isnull", True),
                    ("valid_from__lt", models.F("valid_until")),
                    _connector="OR",
                ),
                name="coupon_valid_for_a_while",
            ),
        ),
        migrations.AddIndex(
            model_name="couponuse",
            index=models.Index(fields=["coupon", "customer"], name="coupon_use_by_customer"),
        ),
        migrations.AddIndex(
            model_name="couponuse",
            index=models.Index(fields=["customer"], name="coupon_use_customer"),
        ),
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(fields=["status", "-id"], name="draft_status"),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(fields=("number",), name="draft_number_unique"),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["draft", "quote"])), name="draft_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["open", "sent", "ordered", "declined", "expired"])),
                name="draft_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(("currency__regex", "^[A-Z]{3}$")), name="draft_currency_code"
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("order__isnull", False), ("status", "ordered")),
                    models.Q(models.Q(("status", "ordered"), _negated=True), ("order__isnull", True)),
                    _connector="OR",
                ),
                name="draft_names_its_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="draftline",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gte", 1)), name="draft_line_quantity_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="draftline",
            constraint=models.CheckConstraint(
                condition=models.Q(("agreed_price__isnull", True), ("agreed_price__gte", 0), _connector="OR"),
                name="draft_line_price_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="holdpolicy",
            constraint=models.UniqueConstraint(
                fields=("payment_method", "customer_group"), name="hold_policy_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="holdpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("extension_minutes__gte", 1), ("extension_minutes__lte", 525600), ("minutes__lte", 525600)
                ),
                name="hold_policy_minutes_within_a_year",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderedit",
            constraint=models.UniqueConstraint(fields=("order", "order_version"), name="order_edit_once_a_version"),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.UniqueConstraint(fields=("number",), name="invoice_number_unique"),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["invoice", "credit_note"])), name="invoice_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "invoice"), ("refund__isnull", True)),
                    models.Q(("kind", "credit_note"), ("refund__isnull", False)),
                    _connector="OR",
                ),
                name="credit_note_names_its_refund",
            ),
        ),
        migrations.AddConstraint(
            model_name="refunditem",
            constraint=models.UniqueConstraint(fields=("refund", "item"), name="item_once_in_a_refund"),
        ),
        migrations.AddConstraint(
            model_name="refunditem",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gte", 1)), name="refund_item_quantity_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="refunditem",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gte", 0)), name="refund_item_amount_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="refunditem",
            constraint=models.CheckConstraint(
                condition=models.Q(("restocked_quantity__lte", models.F("quantity"))),
                name="refund_item_restock_within_quantity",
            ),
        ),
        migrations.AddIndex(
            model_name="return",
            index=models.Index(fields=["status", "-id"], name="return_status"),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.UniqueConstraint(fields=("number",), name="return_number_unique"),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["REQUESTED", "APPROVED", "REJECTED", "RECEIVED", "REFUNDED", "CANCELLED"])
                ),
                name="return_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("received_at__isnull", False),
                    models.Q(("status__in", ["RECEIVED", "REFUNDED"]), _negated=True),
                    _connector="OR",
                ),
                name="return_says_when_it_came",
            ),
        ),
        migrations.AddIndex(
            model_name="refund",
            index=models.Index(
                condition=models.Q(("status__in", ["DUE", "SENT", "FAILED"])), fields=["-id"], name="refund_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="refund_amount_positive"),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(("restocking_fee__gte", 0)), name="refund_fee_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(("currency__regex", "^[A-Z]{3}$")), name="refund_currency_code"
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["DUE", "SENT", "DONE", "FAILED", "CANCELLED"])),
                name="refund_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(("cause__in", ["items", "amount", "cancellation", "return", "edit", "surplus"])),
                name="refund_cause_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_at__isnull", False), ("status", "DONE")),
                    models.Q(models.Q(("status", "DONE"), _negated=True), ("done_at__isnull", True)),
                    _connector="OR",
                ),
                name="refund_says_when_it_was_done",
            ),
        ),
        migrations.AddConstraint(
            model_name="returnitem",
            constraint=models.UniqueConstraint(fields=("order_return", "item"), name="item_once_in_a_return"),
        ),
        migrations.AddConstraint(
            model_name="returnitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gte", 1)), name="return_item_quantity_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="returnitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("restocked_quantity__lte", models.F("received_quantity")),
                    ("received_quantity__lte", models.F("quantity")),
                ),
                name="return_item_quantities_within",
            ),
        ),
        migrations.AddIndex(
            model_name="shipment",
            index=models.Index(fields=["status", "-id"], name="shipment_status"),
        ),
        migrations.AddConstraint(
            model_name="shipment",
            constraint=models.UniqueConstraint(fields=("number",), name="shipment_number_unique"),
        ),
        migrations.AddConstraint(
            model_name="shipment",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["READY", "SHIPPED", "DELIVERED", "CANCELLED"])),
                name="shipment_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="shipment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("shipped_at__isnull", True), ("status__in", ["READY", "CANCELLED"])),
                    models.Q(("shipped_at__isnull", False), ("status__in", ["SHIPPED", "DELIVERED"])),
                    _connector="OR",
                ),
                name="shipment_says_when_it_left",
            ),
        ),
        migrations.AddConstraint(
            model_name="shipmentitem",
            constraint=models.UniqueConstraint(fields=("shipment", "item"), name="item_once_in_a_shipment"),
        ),
        migrations.AddConstraint(
            model_name="shipmentitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gte", 1)), name="shipment_item_quantity_positive"
            ),
        ),
    ]
