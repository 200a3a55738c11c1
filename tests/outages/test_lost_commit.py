"""The connection is lost at COMMIT: nothing happens twice, and nothing acknowledged is lost."""

import itertools
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from inventory.models.movement import StockMovement
from inventory.services.adjust_stock import adjust_stock
from orders.models.order import Order
from orders.models.payment import Payment
from orders.services.orders.advance_order import advance_order
from orders.services.orders.cancel_order import cancel_order
from orders.services.orders.place_order import place_order
from orders.services.payments.confirm_payment import confirm_payment
from orders.states import CancelReason
from shared.actor import SYSTEM
from shared.errors import Unavailable
from tests.outages.cutting_proxy import Cut, CuttingProxy
from tests.outages.detour import detour
from tests.shop.goods import balances, make_level
from tests.shop.http.api_client import post_order
from tests.shop.orders import order_of, request_for
from tests.shop.people import make_buyer

pytestmark = pytest.mark.usefixtures("audited_shop")

ATTEMPTS = 3
# Where one commit is cut, what comes after it must succeed: a busy server may keep locks of the cut one for a while.
PLENTY_OF_ATTEMPTS = 12


@pytest.fixture
def proxy(audited_shop: None, tmp_path_factory: pytest.TempPathFactory, settings: Any) -> Iterator[CuttingProxy]:
    """The test's connections go through a proxy that can cut them."""
    settings.STOCK_RETRY_BACKOFF_MS = 1
    settings.MAX_STOCK_RETRY_ATTEMPTS = PLENTY_OF_ATTEMPTS
    with detour(tmp_path_factory.mktemp("pg")) as proxy:
        yield proxy


@pytest.fixture
def few_attempts(proxy: CuttingProxy, settings: Any) -> None:
    """So few that all of them can be cut; a server that commits the last one is given the time to."""
    settings.MAX_STOCK_RETRY_ATTEMPTS, settings.STOCK_RETRY_BACKOFF_MS = ATTEMPTS, 20


@pytest.mark.parametrize("keyed", [True, False], ids=["with a key", "without a key"])
def test_a_hundred_orders_whose_commit_is_cut_are_each_placed_once(proxy: CuttingProxy, keyed: bool) -> None:
    level, buyer = make_level(on_hand=1000), make_buyer()
    request = request_for(buyer, (level, 1))
    placed = []

    for number, cut in enumerate(itertools.islice(itertools.cycle(Cut), 102)):
        proxy.cuts.append(cut)
        key = f"key-{number}" if keyed else None
        answer = place_order(request=request, actor=buyer.actor, idempotency_key=key)
        assert answer.created
        placed.append(answer.order.pk)

    assert proxy.cut_commits == 102
    assert set(Order.objects.values_list("pk", flat=True)) == set(placed)
    assert len(set(placed)) == 102
    assert balances(level.pk) == (1000, 102)


@pytest.mark.usefixtures("few_attempts")
@pytest.mark.parametrize("keyed", [True, False], ids=["with a key", "without a key"])
def test_when_every_commit_is_cut_the_answer_is_the_order_or_nothing_was_placed(
    proxy: CuttingProxy, keyed: bool
) -> None:
    level, buyer = make_level(on_hand=1000), make_buyer()
    request = request_for(buyer, (level, 1))
    answered, wrong = set(), {}

    for number, cuts in enumerate(itertools.product([Cut.UNSEEN, Cut.UNANSWERED], repeat=ATTEMPTS)):
        proxy.cuts.extend(cuts)
        key = f"key-{number}" if keyed else None
        with suppress(Unavailable):
            answered.add(place_order(request=request, actor=buyer.actor, idempotency_key=key).order.pk)
        proxy.cuts.clear()
        placed = set(Order.objects.values_list("pk", flat=True))
        if placed != answered:
            wrong[tuple(cut.name for cut in cuts)] = f"{len(placed - answered)} placed and not answered"
            answered = placed

    assert wrong == {}
    assert balances(level.pk) == (1000, len(answered))


@pytest.mark.usefixtures("few_attempts")
def test_after_a_503_the_same_key_finds_or_places_the_one_order(proxy: CuttingProxy) -> None:
    level, buyer = make_level(on_hand=10), make_buyer()
    request = request_for(buyer, (level, 1))
    proxy.cuts.extend([Cut.UNSEEN] * ATTEMPTS)

    with pytest.raises(Unavailable):
        place_order(request=request, actor=buyer.actor, idempotency_key="once")
    placed = place_order(request=request, actor=buyer.actor, idempotency_key="once")
    again = place_order(request=request, actor=buyer.actor, idempotency_key="once")

    assert (placed.created, again.created) == (True, False)
    assert again.order.pk == placed.order.pk
    assert balances(level.pk) == (10, 1)


@pytest.mark.usefixtures("few_attempts")
def test_over_http_it_is_a_201_or_a_503_with_retry_after(proxy: CuttingProxy, secret: str) -> None:
    level, buyer = make_level(on_hand=10), make_buyer()

    proxy.cuts.append(Cut.UNANSWERED)
    placed = post_order(secret, buyer, (level, 1), key="first")
    proxy.cuts.extend([Cut.UNSEEN] * ATTEMPTS)
    refused = post_order(secret, buyer, (level, 1), key="second")

    assert (placed.status_code, refused.status_code) == (201, 503)
    assert int(refused.headers["Retry-After"]) > 0
    assert post_order(secret, buyer, (level, 1), key="first").status_code == 200
    assert post_order(secret, buyer, (level, 1), key="second").status_code == 201
    assert balances(level.pk) == (10, 2)


@pytest.mark.parametrize("cut", Cut)
def test_a_payment_whose_commit_is_cut_is_taken_once(proxy: CuttingProxy, cut: Cut) -> None:
    level = make_level(on_hand=10)
    order = order_of(make_buyer(), (level, 2))

    proxy.cuts.append(cut)
    paid = confirm_payment(order_id=order.pk, actor=SYSTEM, reference="bank-1")

    assert (paid.status, paid.payment_status) == ("CONFIRMED", "PAID")
    assert Payment.objects.filter(order=order, status="PAID").count() == 1
    assert balances(level.pk) == (8, 0)


@pytest.mark.parametrize("cut", Cut)
def test_a_cancellation_whose_commit_is_cut_happens_once(proxy: CuttingProxy, cut: Cut) -> None:
    level = make_level(on_hand=10)
    order = order_of(make_buyer(), (level, 2))

    proxy.cuts.append(cut)
    cancelled = cancel_order(order_id=order.pk, actor=SYSTEM, reason=CancelReason.STAFF, expected_version=order.version)

    assert (cancelled.status, cancelled.version) == ("CANCELLED", 2)
    assert balances(level.pk) == (10, 0)


@pytest.mark.parametrize("cut", Cut)
def test_an_advance_whose_commit_is_cut_happens_once(proxy: CuttingProxy, cut: Cut) -> None:
    order = order_of(make_buyer(), (make_level(on_hand=10), 2))
    confirm_payment(order_id=order.pk, actor=SYSTEM)

    proxy.cuts.append(cut)
    advanced = advance_order(order_id=order.pk, status="PROCESSING", actor=SYSTEM)

    assert (advanced.status, advanced.version) == ("PROCESSING", 3)


@pytest.mark.parametrize("cut", Cut)
def test_an_adjustment_whose_commit_is_cut_happens_once(proxy: CuttingProxy, cut: Cut) -> None:
    level = make_level(on_hand=10)

    proxy.cuts.append(cut)
    movement = adjust_stock(level_id=level.pk, quantity=-3, reason="broken", actor=SYSTEM)

    assert (movement.quantity, movement.level_version) == (-3, 2)
    assert StockMovement.objects.filter(level=level, kind="adjust").count() == 1
    assert balances(level.pk) == (7, 0)
