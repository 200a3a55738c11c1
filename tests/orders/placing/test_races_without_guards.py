"""The races again with the guards taken away: the proof that the other tests of races can fail."""

from functools import partial
from typing import Any

import pytest

from inventory.models.level import StockLevel
from orders.models.order import Order
from tests.orders.placing.unlocked import UnlockedStock, guards_dropped, unlocked
from tests.shop.books import audit
from tests.shop.database.races import run_together
from tests.shop.goods import balances, make_level
from tests.shop.http.api_client import post_order
from tests.shop.people import Buyer, make_buyer

pytestmark = pytest.mark.usefixtures("each_alone")


@pytest.mark.django_db(transaction=True)
def test_without_lock_and_constraints_one_unit_is_sold_to_all_and_the_audit_says_so(secret: str) -> None:
    level, buyers = make_level(on_hand=1), [make_buyer() for _ in range(4)]

    with guards_dropped():
        answers = buy_unlocked(secret, level, buyers)
        code, report = audit()

    assert [answer.status_code for answer in answers] == [201] * 4
    assert code == 1
    assert {check["name"] for check in report["checks"] if check["count"]} >= {
        "level_reserved_equals_holds",
        "level_equals_ledger_sum",
        "ledger_balance_follows",
        "ledger_versions_gapless",
    }


@pytest.mark.usefixtures("audited_shop")
def test_without_the_lock_the_constraints_make_it_a_refusal(secret: str) -> None:
    level, buyers = make_level(on_hand=1), [make_buyer() for _ in range(4)]

    answers = buy_unlocked(secret, level, buyers)

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert balances(level.pk) == (1, 1)
    assert Order.objects.count() == 1


@pytest.mark.usefixtures("audited_shop")
def test_without_the_lock_the_constraints_let_all_have_theirs_in_the_end(secret: str) -> None:
    level, buyers = make_level(on_hand=3), [make_buyer() for _ in range(3)]

    answers = buy_unlocked(secret, level, buyers)

    assert [answer.status_code for answer in answers] == [201] * 3
    assert balances(level.pk) == (3, 3)


def buy_unlocked(secret: str, level: StockLevel, buyers: list[Buyer]) -> list[Any]:
    """Each buyer posts an order for one unit, having read the level before any of them writes."""
    stock = UnlockedStock(readers=len(buyers))
    return run_together(*(partial(unlocked, partial(post_order, secret, buyer, (level, 1)), stock) for buyer in buyers))
