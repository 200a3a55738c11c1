"""Claiming keys and writing orders with all their rows, in one statement for any number of orders.

As ORM calls these are six statements and a bulk_create's worth of Python each (docs/decisions/raw-sql.md has the
figures). Foreign keys are checked at commit, so the order of the sub-orders does not matter. Rows travel as JSON:
psycopg takes ten times as long to write them as two dozen arrays.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection

from orders.reservations.hold_terms import policy_that_counts
from shared.database.conflicts import LOCK_NOT_AVAILABLE, DuplicateInFlight, sqlstate
from shared.database.rows_as_json import rows_as_json

Row = dict[str, Any]
# An order that has it has all columns of rich orders.
RICH_COLUMN = "shipping_method"

# Whoever inserts a key first goes on; a duplicate waits here on the unique index until the first one ends, then claims
# and writes nothing. Keys are inserted in order, so that two of these statements cannot wait for each other.
#
# The text has two forms. A plain order needs none of what stands in << >>: discounts, shipping, taxes by region, prices
# with a reason, sub-orders. It is spared these columns and inserts.
_TEMPLATE = """
WITH wanted AS (
    SELECT o.*, customer.name AS customer_name, customer.email AS customer_email,
           customer.address AS customer_address, {tax_number} AS tax_number, {goes_to} AS goes_to,
           {billed_to} AS billed_to,
           -- How long this customer's stock is held, where the shop has rules of its own.
           coalesce(({policy_minutes}), %(hold_minutes)s) AS hold_minutes
    FROM json_to_recordset(%(orders)s::json) AS o (
        order_id uuid, principal_id uuid, key text, fingerprint text, customer_id uuid, currency text,
        subtotal numeric, tax_total numeric, total numeric, note text, event_id uuid, actor_id uuid
        <<, discount_total numeric, shipping_total numeric, shipping_tax numeric, ship_to_country text,
        shipping_method text, coupon_code text, payment_method text, delivery_address jsonb, billing_address jsonb,
        metadata jsonb>>
    )
    JOIN users_customer AS customer ON customer.id = o.customer_id AND customer.deleted_at IS NULL
),
claim AS (
    INSERT INTO orders_idempotency_key (order_id, principal_id, key, fingerprint, created_at)
    SELECT order_id, principal_id, key, fingerprint, statement_timestamp()
    FROM wanted
    WHERE key IS NOT NULL
    ORDER BY principal_id, key
    ON CONFLICT (principal_id, key) DO NOTHING
    RETURNING order_id
),
clock AS (
    -- An aggregate, so that the clock is read once, and after any waiting for a duplicate.
    SELECT coalesce(%(now)s::timestamptz, CASE WHEN count(*) >= 0 THEN clock_timestamp() END) AS now FROM claim
),
free AS (
    SELECT wanted.*, now,
           -- PAYMENT_TIMEOUT_MINUTES = 0 switches all deadlines off.
           CASE WHEN %(hold_minutes)s > 0 THEN now + make_interval(mins => nullif(hold_minutes, 0)) END AS deadline
    FROM wanted, clock
    WHERE key IS NULL OR order_id IN (SELECT order_id FROM claim)
),
placed AS (
    INSERT INTO orders_order (id, number, customer_id, customer_name, customer_email, customer_address,
                              customer_tax_number, status, payment_status, currency, subtotal, discount_total,
                              tax_total, shipping_total, total, note, cancel_reason, payment_expires_at, version,
                              created_at, updated_at,
                              delivery_address, billing_address
                              <<, shipping_tax, ship_to_country, shipping_method, coupon_code, payment_method,
                              metadata>>)
    SELECT order_id, nextval('orders_order_number_seq')::text, customer_id, customer_name, customer_email,
           customer_address, tax_number, 'PENDING', 'PENDING', currency, subtotal, {discount}, tax_total, {shipping},
           total, note, '', deadline, 1, now, now, goes_to, billed_to
           <<, shipping_tax, ship_to_country, shipping_method, coupon_code, payment_method,
           coalesce(metadata, '{{}}')>>
    FROM free
    RETURNING id, number, customer_name, customer_email, customer_address, customer_tax_number, created_at,
              payment_expires_at, delivery_address, billing_address
),
<<sub_orders AS (
    INSERT INTO orders_order (id, parent_id, seller_id, number, customer_id, customer_name, customer_email,
                              customer_address, customer_tax_number, status, payment_status, currency, subtotal,
                              discount_total, tax_total,
                              shipping_total, shipping_tax, total, note, cancel_reason, version, created_at, updated_at,
                              ship_to_country, shipping_method, coupon_code, payment_method, delivery_address,
                              billing_address)
    SELECT own.id, order_id, own.seller_id, placed.number || '-' || own.position, customer_id, free.customer_name,
           free.customer_email, free.customer_address, free.tax_number, 'PENDING', 'PENDING', currency, own.subtotal,
           own.discount_total, own.tax_total, own.shipping_total, own.shipping_tax, own.total, '', '', 1, now, now,
           ship_to_country, shipping_method, coupon_code, payment_method, goes_to, billed_to
    FROM json_to_recordset(%(sub_orders)s::json) AS own (
        id uuid, order_id uuid, seller_id uuid, position int, event_id uuid, subtotal numeric, discount_total numeric,
        tax_total numeric, shipping_total numeric, shipping_tax numeric, total numeric
    )
    JOIN free USING (order_id)
    JOIN placed ON placed.id = order_id
),
events_of_sub_orders AS (
    INSERT INTO orders_order_event (id, order_id, kind, from_status, to_status, actor_id, reason, data, created_at)
    SELECT own.event_id, own.id, 'placed', '', 'PENDING', actor_id, '',
           jsonb_build_object('customer', customer_id), now
    FROM json_to_recordset(%(sub_orders)s::json) AS own (id uuid, order_id uuid, event_id uuid)
    JOIN free USING (order_id)
),
adjustments AS (
    INSERT INTO orders_adjustment (id, order_id, item_id, kind, label, amount, data)
    SELECT adjustment.id, order_id, item_id, kind, label, amount, data
    FROM json_to_recordset(%(adjustments)s::json) AS adjustment (
        id uuid, order_id uuid, item_id uuid, kind text, label text, amount numeric, data jsonb
    )
    JOIN free USING (order_id)
),>>
items AS (
    INSERT INTO orders_order_item (id, order_id, position, variant_id, seller_id, sku, name, quantity, unit_price,
                                   tax_rate, total_price, tax_amount, refunded_quantity, status, listed_at
                                   <<, tax_included, discount_amount, price_reason>>)
    SELECT item.id, {of_item}, position, variant_id, seller_id, sku, name, quantity, unit_price,
           tax_rate, total_price, tax_amount, 0, 'PENDING',
           CASE WHEN row_number() OVER (PARTITION BY order_id, seller_id ORDER BY position) = 1 THEN now END
           <<, tax_included, discount_amount, price_reason>>
    FROM json_to_recordset(%(items)s::json) AS item (
        id uuid, order_id uuid, position smallint, variant_id uuid, seller_id uuid, sku text, name text, quantity int,
        unit_price numeric, tax_rate numeric, total_price numeric, tax_amount numeric
        <<, seller_order_id uuid, tax_included boolean, discount_amount numeric, price_reason text>>
    )
    JOIN free USING (order_id)
),
reservations AS (
    INSERT INTO orders_reservation (id, item_id, level_id, quantity, status, expires_at, created_at, updated_at)
    SELECT hold.id, item_id, level_id, quantity, 'active', deadline, now, now
    FROM json_to_recordset(%(holds)s::json) AS hold (
        id uuid, order_id uuid, item_id uuid, level_id uuid, quantity int
    )
    JOIN free USING (order_id)
),
event AS (
    -- `data` says for whom: orders.models.order_event.PLACED_FOR.
    INSERT INTO orders_order_event (id, order_id, kind, from_status, to_status, actor_id, reason, data, created_at)
    SELECT event_id, order_id, 'placed', '', 'PENDING', actor_id, '',
           jsonb_build_object('customer', customer_id), now
    FROM free
)
SELECT placed.*,
       -- For the statements that follow in this transaction. A hot table of few stock levels is full of dead rows:
       -- read from end to end, as the planner likes with so few, an order cost seven times as much.
       set_config('enable_seqscan', 'off', true)
FROM placed
"""


def _in_short(sql: str) -> str:
    """Without comments and line breaks: psycopg remembers how to send a statement of up to 4,096 characters, and takes
    a longer one apart every time."""
    return " ".join(re.sub(r"--.*", "", sql).split())


def _policy_minutes(methods: str) -> str:
    return _in_short(policy_that_counts("minutes", group="customer.group_id", methods=methods))


def _default_address(kind: str) -> str:
    """Of the customer, without what makes it one of theirs."""
    path = f'$[*] ? (@.kind == "{kind}" && @.is_default == true)'
    return f"(jsonb_path_query_first(customer.addresses, '{path}') - '{{id,kind,is_default}}'::text[])"


_GOES_TO, _BILLED_TO = _default_address("delivery"), _default_address("billing")
# The customer's own, else the company's.
_TAX_NUMBER = """coalesce(nullif(customer.tax_number, ''),
    (SELECT tax_number FROM users_company WHERE id = customer.company_id), '')"""
# Goods for another country do not go where the customer lives.
_NAMED_OR_DEFAULT = f"""coalesce(o.delivery_address,
    CASE WHEN o.ship_to_country IN ('', {_GOES_TO} ->> 'country') THEN {_GOES_TO} END)"""

PLAIN = _in_short(re.sub(r"<<.*?>>", "", _TEMPLATE, flags=re.DOTALL)).format(
    discount="0",
    shipping="0",
    of_item="order_id",
    policy_minutes=_policy_minutes("''"),
    tax_number=_TAX_NUMBER,
    goes_to=_GOES_TO,
    billed_to=_BILLED_TO,
)
RICH = _in_short(_TEMPLATE.replace("<<", "").replace(">>", "")).format(
    discount="discount_total",
    shipping="shipping_total",
    of_item="coalesce(seller_order_id, order_id)",
    policy_minutes=_policy_minutes("'', o.payment_method"),
    tax_number=_TAX_NUMBER,
    goes_to=_in_short(_NAMED_OR_DEFAULT),
    billed_to=f"coalesce(o.billing_address, {_BILLED_TO})",
)


@dataclass(frozen=True, slots=True)
class Written:
    """What the database decided."""

    number: str
    customer_name: str
    customer_email: str
    customer_address: str
    customer_tax_number: str
    created_at: datetime
    payment_expires_at: datetime | None
    delivery_address: str | None  # JSON, as billing_address is
    billing_address: str | None


def write_orders(
    *,
    orders: Sequence[Row],
    items: Sequence[Row],
    holds: Sequence[Row],
    seller_orders: Sequence[Row] = (),
    adjustments: Sequence[Row] = (),
    hold_minutes: int,
    now: datetime | None,
) -> dict[UUID, Written]:
    """Write the rows of every order whose key is free and whose customer exists; the answer has those, by order id.

    Orders are all plain, or all rich: with the columns of discounts, shipping and region, and perhaps `sub_orders` and
    `adjustments`. `hold_minutes` is the shop's, which its deadline policies may change; 0: no order expires. `now`
    unset: the database's clock. Waits for a duplicate in flight; raises DuplicateInFlight when that takes longer than
    lock_timeout.
    """
    values: dict[str, Any] = {
        "orders": rows_as_json(orders),
        "items": rows_as_json(items),
        "holds": rows_as_json(holds),
        "hold_minutes": hold_minutes,
        "now": now,
    }
    # The first tells it for all: the caller has made them alike.
    rich = RICH_COLUMN in orders[0]
    if rich:
        values |= {"sub_orders": rows_as_json(seller_orders), "adjustments": rows_as_json(adjustments)}
    try:
        with connection.cursor() as cursor:
            cursor.execute(RICH if rich else PLAIN, values)
            # By id, as the rows come in no order; the last column is the setting for the statements that follow.
            return {order_id: Written(*columns) for order_id, *columns, _ in cursor.fetchall()}
    except OperationalError as error:
        if sqlstate(error) == LOCK_NOT_AVAILABLE:  # keys are all that this statement can wait for
            raise DuplicateInFlight("Another request with the same key is under way.") from error
        raise
