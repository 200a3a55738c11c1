"""Jobs of the feed; config/jobs.py says when they run. `timestamp`: when one was due (Unix time, seconds)."""

from events.services.purge_events import purge_events as purge


def purge_events(timestamp: int | None = None) -> int:
    return purge()
