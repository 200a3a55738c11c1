"""One try at placing: read what is offered, plan, write. Of one order or of several in one transaction.

Prices and stock are read without locks; what was read is checked under the lock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from catalog.offers import Offer, read_offers
from catalog.services import stock
from orders.placing_plan import PlaceOrder, fingerprint, make_plan, sum_lines
from orders.placing_rows import PlacingRows, as_rich, rows_of
from orders.placing_sql import Written, write_orders
from shared.actor import Actor
from shared.errors import Refusal
from shared.transactions import outermost_transaction


@dataclass(frozen=True, slots=True)
class Attempt:
    """What stays the same over every try of one request: above all the order's id. `now` is for tests and past
    orders; unset, the database's clock counts."""

    order_id: UUID
    request: PlaceOrder
    actor: Actor
    key: str | None
    now: datetime | None = None


@dataclass(slots=True)
class Tried:
    """What a try came to: `written`, or a `refusal` by rule, or neither, when another request holds the key or the
    customer does not exist. `fingerprint` is None when not even the variants exist."""

    fingerprint: str | None = None
    refusal: Refusal | None = None
    rows: PlacingRows | None = None
    written: Written | None = None


def try_together(attempts: Sequence[Attempt]) -> list[Tried]:
    """Plan every order by one read and write those that can be in one transaction; the answers come in order.

    Locks as write_together; raises what it raises, and then nothing of any of them is written.
    """
    offers = read_offers(line.variant for attempt in attempts for line in attempt.request.lines)
    tries = [_plan(attempt, offers) for attempt in attempts]
    written = write_together([tried.rows for tried in tries if tried.rows])
    for tried in tries:
        if tried.rows:
            tried.written = written.get(tried.rows.order_id)
    return tries


def _plan(attempt: Attempt, offers: dict[str, Offer]) -> Tried:
    tried = Tried()
    try:
        lines = sum_lines(attempt.request.lines, offers)
        tried.fingerprint = fingerprint(attempt.request, lines)
        plan = make_plan(attempt.request, lines)
    except Refusal as refusal:
        tried.refusal = refusal
        return tried
    tried.rows = rows_of(
        plan,
        order_id=attempt.order_id,
        customer_id=attempt.request.customer_id,
        note=attempt.request.note,
        actor=attempt.actor,
        key=attempt.key,
        fingerprint=tried.fingerprint,
        now=attempt.now,
    )
    return tried


def write_together(orders: Sequence[PlacingRows]) -> dict[UUID, Written]:
    """The transaction of placing. Answers what was written, by order id: an order is missing when another one holds
    its key or its customer does not exist.

    Locks: the keys in order (by inserting them), then every stock level in primary-key order. Raises
    stock.StockShort when the levels hold less than all of them take together.
    """
    if not orders:
        return {}
    if not all(rows.plan.is_plain for rows in orders):
        for rows in orders:
            as_rich(rows)
    with outermost_transaction():
        written = write_orders(
            orders=[rows.order for rows in orders],
            items=[item for rows in orders for item in rows.items],
            holds=[hold for rows in orders for hold in rows.holds],
            parts=[part for rows in orders for part in rows.parts],
            adjustments=[adjustment for rows in orders for adjustment in rows.adjustments],
            hold_minutes=settings.PAYMENT_TIMEOUT_MINUTES,
            now=orders[0].now,
        )
        placed = [rows for rows in orders if rows.order_id in written]
        moves = [move for rows in placed for move in rows.moves]
        stock.reserve(stock.lock(move.level_id for move in moves), moves, now=orders[0].now)
    return written
