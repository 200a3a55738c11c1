"""How long an unpaid order's stock is held, and how often that may be put off: one rule for placing and extending."""

from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from orders.models.order import Order

# Where PAYMENT_TIMEOUT_MINUTES is 0, an order that has a deadline nevertheless was placed before that.
_MINUTES_WITHOUT_TIMEOUT = 15


@dataclass(frozen=True, slots=True)
class HoldTerms:
    """Each extension puts the deadline off by `extension_minutes`."""

    max_extensions: int
    extension_minutes: int


# With what a deadline of its own has where nothing is said of extensions: one, by so long or by a day.
_WITH_METHODS = """(
            SELECT customer_group_id, payment_method, minutes, max_extensions, extension_minutes
            FROM orders_hold_policy
            UNION ALL
            SELECT NULL, code, minutes, 1, least(greatest(minutes, 15), 1440) FROM orders_payment_method
            WHERE minutes IS NOT NULL AND code NOT IN (
                SELECT said.payment_method FROM orders_hold_policy AS said WHERE said.customer_group_id IS NULL
            )
        )"""


def policy_that_counts(columns: str, *, group: str, methods: str) -> str:
    """SQL: `columns` of the most telling policy, of a group first, then of a payment method; no row where none fits.

    `group` and `methods` are SQL for the customer's group and for the payment methods that fit, "" among them. The
    deadline of a method's own row is a policy of that method for everybody; where there is such a policy, that one
    counts. Placing reads it inside the statement that writes the order (orders.placing.sql): it costs no statement of
    its own.
    """
    # A plain order names no method, and is spared looking for one.
    policies = "orders_hold_policy" if methods == "''" else _WITH_METHODS
    return f"""
        SELECT {columns} FROM {policies} AS policy
        WHERE (policy.customer_group_id IS NULL OR policy.customer_group_id = {group})
          AND policy.payment_method IN ({methods})
        ORDER BY policy.customer_group_id IS NULL, policy.payment_method = ''
        LIMIT 1
    """  # noqa: S608 - of our own words alone


_TERMS = policy_that_counts(
    "max_extensions, extension_minutes",
    group="(SELECT group_id FROM users_customer WHERE id = %s)",
    methods="'', %s",
)


def terms_for(order: Order) -> HoldTerms:
    """By the policy that counts for the order's payment method and its customer's group today; without one the deadline
    may be put off once by PAYMENT_TIMEOUT_MINUTES. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_TERMS, [order.customer_id, order.payment_method])
        found = cursor.fetchone()
    return HoldTerms(*found) if found else HoldTerms(1, settings.PAYMENT_TIMEOUT_MINUTES or _MINUTES_WITHOUT_TIMEOUT)
