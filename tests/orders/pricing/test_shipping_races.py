"""Two people change one shipping method."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import partial

import pytest
from django.db import transaction

from orders.models.shipping_method import ShippingMethod
from orders.services.pricing.save_shipping_method import save_shipping_method
from shared.errors import InvalidInput
from tests.shop.database.races import Queue
from tests.shop.price_rules import shipping


@pytest.mark.django_db(transaction=True)
def test_a_price_and_a_currency_that_do_not_fit_are_not_saved_one_beside_the_other() -> None:
    method = shipping(price="1.00")

    with ThreadPoolExecutor(2) as pool:
        queue = Queue(pool)
        with transaction.atomic():
            ShippingMethod.objects.select_for_update().get(pk=method.pk)
            for values in ({"price": Decimal("1.50")}, {"currency": "JPY"}):
                queue.start(partial(save_shipping_method, method_id=method.pk, values=values))

    assert isinstance(queue.outcomes()[1], InvalidInput)
    saved = ShippingMethod.objects.get(pk=method.pk)
    assert (saved.price, saved.currency) == (Decimal("1.50"), method.currency)
