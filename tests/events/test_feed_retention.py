"""The feed forgets what is old in batches that read no more than they delete, and knows where it begins."""

from datetime import timedelta

from django.db import connection

from events.feed.reading import first_position
from events.models.event import Event
from events.models.sequencer import Sequencer
from events.services.purge_events import purge_events
from shared.clock import database_now
from tests.full_tables.measured import Measured

OLD, KEPT = 12_000, 8_000
BATCH_AND_A_LITTLE = 6_000
_FILL = """
INSERT INTO events_event (position, id, type, aggregate_type, aggregate_id, sequence, data, created_at)
SELECT n, gen_random_uuid(), 'order.placed', 'order', gen_random_uuid(), 1, '{}',
       now() - CASE WHEN n <= %(old)s THEN interval '31 days' ELSE interval '29 days' END
FROM generate_series(1, %(old)s + %(kept)s) AS n
"""


def test_a_batch_reads_what_it_deletes_and_what_is_kept_stays(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_FILL, {"old": OLD, "kept": KEPT})
        cursor.execute("ANALYZE events_event")
    Sequencer.objects.create(position=OLD + KEPT, horizon=1, kept_from=database_now() - timedelta(days=60))
    measured, gone = Measured(), list[int]()

    measured.run(lambda: gone.append(purge_events()))

    assert gone == [OLD]
    assert list(Event.objects.order_by("position").values_list("position", flat=True)[:1]) == [OLD + 1]
    assert Event.objects.count() == KEPT
    assert measured.above(BATCH_AND_A_LITTLE) == []
    assert first_position() == OLD + 1
    assert purge_events() == 0
