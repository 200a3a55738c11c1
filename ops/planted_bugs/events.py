"""Bugs in the feed of events, and in who is told of them live."""

from ops.planted_bugs.bug import Bug, Edit, one_edit

_RACES = "tests/events/test_feed_races.py"
_STREAMS = "tests/events/live/test_streams.py"
_LISTENERS = "tests/events/live/test_who_may_listen.py"
_SHOWN = "tests/events/test_who_sees_events.py"

BUGS: tuple[Bug, ...] = (
    one_edit(
        "events: what lies above the last that was read is taken for all that is new",
        _RACES,
        "events/feed/sequencing_sql.py",
        "       pg_snapshot_xmin(pg_current_snapshot())::text::bigint\n",
        "       pg_snapshot_xmax(pg_current_snapshot())::text::bigint\n",
    ),
    one_edit(
        "events: a shipment is unpacked without a word when its units are called off",
        _SHOWN,
        "orders/shipping/following.py",
        "    if unpacked:\n",
        "    if unpacked and not seller_order.pk:\n",
    ),
    Bug(
        "live: what is at hand is read by who lacks more than that",
        (_STREAMS,),
        (
            Edit(
                "events/live/hub.py",
                "while stream.is_open and stream.position < max(self._first_after, stream.principal.knows_from):",
                "while stream.is_open and stream.position < min(self._first_after, stream.principal.knows_from):",
            ),
            Edit(
                "events/live/hub.py",
                "        if stream.position < max(self._first_after, stream.principal.knows_from):\n",
                "        if stream.position < min(self._first_after, stream.principal.knows_from):\n",
            ),
        ),
    ),
    one_edit(
        "live: a stream is told what comes while it listens, as if by NOTIFY, and nothing from before",
        _STREAMS,
        "events/live/hub.py",
        "        while stream.is_open and stream.position < max(self._first_after, stream.principal.knows_from):\n",
        "        stream.position = max(stream.position, self.position)\n"
        "        while stream.is_open and stream.position < max(self._first_after, stream.principal.knows_from):\n",
    ),
    one_edit(
        "events: a batch that is forgotten is looked for among all that is old",
        "tests/events/test_feed_retention.py",
        "events/services/purge_events.py",
        "    kept = batch.filter(created_at__gte=before)",
        "    kept = Event.objects.filter(created_at__gte=before)",
    ),
    one_edit(
        "live: a ticket is good for all who come at once",
        _LISTENERS,
        "events/services/stream_tickets.py",
        "    is_first = StreamTicket.objects.filter(pk=row.pk).delete()[0] == 1\n",
        "    is_first = bool(row.pk)\n",
    ),
    one_edit(
        "live: rights are never looked up again",
        _LISTENERS,
        "events/live/principals.py",
        "due = time.monotonic() - self._seconds * 0.9",
        "due = time.monotonic() - self._seconds * 90_000",
    ),
)
