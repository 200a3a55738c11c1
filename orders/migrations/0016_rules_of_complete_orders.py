import django.contrib.postgres.functions
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0015_columns_of_complete_orders"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="order",
            name="order_payment_status_known",
        ),
        migrations.RemoveConstraint(
            model_name="order",
            name="order_goes_on_only_when_paid",
        ),
        migrations.RemoveConstraint(
            model_name="orderevent",
            name="order_event_kind_known",
        ),
        migrations.RemoveConstraint(
            model_name="orderitem",
            name="item_quantity_positive",
        ),
        migrations.RemoveConstraint(
            model_name="orderitem",
            name="item_total_adds_up",
        ),
        migrations.RemoveConstraint(
            model_name="orderitem",
            name="item_amounts_not_negative",
        ),
        migrations.RemoveConstraint(
            model_name="payment",
            name="payment_record_status_known",
        ),
        AddConstraintNotValid(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "payment_status__in",
                        ["PENDING", "PAID", "REFUND_DUE", "FAILED", "PARTIALLY_REFUNDED", "REFUNDED"],
                    )
                ),
                name="order_payment_status_known",
            ),
        ),
        AddConstraintNotValid(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["PENDING", "CANCELLED"]),
                    models.Q(
                        ("paid_at__isnull", False), ("payment_status__in", ["PAID", "PARTIALLY_REFUNDED", "REFUNDED"])
                    ),
                    _connector="OR",
                ),
                name="order_goes_on_only_when_paid",
            ),
        ),
        AddConstraintNotValid(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("parent__isnull", True),
                    models.Q(("payment_expires_at__isnull", True), ("seller__isnull", False)),
                    _connector="OR",
                ),
                name="order_part_is_one_sellers",
            ),
        ),
        AddConstraintNotValid(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("deleted_at__isnull", True), ("status__in", ["DELIVERED", "CANCELLED"]), _connector="OR"
                ),
                name="order_deleted_when_finished",
            ),
        ),
        AddConstraintNotValid(
            model_name="orderevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "placed",
                            "paid",
                            "payment_refund_due",
                            "status_changed",
                            "cancelled",
                            "expired",
                            "payment_failed",
                            "underpaid",
                            "refunded",
                            "shipped",
                            "delivered",
                            "return",
                            "edited",
                            "extended",
                            "deleted",
                            "restored",
                        ],
                    )
                ),
                name="order_event_kind_known",
            ),
        ),
        AddConstraintNotValid(
            model_name="orderitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gte", 1), ("status", "CANCELLED"), _connector="OR"),
                name="item_quantity_positive",
            ),
        ),
        AddConstraintNotValid(
            model_name="orderitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("tax_included", False),
                        (
                            "total_price",
                            django.db.models.expressions.CombinedExpression(
                                models.F("quantity"), "*", models.F("unit_price")
                            ),
                        ),
                    ),
                    models.Q(
                        ("tax_included", True),
                        (
                            "total_price",
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    models.F("quantity"), "*", models.F("unit_price")
                                ),
                                "-",
                                models.F("tax_amount"),
                            ),
                        ),
                    ),
                    _connector="OR",
                ),
                name="item_total_adds_up",
            ),
        ),
        AddConstraintNotValid(
            model_name="orderitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("discount_amount__gte", 0), ("tax_amount__gte", 0), ("unit_price__gte", 0)),
                name="item_amounts_not_negative",
            ),
        ),
        AddConstraintNotValid(
            model_name="orderitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("shipped_quantity__lte", models.F("quantity")),
                    ("returned_quantity__lte", models.F("shipped_quantity")),
                ),
                name="item_shipped_within_quantity",
            ),
        ),
        AddConstraintNotValid(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(("refunded_amount__gte", 0), ("refunded_amount__lte", models.F("amount"))),
                name="payment_refunded_within_amount",
            ),
        ),
        AddConstraintNotValid(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(("excess_amount__gte", 0), ("excess_amount__lte", models.F("amount"))),
                name="payment_excess_within_amount",
            ),
        ),
        AddConstraintNotValid(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(("standing__in", ["exact", "under", "over", "late", "twice"])),
                name="payment_standing_known",
            ),
        ),
        AddConstraintNotValid(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["PAID", "UNDERPAID", "REFUND_DUE", "REFUNDED"])),
                name="payment_record_status_known",
            ),
        ),
    ]
