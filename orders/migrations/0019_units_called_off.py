import django.db.models.expressions
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

import shared.money.amounts


def unscanned(table: str, column: str, kind: str) -> tuple[str, str]:
    """The column as AddField makes it, but with its check not yet validated: that would read the whole table while
    nobody else may. A later migration validates it."""
    check = f"ADD CONSTRAINT {table}_{column}_check CHECK ({column} >= 0) NOT VALID"
    add = f"ALTER TABLE {table} ADD COLUMN {column} {kind} DEFAULT 0 NOT NULL, {check}"
    return add, f"ALTER TABLE {table} DROP COLUMN {column}"


class Migration(migrations.Migration):
    """Lines remember the units that were refunded before they left; refunds what of them is shipping."""

    dependencies = [
        ("orders", "0018_pricing_shipments_refunds_drafts"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(*unscanned("orders_order_item", "cancelled_quantity", "integer"))],
            state_operations=[
                migrations.AddField(
                    model_name="orderitem",
                    name="cancelled_quantity",
                    field=models.PositiveIntegerField(
                        db_default=0,
                        default=0,
                        help_text="Units refunded before they were shipped: they do not go out.",
                        verbose_name="called off",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="refund",
            name="shipping_amount",
            field=shared.money.amounts.MoneyField(
                db_default=0,
                decimal_places=3,
                default=0,
                help_text="With its tax; what the buyer paid for it at most.",
                max_digits=24,
                verbose_name="of it for shipping",
            ),
        ),
        AddConstraintNotValid(
            model_name="orderitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "cancelled_quantity__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("quantity"), "-", models.F("shipped_quantity")
                        ),
                    )
                ),
                name="item_cancelled_within_unshipped",
            ),
        ),
        AddConstraintNotValid(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(("shipping_amount__gte", 0)), name="refund_shipping_not_negative"
            ),
        ),
        AddConstraintNotValid(
            model_name="return",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_at__isnull", False),
                    models.Q(("status__in", ["APPROVED", "REJECTED", "RECEIVED", "REFUNDED"]), _negated=True),
                    _connector="OR",
                ),
                name="return_says_when_it_was_decided",
            ),
        ),
    ]
