"""Finding orders by what people remember of them."""

from uuid import UUID

from django.db.models import Q

from orders.models.order import Order
from shared.admin.search import looks_like_number
from users.admin.customer import customers_matching

# A search for orders in front of something else looks at this many at most.
_MAX_MATCHES = 200


def matching(term: str) -> Q:
    """Orders by their number, or by the beginning of their customer's name, e-mail address or phone."""
    if looks_like_number(term):
        return Q(number=term)
    return Q(customer__in=customers_matching(term))


def orders_matching(term: str) -> list[UUID]:
    """Ids of the latest of them, for searching what belongs to them."""
    return list(Order.objects.filter(matching(term)).values_list("pk", flat=True)[:_MAX_MATCHES])
