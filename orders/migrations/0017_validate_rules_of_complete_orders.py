from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models

# Swapped while payments are recorded: the weaker rule is there before the stronger one goes.
NEW_RULE = [
    """CREATE UNIQUE INDEX CONCURRENTLY one_payment_pays ON orders_payment (order_id)
       WHERE status = 'PAID' AND NOT is_part""",
    "DROP INDEX CONCURRENTLY one_payment_pays_an_order",
    "ALTER INDEX one_payment_pays RENAME TO one_payment_pays_an_order",
]
OLD_RULE = [
    "CREATE UNIQUE INDEX CONCURRENTLY one_payment_pays ON orders_payment (order_id) WHERE status = 'PAID'",
    "DROP INDEX CONCURRENTLY one_payment_pays_an_order",
    "ALTER INDEX one_payment_pays RENAME TO one_payment_pays_an_order",
]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("orders", "0016_rules_of_complete_orders"),
    ]

    operations = [
        ValidateConstraint(model_name="order", name="orders_order_hold_extensions_check"),
        ValidateConstraint(model_name="orderitem", name="orders_order_item_returned_quantity_check"),
        ValidateConstraint(model_name="orderitem", name="orders_order_item_shipped_quantity_check"),
        ValidateConstraint(model_name="order", name="order_payment_status_known"),
        ValidateConstraint(model_name="order", name="order_goes_on_only_when_paid"),
        ValidateConstraint(model_name="order", name="order_part_is_one_sellers"),
        ValidateConstraint(model_name="order", name="order_deleted_when_finished"),
        ValidateConstraint(model_name="orderevent", name="order_event_kind_known"),
        ValidateConstraint(model_name="orderitem", name="item_quantity_positive"),
        ValidateConstraint(model_name="orderitem", name="item_total_adds_up"),
        ValidateConstraint(model_name="orderitem", name="item_amounts_not_negative"),
        ValidateConstraint(model_name="orderitem", name="item_shipped_within_quantity"),
        ValidateConstraint(model_name="payment", name="payment_refunded_within_amount"),
        ValidateConstraint(model_name="payment", name="payment_excess_within_amount"),
        ValidateConstraint(model_name="payment", name="payment_standing_known"),
        ValidateConstraint(model_name="payment", name="payment_record_status_known"),
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(
                condition=models.Q(("seller__isnull", False)),
                fields=["seller", "-created_at", "-id"],
                name="order_part_seller",
            ),
        ),
        AddIndexConcurrently(
            model_name="payment",
            index=models.Index(
                condition=models.Q(models.Q(("standing", "exact"), _negated=True), ("settled_at__isnull", True)),
                fields=["-id"],
                name="payment_to_settle",
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(NEW_RULE, OLD_RULE)],
            state_operations=[
                migrations.RemoveConstraint(
                    model_name="payment",
                    name="one_payment_pays_an_order",
                ),
                migrations.AddConstraint(
                    model_name="payment",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("is_part", False), ("status", "PAID")),
                        fields=("order",),
                        name="one_payment_pays_an_order",
                    ),
                ),
            ],
        ),
    ]
