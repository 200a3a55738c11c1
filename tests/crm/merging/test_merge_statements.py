"""A merge takes as many statements for many orders as for few."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.services.merging.merge_customers import merge_customers
from crm.services.merging.undo_merge import undo_merge
from shared.actor import SYSTEM
from tests.shop.goods import make_level
from tests.shop.orders import order_of
from tests.shop.people import make_buyer

pytestmark = pytest.mark.usefixtures("audited_shop")


def statements_of_merge(orders: int) -> tuple[int, int]:
    """Of merging a customer with so many orders, and of parting them again."""
    kept, duplicate = make_buyer(), make_buyer()
    level = make_level(on_hand=orders)
    for _ in range(orders):
        order_of(duplicate, (level, 1))
    with CaptureQueriesContext(connection) as merging:
        merge = merge_customers(kept_id=kept.customer.pk, duplicate_id=duplicate.customer.pk, actor=SYSTEM)
    with CaptureQueriesContext(connection) as parting:
        undo_merge(merge_id=merge.pk, actor=SYSTEM)
    assert merge.moved == {"orders": orders}
    return len(merging), len(parting)


def test_a_merge_and_its_undo_ask_nothing_for_each_order() -> None:
    statements_of_merge(1)  # SQL that is made once

    assert statements_of_merge(2) == statements_of_merge(12)
