import django.db.models.expressions
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

import shared.money


class Migration(migrations.Migration):
    """Lines remember the units that were refunded before they left; refunds what of them is shipping."""

    dependencies = [
        ("orders", "0018_pricing_shipments_refunds_drafts"),
    ]

    operations = [
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
        migrations.AddField(
            model_name="refund",
            name="shipping_amount",
            field=shared.money.MoneyField(
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
