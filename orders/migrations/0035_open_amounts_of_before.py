from django.db import migrations

# As orders.incoming_payments.receiving.amount_due has it, for the few orders that were paid in part or changed to cost more: what counts of
# a payment is what is neither too much nor was owed back; what a change gave back is no longer in the total.
FILL = """
    WITH asked AS (
        SELECT order_id AS id FROM orders_payment WHERE status = 'UNDERPAID'
        UNION SELECT coalesce(part.parent_id, part.id)
        FROM orders_order_edit AS edit JOIN orders_order AS part ON part.id = edit.order_id WHERE edit.difference > 0
    ), counted AS (
        SELECT o.id, o.payment_status, o.total,
               o.total + coalesce((
                   SELECT sum(refund.amount) FROM orders_refund AS refund
                   JOIN orders_order AS part ON part.id = refund.order_id
                   WHERE coalesce(part.parent_id, part.id) = o.id AND refund.cause = 'edit'
                         AND refund.status <> 'CANCELLED'
               ), 0) - coalesce((
                   SELECT sum(payment.amount - greatest(payment.excess_amount, coalesce((
                       SELECT sum(amount) FROM orders_refund
                       WHERE payment_id = payment.id AND cause = 'surplus' AND status <> 'CANCELLED'
                   ), 0))) FROM orders_payment AS payment
                   WHERE payment.order_id = o.id AND payment.status IN ('PAID', 'REFUNDED', 'UNDERPAID')
               ), 0) AS due
        FROM orders_order AS o JOIN asked USING (id)
        WHERE o.status <> 'CANCELLED' AND o.payment_status <> 'REFUND_DUE' AND o.open_amount IS NULL
    )
    UPDATE orders_order AS o SET open_amount = greatest(due, 0) FROM counted
    WHERE counted.id = o.id
          AND greatest(due, 0) <> CASE WHEN counted.payment_status IN ('PENDING', 'FAILED') THEN counted.total ELSE 0 END
"""


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0034_rules_of_disputes"),
    ]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
