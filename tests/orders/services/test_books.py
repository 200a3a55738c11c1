"""What two runs are compared by knows which row points at which, though every id is another one each time."""

import pytest

from shared.clock import database_now
from shared.models.idempotency_key import IdempotencyKey
from tests.orders.services.books import Books
from tests.shop.goods import make_level
from tests.shop.orders import order_of
from tests.shop.people import make_buyer


@pytest.mark.django_db
def test_which_of_two_new_rows_another_one_points_at_makes_a_difference() -> None:
    buyer, level, books = make_buyer(), make_level(on_hand=9), Books()
    small, large = order_of(buyer, (level, 1)), order_of(buyer, (level, 2))
    IdempotencyKey.objects.filter(pk__in=[small.pk, large.pk]).delete()

    ends = []
    for order in (small, large):
        key = IdempotencyKey.objects.create(
            id=order.pk, principal_id=buyer.customer.pk, key="again", fingerprint="same", created_at=database_now()
        )
        ends.append(books.everything_written())
        key.delete()

    assert ends[0] != ends[1]
