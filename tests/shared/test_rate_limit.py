"""A limit holds under threads: exactly so many get through."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from shared.concurrency.throttling import RateLimited, hit, hit_all

THREADS, TRIES_EACH, LIMIT = 8, 10, 20


def _count_passed(attempt: object) -> int:
    start = Barrier(THREADS)

    def run(thread: int) -> int:
        passed = 0
        start.wait(timeout=30)
        try:
            for _ in range(TRIES_EACH):
                try:
                    attempt(thread)  # type: ignore[operator]
                    passed += 1
                except RateLimited:
                    pass
        finally:
            connection.close()
        return passed

    with ThreadPoolExecutor(THREADS) as pool:
        return sum(pool.map(run, range(THREADS)))


@pytest.mark.django_db(transaction=True)
def test_exactly_the_limit_gets_through() -> None:
    assert _count_passed(lambda _: hit(name="try", subject="ada", limit=LIMIT)) == LIMIT


@pytest.mark.django_db(transaction=True)
def test_pairs_named_in_opposite_order_neither_deadlock_nor_miscount() -> None:
    def attempt(thread: int) -> None:
        pair = ["ada", "192.0.2.1"]
        hit_all(name="try", limits=dict.fromkeys(pair if thread % 2 else pair[::-1], LIMIT))

    assert _count_passed(attempt) == LIMIT


@pytest.mark.django_db(transaction=True)
def test_a_refresh_token_traded_in_by_many_at_once_is_good_for_one() -> None:
    from tests.shop.people import UserFactory
    from users.api.tokens import TokenRefused, issue_tokens, trade_in

    token = issue_tokens(UserFactory.create())["refresh"]
    start = Barrier(THREADS)

    def trade(_: int) -> bool:
        start.wait(timeout=30)
        try:
            trade_in(token)
        except TokenRefused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(THREADS) as pool:
        assert sum(pool.map(trade, range(THREADS))) == 1
