"""While two customers become one, others order, tag and merge: nothing is lost, and nobody gets a crash."""

import threading
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction

from crm.models.customer_merge import CustomerMerge
from crm.models.task import Task
from crm.services.merging.merge_customers import merge_customers
from crm.services.merging.undo_merge import undo_merge
from orders.models.order import Order
from shared.actor import SYSTEM
from shared.errors import NotFound
from tests.shop.customer_pasts import give_past, make_customer
from tests.shop.database.races import own_connection, run_together, stock_held
from tests.shop.goods import balances, make_level
from tests.shop.http.api_client import post_order
from tests.shop.people import Buyer
from users.customers.tagging import tag_customer
from users.models.customer import Customer

pytestmark = pytest.mark.usefixtures("audited_shop", "both_ways")


def _merge(kept: Buyer, duplicate: Buyer) -> CustomerMerge:
    return merge_customers(kept_id=kept.customer.pk, duplicate_id=duplicate.customer.pk, actor=SYSTEM)


def test_no_order_of_the_duplicate_is_lost_while_it_is_merged(secret: str) -> None:
    kept, duplicate, level = make_customer(), make_customer(), make_level(on_hand=1_000)
    give_past(duplicate, ["order"] * 5)
    merging = threading.Event()

    def order(_: int) -> list[Any]:
        merging.wait(10)
        return [post_order(secret, duplicate, (level, 1)) for _ in range(6)]

    def merge() -> list[Any]:
        merging.set()
        return [_merge(kept, duplicate)]

    answers = run_together(*(partial(order, number) for number in range(6)), merge)

    responses = [answer for part in answers[:-1] if isinstance(part, list) for answer in part]
    assert {answer.status_code for answer in responses} <= {201, 404}
    placed = {answer.json()["id"] for answer in responses if answer.status_code == 201}
    theirs = {str(key) for key in Order.objects.filter(customer=kept.customer).values_list("pk", flat=True)}
    assert placed <= theirs
    assert len(theirs) == len(placed) + 5
    undo_merge(merge_id=CustomerMerge.objects.get().pk, actor=SYSTEM)
    assert Order.objects.filter(customer=duplicate.customer).count() == len(theirs)


def test_what_points_at_the_duplicate_and_is_not_committed_goes_along(secret: str) -> None:
    """It is written after the merge has looked: the merge waits for it in the end, and looks again."""
    kept, duplicate = make_customer(), make_customer()
    written, go_on = threading.Event(), threading.Event()

    def write() -> None:
        with own_connection(), transaction.atomic():
            Task.objects.create(title="Call", customer=duplicate.customer)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            written.set()
            go_on.wait(10)

    thread = threading.Thread(target=write)
    thread.start()
    assert written.wait(10)
    threading.Timer(0.5, go_on.set).start()
    _merge(kept, duplicate)
    thread.join()

    assert Task.objects.get().customer == kept.customer


def test_an_order_that_waits_for_stock_while_its_customer_goes_is_not_placed(secret: str) -> None:
    kept, duplicate, level = make_customer(), make_customer(), make_level(on_hand=5)

    with stock_held(level.pk) as queue:
        queue.start(partial(post_order, secret, duplicate, (level, 1)))
        queue.start(partial(_merge, kept, duplicate), blocks=False)

    [answer, _] = queue.outcomes()
    assert (answer.status_code, answer.json()["code"]) == (404, "customer_not_found")
    assert balances(level.pk) == (5, 0)
    assert not Order.objects.exists()


def test_two_that_are_merged_both_ways_at_once_become_one(secret: str) -> None:
    one, other = make_customer(), make_customer()
    give_past(one, ["order"])
    give_past(other, ["order", "deal"])

    outcomes = run_together(partial(_merge, one, other), partial(_merge, other, one))

    assert {type(outcome) for outcome in outcomes} == {CustomerMerge, NotFound}
    [left] = Customer.objects.filter(pk__in=[one.customer.pk, other.customer.pk])
    assert Order.objects.filter(customer=left).count() == 2


def test_tags_given_meanwhile_are_united(secret: str) -> None:
    kept, duplicate = make_customer(), make_customer()
    give_past(duplicate, [], tags=["red", "blue"])

    run_together(
        partial(_merge, kept, duplicate), partial(tag_customer, customer=kept.customer, names=["red", "green"])
    )

    names = sorted(kept.customer.tags.values_list("name", flat=True))
    # Saying which tags somebody has takes the others away: those of the duplicate, if it came second.
    assert names in (["blue", "green", "red"], ["green", "red"])


def test_a_merge_is_undone_once(secret: str) -> None:
    kept, duplicate = make_customer(), make_customer()
    give_past(duplicate, ["order", "deal"])
    merge = _merge(kept, duplicate)

    run_together(*[partial(undo_merge, merge_id=merge.pk, actor=SYSTEM)] * 3)

    assert Order.objects.filter(customer=duplicate.customer).count() == 1
    assert Customer.objects.filter(pk=duplicate.customer.pk).count() == 1
