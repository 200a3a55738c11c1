"""However transactions overlap: each change is in the feed once, and of each record in order."""

import random
import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import transaction

from events.models.event import Event
from events.models.sequencer import Sequencer
from events.services.sequence_events import sequence_events
from inventory.ledger import stock
from inventory.models.movement import StockMovement
from orders.models.order_event import OrderEvent
from tests.shop.database.races import own_connection
from tests.shop.goods import make_level
from tests.shop.orders import order_of
from tests.shop.people import make_buyer

pytestmark = pytest.mark.usefixtures("audited_shop")
WRITERS, CHANGES = 8, 12


def _receive(level_id: UUID, pause: float) -> None:
    """A change that commits so much later."""
    with transaction.atomic():
        stock.receive(stock.lock([level_id]), [stock.Move(level_id, 1)], reason="delivery")
        time.sleep(pause)


def _sequence_until(done: threading.Event) -> None:
    with own_connection():
        while not done.is_set():
            sequence_events()
            time.sleep(0.005)


def _check_feed() -> None:
    events = list(Event.objects.order_by("position"))
    ledger = {*StockMovement.objects.values_list("pk", flat=True), *OrderEvent.objects.values_list("pk", flat=True)}
    told = [event.id for event in events if event.aggregate_type in ("order", "stock_level")]
    assert len(told) == len(set(told))
    assert set(told) == ledger
    assert [event.position for event in events] == list(range(1, len(events) + 1))
    sequences = defaultdict(list)
    for event in events:
        sequences[event.aggregate_id].append(event.sequence)
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in sequences.values())
    versions = defaultdict(list)
    for event in events:
        if event.aggregate_type == "stock_level":
            versions[event.aggregate_id].append(event.data["version"])
    assert all(numbers == sorted(numbers) for numbers in versions.values())


def test_late_commits_are_neither_missed_nor_waited_for() -> None:
    chance = random.Random(7)
    levels = [make_level(on_hand=50) for _ in range(3)]
    slow, written, done = make_level(on_hand=1), threading.Event(), threading.Event()

    def write(number: int) -> None:
        with own_connection():
            buyer = make_buyer()
            for _ in range(CHANGES):
                _receive(chance.choice(levels).pk, chance.random() / 50)
                order_of(buyer, (chance.choice(levels), 1))

    def hold() -> None:
        """Writes first, and commits last of all."""
        with own_connection(), transaction.atomic():
            stock.receive(stock.lock([slow.pk]), [stock.Move(slow.pk, 1)], reason="delivery")
            assert written.wait(60)

    with ThreadPoolExecutor(WRITERS + 3) as pool:
        sequencers = [pool.submit(_sequence_until, done) for _ in range(2)]
        held = pool.submit(hold)
        try:
            for future in [pool.submit(write, number) for number in range(WRITERS)]:
                future.result(60)
            expected, until = WRITERS * CHANGES, time.monotonic() + 60
            while (while_held := Event.objects.filter(aggregate_type="order").count()) < expected:
                assert time.monotonic() < until, "missed, or held up by somebody's open transaction"
                time.sleep(0.01)
        finally:
            written.set()
            done.set()
        held.result(60)
        for future in sequencers:
            future.result(60)
    sequence_events()

    assert while_held == expected
    _check_feed()


def _sequence_and_die() -> None:
    with transaction.atomic():
        sequence_events()
        raise InterruptedError


def test_a_sequencer_that_dies_leaves_nothing_half_done() -> None:
    buyer, level = make_buyer(), make_level(on_hand=50)
    for _ in range(10):
        order_of(buyer, (level, 1))
        with pytest.raises(InterruptedError):
            _sequence_and_die()
        sequence_events(most=2)
    while sequence_events(most=3):
        pass

    assert Sequencer.objects.get().position == Event.objects.count()
    _check_feed()
