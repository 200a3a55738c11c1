"""Money that came through providers, and how it met what was due."""

from orders.audit.check import Check

CHECKS = (
    Check(
        # A full join, as either side may lack the other: money that no intent knows, and a capture that no payment
        # tells.
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
        "payment_match_fits",
        "A payment that waits for the rest is too little, and one with an excess too much or late.",
        """
        SELECT id AS payment_id, order_id, status, match, amount, excess_amount FROM orders_payment
        WHERE (status = 'UNDERPAID' AND match <> 'under')
              OR (excess_amount > 0 AND match NOT IN ('over', 'late', 'under'))
              OR (match = 'over' AND excess_amount = 0)
        """,
    ),
    Check(
        # In the order of incoming_payments.disputes.flag_of: open before lost before won.
        "disputes_flag_their_orders",
        "An order says that it is disputed while a dispute is open, else what the last came to.",
        """
        SELECT o.id AS order_id, o.number, o.dispute, told.flag
        FROM orders_order AS o LEFT JOIN (
            SELECT order_id, CASE WHEN bool_or(closed_at IS NULL) THEN 'open' WHEN bool_or(status = 'lost') THEN 'lost'
                                  WHEN bool_or(status = 'won') THEN 'won' ELSE '' END AS flag
            FROM orders_dispute GROUP BY order_id
        ) AS told ON told.order_id = coalesce(o.parent_id, o.id)
        WHERE (o.dispute <> '' OR told.flag IS NOT NULL) AND o.dispute <> coalesce(told.flag, '')
        """,
    ),
    Check(
        # By the reference: a refund that a dispute took carries the provider's name of the dispute.
        "lost_disputes_took_their_money",
        "What a dispute took for good is counted as given back, as far as payments were left, and nothing else is.",
        """
        SELECT dispute.id AS dispute_id, dispute.order_id, dispute.amount, coalesce(sum(refund.amount), 0) AS taken
        FROM orders_dispute AS dispute
        LEFT JOIN orders_payment AS payment ON payment.order_id = dispute.order_id
        LEFT JOIN orders_refund AS refund
               ON refund.payment_id = payment.id AND refund.reference = dispute.provider_id
                  AND refund.status <> 'CANCELLED'
        WHERE dispute.kind = 'dispute'
        GROUP BY dispute.id, dispute.order_id, dispute.amount, dispute.status, dispute.funds
        HAVING coalesce(sum(refund.amount), 0) > dispute.amount
               OR (count(refund.id) > 0 AND (dispute.status <> 'lost' OR dispute.funds = 'reinstated'))
        """,
    ),
    Check(
        "disputes_are_answered",
        "No dispute waits for an answer less than a day before its deadline, or after it.",
        """
        SELECT id AS dispute_id, order_id, amount, currency, reason, evidence_due_at FROM orders_dispute
        WHERE closed_at IS NULL AND status = 'needs_response' AND evidence_due_at < now() + interval '1 day'
        """,
        is_discrepancy=False,
    ),
    Check(
        "providers_have_answered",
        "No provider owes an answer for more than an hour: is it away, or the worker?",
        """
        SELECT id AS operation_id, intent_id, kind, status, attempts, created_at, error FROM payments_operation
        WHERE status IN ('planned', 'sent') AND created_at < now() - interval '1 hour'
        """,
        is_discrepancy=False,
    ),
)
