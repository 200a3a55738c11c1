"""What an order would cost, told before it is placed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from inventory.sellable_variants import read_sellables
from orders.placing.attempt import read_terms_of
from orders.placing.faults import check_customer, with_other_faults
from orders.placing.limits import Held, check_next, check_units, limits_for, read_held
from orders.placing.payment_methods import check_payment_method, methods_named
from orders.placing.plan import InsufficientStock, Plan, make_plan
from orders.placing.previewing import what_expiring_frees
from orders.placing.requested_lines import PlaceOrder, RequestedLine, sum_lines
from orders.pricing.totals import Terms
from orders.services.orders.expire_unpaid_orders import overdue_orders_holding
from shared.errors import Refusal


def preview_order(
    *, request: PlaceOrder, as_customer: bool = False, for_new_customer: bool = False, now: datetime | None = None
) -> Plan:
    """The plan that placing the request now would carry out: amounts, reasons, sub-orders, what waits for goods.
    `for_new_customer`: its customer is only to be made, and has no prices or taxes of its own.

    Raises what place_order raises for the same request: VariantNotFound, CustomerNotFound, VariantUnavailable,
    InsufficientStock, CouponNotFound, CouponInvalid, PaymentMethodUnavailable, ShippingMethodNotFound,
    ShippingNotAvailable, OrderLimit, InvalidInput. Writes and locks nothing, so the stock, the coupon and what the
    buyer may hold yet may be gone a moment later.
    """
    try:
        return _preview(request, as_customer=as_customer, is_known=for_new_customer, now=now)
    except Refusal as first:
        raise with_other_faults(
            first, request, as_customer=as_customer, is_known=for_new_customer, now=now
        ) from first.__cause__


def _preview(request: PlaceOrder, *, as_customer: bool, is_known: bool, now: datetime | None) -> Plan:
    if not is_known:
        check_customer(request.customer_id)
    sellables = read_sellables((line.variant for line in request.lines), customer_ids=[request.customer_id])
    lines = sum_lines(request.lines, sellables)
    check_payment_method(request.payment_method, methods_named([request.payment_method]), as_customer=as_customer)
    limits = limits_for(as_customer=as_customer)
    if limits:
        check_units(limits, lines)
    plan = _plan_without_stock(request, lines, now)
    # A free order is confirmed at once: it neither waits for a payment nor holds anything.
    if limits and not plan.is_free:
        held = read_held([request.customer_id], limits, now)
        check_next(limits, held.get(request.customer_id, Held()), plan.held_units)
    return plan


def _plan_without_stock(request: PlaceOrder, lines: Sequence[RequestedLine], now: datetime | None) -> Plan:
    (terms,) = read_terms_of([request], [lines], now=now)
    try:
        return make_plan(request, lines, terms)
    except InsufficientStock as short:
        overdue = overdue_orders_holding(level_ids=short.level_ids, now=now)
    return _plan_without(overdue, request, lines, terms)


def _plan_without(
    overdue: Sequence[UUID], request: PlaceOrder, lines: Sequence[RequestedLine], terms: Terms | None
) -> Plan:
    """As placing does where stock is short: overdue orders that hold it count as expired, and what is missing then
    waits for goods where it may."""
    freed = what_expiring_frees(overdue)
    lines = freed.returned_to(lines)
    try:
        return make_plan(request, lines, terms)
    except InsufficientStock as still_short:
        if not still_short.may_wait:
            raise
        return make_plan(request, lines, terms, room=freed.room(lines))
