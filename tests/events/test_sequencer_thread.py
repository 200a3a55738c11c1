"""The sequencer beside the worker's jobs."""

import time
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.db import connection

from config.processes.sequencing import SequencerThread
from events.models.event import Event
from tests.shop.goods import make_level
from tests.shop.orders import order_of
from tests.shop.people import make_buyer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sequencer(transactional_db: None) -> Iterator[SequencerThread]:
    thread = SequencerThread()
    thread.start()
    yield thread
    thread.stop()
    assert not thread.is_alive()


def _wait_for_event_of(order_id: UUID) -> None:
    until = time.monotonic() + 60
    while not Event.objects.filter(aggregate_id=order_id, type="order.placed").exists():
        assert time.monotonic() < until, "no event"
        time.sleep(0.05)


def test_it_goes_on_after_its_connection_was_cut(sequencer: SequencerThread) -> None:
    buyer, level = make_buyer(), make_level(on_hand=5)
    _wait_for_event_of(order_of(buyer, (level, 1)).pk)

    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE datname = current_database() AND pid <> pg_backend_pid()"""
        )

    _wait_for_event_of(order_of(buyer, (level, 1)).pk)
    assert sequencer.is_alive()
