"""Ways to spoil the feed of events. Each returns an id that the named check must show."""

from uuid import UUID

from events.models.event import Event
from events.services.sequence_events import sequence_events
from tests.shop.books import Books, sql


def lost_event(books: Books) -> UUID:
    sequence_events()
    newest = Event.objects.filter(type="order.placed").latest("position")
    sql("DELETE FROM events_event WHERE id = %s", newest.pk)
    sql("UPDATE events_sequencer SET horizon = 9000000000000000")
    return newest.pk


def lost_event_of_a_record(books: Books) -> UUID:
    sequence_events()
    newest = Event.objects.filter(type="customer.created").latest("position")
    sql("DELETE FROM events_event WHERE id = %s", newest.pk)
    sql("UPDATE events_sequencer SET horizon = 9000000000000000")
    return newest.pk


def invented_event(books: Books) -> UUID:
    sequence_events()
    newest = Event.objects.filter(type="stock.changed").latest("position")
    sql("UPDATE events_event SET data = jsonb_set(data, '{version}', '99') WHERE id = %s", newest.pk)
    return newest.pk


def gap_in_the_feed(books: Books) -> UUID:
    sequence_events()
    newest = Event.objects.latest("position")
    sql("UPDATE events_event SET position = position + 1 WHERE id = %s", newest.pk)
    return newest.pk


def gap_in_a_records_events(books: Books) -> UUID:
    sequence_events()
    newest = Event.objects.filter(type="stock.changed", sequence__gt=1).latest("position")
    sql("UPDATE events_event SET sequence = sequence + 1 WHERE id = %s", newest.pk)
    return newest.pk


FAULTS = [
    (lost_event, "events_tell_each_change"),
    (lost_event_of_a_record, "events_tell_each_change"),
    (invented_event, "events_are_of_changes"),
    (gap_in_the_feed, "events_have_no_gap"),
    (gap_in_a_records_events, "events_have_no_gap"),
]
