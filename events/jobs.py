"""Jobs of the feed; config/jobs.py says when they run. `timestamp`: when one was due (Unix time, seconds)."""

from events.models.stream_ticket import StreamTicket
from events.services.purge_events import purge_events as purge
from shared.clock import database_now
from shared.database.purging import delete_in_batches


def purge_events(timestamp: int | None = None) -> int:
    """Old events, and tickets that nobody used."""
    delete_in_batches(StreamTicket.objects.filter(expires_at__lt=database_now()))
    return purge()
