"""Money that came through providers, and how it met what was due."""

from orders.audit.check import Check

CHECKS = (
    Check(
        "payments_equal_captures",
        "What a payment intent captured is the sum of its order's payments that name it; none names a missing one.",
        """
        SELECT coalesce(intent.id, booked.intent_id) AS intent_id, intent.order_id, intent.captured_amount,
               coalesce(booked.amount, 0) AS booked
        FROM payments_intent AS intent
        FULL JOIN (
            SELECT intent_id, order_id, sum(amount) AS amount FROM orders_payment
            WHERE intent_id IS NOT NULL GROUP BY intent_id, order_id
        ) AS booked ON booked.intent_id = intent.id AND booked.order_id = intent.order_id
        WHERE intent.captured_amount IS DISTINCT FROM coalesce(booked.amount, 0)
        """,
    ),
    Check(
        "payment_standing_fits",
        "A payment that waits for the rest is too little, and one with an excess too much or late.",
        """
        SELECT id AS payment_id, order_id, status, standing, amount, excess_amount FROM orders_payment
        WHERE (status = 'UNDERPAID' AND standing <> 'under')
              OR (excess_amount > 0 AND standing NOT IN ('over', 'late'))
              OR (standing = 'over' AND excess_amount = 0)
        """,
    ),
    Check(
        "providers_have_answered",
        "No provider owes an answer for more than an hour: is it away, or the worker?",
        """
        SELECT id AS operation_id, intent_id, kind, status, attempts, created_at, error FROM payments_operation
        WHERE status IN ('planned', 'sent') AND created_at < now() - interval '1 hour'
        """,
        is_drift=False,
    ),
)
