"""The sequencer reads what is new, however much the ledgers have."""

import pytest
from django.db import connection

from events.models.event import Event
from events.models.sequencer import Sequencer
from events.services.sequence_events import sequence_events
from tests.full_tables.measured import Measured
from tests.full_tables.multiplied import multiply_rows
from tests.shop.every_table.fill import fill_every_table
from tests.shop.goods import make_level
from tests.shop.orders import order_of
from tests.shop.people import make_buyer

pytestmark = [pytest.mark.django_db, pytest.mark.long]
LEDGERS = ("order_event_feed", "stock_movement_feed", "invoice_feed", "record_change_feed")
# The newest blocks of a ledger, that its index has no summary of yet, hold a few thousand rows.
MOST_READ = 6_000


def test_a_pass_reads_the_new_rows_of_full_ledgers(full_shop: None) -> None:
    fill_every_table()
    multiply_rows()
    while sequence_events():
        pass
    with connection.cursor() as cursor:
        for index in LEDGERS:
            cursor.execute("SELECT brin_summarize_new_values(%s)", [index])
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        Sequencer.objects.update(horizon=cursor.fetchone()[0])
    before, measured = Event.objects.count(), Measured()
    order_of(make_buyer(), (make_level(on_hand=5), 1))

    measured.run(sequence_events)

    assert Event.objects.count() > before
    assert measured.above(MOST_READ) == []
