"""Finding orders by what people remember of them."""

from uuid import UUID

from django.db.models import Q

from orders.models.order import Order
from shared.admin.newest import newest_of_each
from shared.admin.search import looks_like_number
from shared.lookups import one_of
from users.admin.customer import customers_matching

# A search for orders in front of something else looks at this many at most.
_MAX_MATCHES = 200


def matching(term: str, *, is_filtered: bool = False) -> Q:
    """Orders by their number, or by the beginning of their customer's name, e-mail address or phone.

    The newest orders of each customer; all of them where a filter then chooses among them.
    """
    if looks_like_number(term):
        return Q(number=term)
    customers = customers_matching(term)
    if is_filtered:
        return one_of("customer", customers)
    return one_of("pk", newest_of_each(Order, "customer", customers, "created_at DESC, id DESC"))


def orders_matching(term: str) -> list[UUID]:
    """Ids of the latest of them, for searching what belongs to them."""
    return list(Order.objects.live().filter(matching(term)).values_list("pk", flat=True)[:_MAX_MATCHES])
