"""One try at placing: read what is offered, plan, write. Of one order or of several in one transaction.

Prices and stock are read without locks; what was read is checked under the lock.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from inventory.ledger import stock
from inventory.sellable_variants import SellableVariant, read_sellables
from orders.incoming_payments.confirming import confirm_free
from orders.lifecycle.lock_buyers import lock_buyers
from orders.lifecycle.locking import lock_order_group
from orders.models.payment_method import PaymentMethod
from orders.placing.limits import Held, OrderLimits, check_held, check_next, check_units, read_held
from orders.placing.payment_methods import check_payment_method, methods_named
from orders.placing.plan import make_plan
from orders.placing.requested_lines import PlaceOrder, RequestedLine, currency_of, fingerprint, has_terms, sum_lines
from orders.placing.rows import PlacingRows, as_rich, rows_of
from orders.placing.sql import Written, write_orders
from orders.pricing.coupon_use import use_coupon
from orders.pricing.terms import PricingRequest, read_terms
from orders.pricing.totals import Terms
from orders.reservations.backorders import backorder_room, check_sold_out, hold_backorders
from shared.actor import Actor
from shared.database.transactions import outermost_transaction
from shared.errors import Refusal
from shared.metrics.names import PLACE_BATCH
from shared.metrics.recording import observe


@dataclass(frozen=True, slots=True)
class Attempt:
    """What stays the same over every try of one request: above all the order's id. `now` is for tests and past
    orders; unset, the database's clock counts. `ahead`: what is short may wait for goods."""

    order_id: UUID
    request: PlaceOrder
    actor: Actor
    key: str | None
    now: datetime | None = None
    ahead: bool = False
    limits: OrderLimits | None = None
    as_customer: bool = False


@dataclass(slots=True)
class PlacementResult:
    """What a try came to: `written`, or a `refusal` by rule, or neither, when another request holds the key or the
    customer does not exist. `fingerprint` is None when not even the variants exist."""

    fingerprint: str | None = None
    refusal: Refusal | None = None
    rows: PlacingRows | None = None
    written: Written | None = None


def place_batch(attempts: Sequence[Attempt]) -> list[PlacementResult]:
    """Plan every order by one read (and one of the terms of those that are not plain) and write those that can be in
    one transaction; the answers come in order. An order with a coupon must be tried alone: what is left of a coupon is
    known only under its lock, and a refusal there ends the whole transaction.

    Locks as write_together; raises what it raises, and then nothing of any of them is written.
    """
    sellables = read_sellables(
        (line.variant for attempt in attempts for line in attempt.request.lines),
        customer_ids=[attempt.request.customer_id for attempt in attempts],
    )
    methods = methods_named(attempt.request.payment_method for attempt in attempts)
    tries = [PlacementResult() for _ in attempts]
    wanted = [_sum_lines(attempt, tried, sellables, methods) for attempt, tried in zip(attempts, tries, strict=True)]
    requests = [attempt.request for attempt in attempts]
    # The first one's moment is everybody's: only live requests share a batch, and they have none of their own.
    terms = read_terms_of(requests, wanted, now=attempts[0].now)
    for attempt, tried, lines, own in zip(attempts, tries, wanted, terms, strict=True):
        if lines:
            _plan_attempt(attempt, tried, lines, own)
    _refuse_over_limits(tries)
    written = write_together([tried.rows for tried in tries if tried.rows])
    if written:
        observe(PLACE_BATCH, len(written))
    for tried in tries:
        if tried.rows:
            tried.written = written.get(tried.rows.order_id)
    return tries


def read_terms_of(
    requests: Sequence[PlaceOrder], wanted: Sequence[Sequence[RequestedLine]], *, now: datetime | None
) -> list[Terms | None]:
    """What each request, given with its lines, goes by; None for a plain one. Nothing is read when all are plain."""
    priced = [
        _pricing_request(request, lines) if lines and has_terms(request, lines) else None
        for request, lines in zip(requests, wanted, strict=True)
    ]
    asked = [pricing_request for pricing_request in priced if pricing_request]
    found = iter(read_terms(asked, now) if asked else ())
    return [next(found) if pricing_request else None for pricing_request in priced]


def _pricing_request(request: PlaceOrder, lines: Sequence[RequestedLine]) -> PricingRequest:
    return PricingRequest(
        request.customer_id,
        currency_of(request, lines),
        tuple(line.sellable.variant_id for line in lines),
        request.ship_to_country,
        request.shipping_method,
        request.coupon,
    )


def _sum_lines(
    attempt: Attempt,
    tried: PlacementResult,
    sellables: dict[str, SellableVariant],
    methods: Mapping[str, PaymentMethod],
) -> list[RequestedLine]:
    """The request's lines; none when that is refused."""
    try:
        lines = sum_lines(attempt.request.lines, sellables)
    except Refusal as refusal:
        tried.refusal = refusal
        return []
    # Before any further rule can refuse: a key that placed its order is answered with it, whatever would be refused
    # today.
    tried.fingerprint = fingerprint(attempt.request, lines)
    try:
        check_payment_method(attempt.request.payment_method, methods, as_customer=attempt.as_customer)
        if attempt.limits:
            check_units(attempt.limits, lines)
    except Refusal as refusal:
        tried.refusal = refusal
        return []
    return lines


def _plan_attempt(
    attempt: Attempt, tried: PlacementResult, lines: Sequence[RequestedLine], terms: Terms | None
) -> None:
    try:
        # Asked for only once there was too little stock: an order of what is there pays no statement for backorders.
        room = backorder_room(line.sellable.variant_id for line in lines) if attempt.ahead else None
        plan = make_plan(attempt.request, lines, terms, room=room)
    except Refusal as refusal:
        tried.refusal = refusal
        return
    tried.rows = rows_of(
        plan,
        order_id=attempt.order_id,
        customer_id=attempt.request.customer_id,
        note=attempt.request.note,
        actor=attempt.actor,
        key=attempt.key,
        fingerprint=tried.fingerprint or "",
        now=attempt.now,
        limits=attempt.limits,
    )


def _refuse_over_limits(tries: Sequence[PlacementResult]) -> None:
    """Those whose buyer holds as much as it may already, before anything is written: a refusal later on would end the
    transaction for all."""
    held = _held_by([tried.rows for tried in tries if tried.rows])
    for tried in tries:
        rows = tried.rows
        if rows is None or rows.limits is None or rows.plan.is_free:
            continue
        before = held.get(rows.customer_id, Held())
        try:
            check_next(rows.limits, before, rows.plan.held_units)
        except Refusal as refusal:
            tried.refusal, tried.rows = refusal, None


def write_together(orders: Sequence[PlacingRows]) -> dict[UUID, Written]:
    """The transaction of placing. Answers what was written, by order id: an order is missing when another one holds
    its key or its customer does not exist. One that costs nothing is confirmed in it, too.

    Locks: the keys in order (by inserting them), the coupon, the counters of what waits, buyers who have limits, then
    every stock level in primary-key order. Raises stock.StockShort when the levels hold less than all of them take
    together or goods came for what was to wait, NoBackorderRoom, OrderLimit, CouponInvalid when others have used the
    coupon up.
    """
    if not orders:
        return {}
    # One statement writes all of them, and it has one list of columns: a single rich order makes the others rich, too.
    if not all(rows.plan.is_plain for rows in orders):
        for rows in orders:
            as_rich(rows)
    # Must be the outermost: inside a caller's transaction a conflict could not be tried again from the start.
    with outermost_transaction():
        written = write_orders(
            orders=[rows.order for rows in orders],
            items=[item for rows in orders for item in rows.items],
            holds=[hold for rows in orders for hold in rows.holds],
            seller_orders=[seller_order for rows in orders for seller_order in rows.seller_orders],
            adjustments=[adjustment for rows in orders for adjustment in rows.adjustments],
            hold_minutes=settings.PAYMENT_TIMEOUT_MINUTES,
            now=orders[0].now,
        )
        # The others' key was taken, or their customer is gone: nothing of them was written, so nothing is taken for
        # them.
        placed = [rows for rows in orders if rows.order_id in written]
        # Coupon, counters and buyers before the stock: a level is hot, and what is locked last is held for the shortest
        # time.
        _use_coupons(placed, written)
        hold_backorders([units for rows in placed for units in rows.waiting], now=orders[0].now)
        # After the rows were written: two orders of one buyer that came at the same moment see each other only here.
        _check_limits(placed)
        moves = [move for rows in placed for move in rows.moves]
        sold_out = [level_id for rows in placed for level_id in rows.sold_out]
        # All levels of all orders by one call, which sorts them: two calls could each hold what the other waits for.
        levels = stock.lock([*(move.level_id for move in moves), *sold_out])
        stock.reserve(levels, moves, now=orders[0].now)
        # Under the same locks: goods that arrived since the plan was made would else lie there while somebody waits for
        # them.
        check_sold_out(levels, sold_out)
        for rows in placed:
            if rows.plan.is_free:
                # The order is ours alone, nobody else can see its row yet: this lock after the levels' waits for
                # nobody.
                confirm_free(lock_order_group(rows.order_id), actor=rows.actor, now=written[rows.order_id].created_at)
    return written


def _use_coupons(placed: Sequence[PlacingRows], written: dict[UUID, Written]) -> None:
    for rows in placed:
        if rows.plan.use is not None:
            use_coupon(
                coupon_id=rows.plan.use.coupon_id,
                order_id=rows.order_id,
                customer_id=rows.order["customer_id"],
                amount=rows.plan.use.amount,
                now=written[rows.order_id].created_at,
            )


def _check_limits(placed: Sequence[PlacingRows]) -> None:
    """Of buyers who have limits, once more under their lock, with what was just written: an order that was placed at
    the same moment counts, too."""
    lock_buyers(customer_ids={rows.customer_id for rows in placed if rows.limits})
    held = _held_by(placed)
    for rows in placed:
        if rows.limits and not rows.plan.is_free:
            check_held(rows.limits, held.get(rows.customer_id, Held()))


def _held_by(orders: Sequence[PlacingRows]) -> Mapping[UUID, Held]:
    """What those buyers of these orders hold who have limits; they are the same for all."""
    limited = {rows.customer_id: rows.limits for rows in orders if rows.limits}
    return read_held(limited.keys(), next(iter(limited.values())), orders[0].now) if limited else {}
