"""How far the feed is behind the ledgers."""

from typing import Final

from django.db import connection

from events.feed.sequencing_sql import CANDIDATES
from events.models.sequencer import Sequencer

# Of rows that are not in the feed so many are looked at: they are found about in the order in which they were written.
_LOOKED_AT: Final = 1_000
_SQL = f"""
SELECT coalesce(extract(epoch FROM greatest(clock_timestamp() - min(at), interval '0')), 0)
FROM (SELECT at FROM ({CANDIDATES}) AS ledgers LIMIT {_LOOKED_AT}) AS untold
"""


def event_lag_seconds() -> float:
    """Age of the oldest change that has committed and has no event yet; 0 when all is told, or the feed has not begun.
    Two statements, no locks."""
    state = Sequencer.objects.first()
    if state is None:
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"horizon": state.horizon, "kept_from": state.kept_from})
        return float(cursor.fetchone()[0])
