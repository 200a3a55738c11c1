"""Placing an order: exactly once, never beyond the stock.

One transaction (orders.placing.attempt.write_together) claims the idempotency key, writes the order, then locks the
stock levels (last, in primary-key order), looks again and reserves. Prices and stock are read before it without
locks; what was read is checked under the lock.
"""

from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from django.conf import settings
from django.db import IntegrityError
from django.db.models import CharField, QuerySet, UUIDField
from django.utils.translation import gettext

from inventory.ledger import stock
from orders.models.order import Order
from orders.placing.answer import placed_order
from orders.placing.attempt import Attempt, PlacementResult, place_batch
from orders.placing.faults import check_customer, no_customer, with_other_faults
from orders.placing.limits import limits_for
from orders.placing.plan import InsufficientStock
from orders.placing.replays import fingerprint_of_placed
from orders.placing.requested_lines import PlaceOrder
from orders.placing.traces import TracedQueue, place_traced
from orders.reads.in_full import find_order_in_full, get_order_in_full
from orders.reservations.backorders import NoBackorderRoom
from orders.services.orders.expire_unpaid_orders import expire_orders_holding
from shared.actor import Actor
from shared.concurrency.idempotency import IdempotencyKeyReused
from shared.concurrency.together import BatchFailed, BatchQueue
from shared.database.conflicts import constraint_name
from shared.database.restored import DOOR
from shared.database.transactions import retry_transaction
from shared.errors import Refusal, Unavailable
from shared.ids import new_id
from shared.metrics.names import ORDERS, PLACE_SECONDS
from shared.metrics.recording import add, timed
from shared.metrics.tracing import IS_ON
from shared.models.idempotency_key import IdempotencyKey
from shared.planner.compiled_query import CompiledQuery, Param

log = structlog.get_logger("kontor.orders")

# How often a plan may be overtaken by other buyers, between reading and locking, before the client is asked to retry.
_MAX_PLANS = 20
_MAX_LINES_TOGETHER = 300
# In a rush: an order costs an eighth to a quarter less processor time for it, and is answered sooner, not later.
_PAUSE_SECONDS = 0.005
# One for each process: orders that wait at the same time are placed in one transaction.
_PLACE, _QUEUE = (place_traced, TracedQueue) if IS_ON else (place_batch, BatchQueue)
QUEUE = _QUEUE(
    _PLACE,
    weigh=lambda attempt: len(attempt.request.lines),
    limit=_MAX_LINES_TOGETHER,
    pause=_PAUSE_SECONDS,
)


@dataclass(frozen=True, slots=True)
class PlacedOrder:
    """`created` is False for a replay; the order is in full, as it is now."""

    order: Order
    created: bool


def place_order(
    *,
    request: PlaceOrder,
    actor: Actor,
    idempotency_key: str | None = None,
    as_customer: bool = False,
    now: datetime | None = None,
) -> PlacedOrder:
    """Place the order, or find the one that the same key placed before. `as_customer`: the buyer's own login asks, for
    whom orders.placing.limits count.

    The stock is held until `payment_expires_at`, PAYMENT_TIMEOUT_MINUTES after the database's time of placing; that of
    an order which costs nothing is sold, and the order confirmed.
    Raises VariantNotFound, CustomerNotFound, VariantUnavailable, InsufficientStock, IdempotencyKeyReused,
    CouponNotFound, CouponInvalid, ShippingMethodNotFound, ShippingNotAvailable, PaymentMethodUnavailable, OrderLimit,
    InvalidInput, Restoring, Unavailable; after any of them nothing of the order is left. Commits its own transactions.
    Locks: the key (by inserting it), the coupon, a buyer with limits, then stock levels in primary-key order.
    """
    DOOR.check()
    # Orders of the demo shop and of tests, which bring their own time, are no buyer's of today.
    limits = limits_for(as_customer=as_customer) if now is None else None
    attempt = Attempt(new_id(), request, actor, idempotency_key, now, limits=limits, as_customer=as_customer)
    try:
        with timed(PLACE_SECONDS):
            placed = _place_freeing_overdue(attempt)
    except Refusal as first:
        refusal = with_other_faults(first, request, as_customer=as_customer, now=now)
        _note_refusal(refusal, actor)
        raise refusal from first.__cause__
    add(ORDERS, "placed" if placed.created else "replayed")
    event = "order_placed" if placed.created else "order_replayed"
    log.info(event, order=placed.order.number, order_id=str(placed.order.pk), actor=actor.label)
    return placed


def _note_refusal(refusal: Refusal, actor: Actor) -> None:
    if refusal.status < 500:  # a database that is away refuses nobody
        add(ORDERS, "refused_stock" if isinstance(refusal, InsufficientStock) else "refused_other")
    log.info("order_refused", code=refusal.code, actor=actor.label, detail=refusal.detail)


def _place_freeing_overdue(attempt: Attempt) -> PlacedOrder:
    """Short of stock, nothing is held any more: overdue orders on those levels expire, and placing is tried once
    more. Expiring them while levels are locked would deadlock with their payment. The second try comes even when
    there was none to expire: another buyer may have expired them just now. What is short then waits for goods, where
    the variants may be ordered in advance."""
    try:
        return _place_with_retries(attempt)
    except InsufficientStock as short:
        short.with_traceback(None)  # whose frames hold it in turn: only the garbage collector would free them
        check_customer(attempt.request.customer_id)  # nobody's order expires for nobody
        expire_orders_holding(level_ids=short.level_ids, now=attempt.now)
    try:
        return _place_with_retries(attempt)
    except InsufficientStock as still_short:
        if not still_short.may_wait:
            raise
        try:
            return _place_with_retries(replace(attempt, ahead=True))
        except NoBackorderRoom:
            raise still_short from None


def _place_with_retries(attempt: Attempt) -> PlacedOrder:
    """Plan by an unlocked read and write by the plan; plan again when somebody took what the plan counted on."""

    def find_placed() -> PlacedOrder | None:
        order = find_order_in_full(attempt.order_id)
        return PlacedOrder(order, created=True) if order else None

    def work(again: bool) -> PlacedOrder:
        # A `now` is a test's or the demo shop's own; what is ordered ahead locks counters; a used-up coupon is to
        # refuse its own order alone.
        alone = attempt.now is not None or attempt.ahead or attempt.request.coupon
        if settings.PLACE_TOGETHER and not again and not alone:
            try:
                return _order_of_result(attempt, QUEUE.run(attempt))
            except BatchFailed:
                again = True
        # An earlier commit whose answer was lost may have happened: look before placing again.
        return (find_placed() if again else None) or _order_of_result(attempt, _PLACE([attempt])[0])

    for _round in range(_MAX_PLANS):
        try:
            return retry_transaction(work, name="place_order", find_done=find_placed)
        # Outside retry_transaction, which sends the same again: what is out of date here is the plan itself.
        except stock.StockShort:
            continue
        except IntegrityError as error:
            return _after_integrity_error(error, attempt)
    raise Unavailable(gettext("Too many buyers want the same stock. Send the same request again."))


def _order_of_result(attempt: Attempt, tried: PlacementResult) -> PlacedOrder:
    """The order that the try wrote, or else the one that the same key placed before, however the shop has changed
    since. Raises the try's refusal, or CustomerNotFound."""
    if tried.rows and tried.written:
        if tried.rows.plan.is_free:  # confirmed already: more has happened to it than its rows say
            return PlacedOrder(get_order_in_full(attempt.order_id), created=True)
        return PlacedOrder(placed_order(tried.rows, tried.written), created=True)
    if (earlier := _find_earlier(attempt, tried.fingerprint)) is not None:
        return earlier
    raise tried.refusal or no_customer(attempt.request.customer_id)


def _find_earlier(attempt: Attempt, digest: str | None) -> PlacedOrder | None:
    """The order that this principal's key placed, or None. `digest` is None when a line names no variant of today's.
    Raises IdempotencyKeyReused for another request's key."""
    principal_id = attempt.actor.principal_id
    if attempt.key is None or principal_id is None:
        return None
    earlier = _EARLIER.fetch(principal_id=principal_id, key=attempt.key)
    if not earlier:
        return None
    order_id, fingerprint = earlier[0]
    if fingerprint != digest and fingerprint != fingerprint_of_placed(attempt.request, order_id):
        raise IdempotencyKeyReused(gettext("This key placed another order. Use a new key for a new order."))
    # Under our own id it is no replay: an earlier try of this very request committed, and its answer was lost.
    return PlacedOrder(get_order_in_full(order_id), created=order_id == attempt.order_id)


def _by_key() -> QuerySet:
    keys = IdempotencyKey.objects.filter(principal_id=Param("principal_id", UUIDField()), key=Param("key", CharField()))
    return keys.order_by().values_list("pk", "fingerprint")


_EARLIER = CompiledQuery(_by_key)


def _after_integrity_error(error: IntegrityError, attempt: Attempt) -> PlacedOrder:
    """What changed between reading and commit, as PostgreSQL names it."""
    constraint = constraint_name(error) or ""
    if constraint == "orders_order_pkey":
        # Our own earlier try, whose fate was unknown, committed after we looked.
        return PlacedOrder(get_order_in_full(attempt.order_id), created=True)
    if constraint.startswith("orders_order_customer_id"):
        raise no_customer(attempt.request.customer_id) from error
    raise error
