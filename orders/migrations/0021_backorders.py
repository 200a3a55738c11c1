import django.db.models.deletion
from django.db import migrations, models

import shared.ids


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0009_ledger_rows_of_documents_and_backorders"),
        ("orders", "0020_validate_units_called_off"),
    ]

    operations = [
        migrations.CreateModel(
            name="Backorder",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shared.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                        verbose_name="id",
                    ),
                ),
                ("quantity", models.PositiveIntegerField(verbose_name="quantity")),
                ("filled_quantity", models.PositiveIntegerField(default=0, verbose_name="filled")),
                (
                    "status",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("filled", "Filled"), ("cancelled", "Cancelled")],
                        default="waiting",
                        max_length=9,
                        verbose_name="status",
                    ),
                ),
                ("created_at", models.DateTimeField(editable=False, verbose_name="created at")),
                ("updated_at", models.DateTimeField(editable=False, verbose_name="updated at")),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="backorders",
                        to="orders.orderitem",
                        verbose_name="item",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.seller",
                        verbose_name="seller",
                    ),
                ),
                (
                    "variant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.variant",
                        verbose_name="variant",
                    ),
                ),
            ],
            options={
                "verbose_name": "backorder",
                "verbose_name_plural": "backorders",
                "db_table": "orders_backorder",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "waiting")),
                        fields=["variant", "created_at", "id"],
                        name="backorder_queue",
                    ),
                    models.Index(fields=["status", "-id"], name="backorder_status"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "waiting")),
                        fields=("item",),
                        name="one_waiting_backorder_per_item",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["waiting", "filled", "cancelled"])),
                        name="backorder_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("quantity__gte", 1),
                            models.Q(
                                models.Q(("filled_quantity__lt", models.F("quantity")), ("status", "waiting")),
                                models.Q(("filled_quantity", models.F("quantity")), ("status", "filled")),
                                models.Q(("filled_quantity__lte", models.F("quantity")), ("status", "cancelled")),
                                _connector="OR",
                            ),
                        ),
                        name="backorder_filled_within_quantity",
                    ),
                ],
            },
        ),
    ]
