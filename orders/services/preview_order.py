"""What an order would cost, told before it is placed."""

from datetime import datetime

from catalog.offers import read_offers
from orders.placing.attempt import read_terms_of
from orders.placing.plan import Plan, make_plan
from orders.placing.wanted import PlaceOrder, sum_lines
from orders.services.place_order import no_customer
from users.models.customer import Customer


def preview_order(*, request: PlaceOrder, now: datetime | None = None) -> Plan:
    """The plan that placing the request now would carry out: amounts, reasons, sellers' parts.

    Raises what place_order raises for the same request. Writes and locks nothing, so the stock and the coupon may be
    gone a moment later.
    """
    if not Customer.objects.filter(pk=request.customer_id).exists():
        raise no_customer(request.customer_id)
    offers = read_offers((line.variant for line in request.lines), customer_ids=[request.customer_id])
    lines = sum_lines(request.lines, offers)
    (terms,) = read_terms_of([request], [lines], now=now)
    return make_plan(request, lines, terms)
