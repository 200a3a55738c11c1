"""How often somebody may do something, counted in PostgreSQL: exact under threads and processes."""

import hashlib
from collections.abc import Mapping

from django.db import connection
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shared.errors import Refusal

# A window begins with its first hit, and anew with the first one after its end. Rows are sorted by bucket, so
# that two requests for the same pair of buckets cannot deadlock.
_HIT = """
INSERT INTO shared_rate_limit_window AS w (bucket, count, expires_at)
SELECT bucket, 1, clock_timestamp() + make_interval(secs => %s)
FROM unnest(%s::text[]) WITH ORDINALITY AS hit (bucket, place)
ORDER BY place
ON CONFLICT (bucket) DO UPDATE SET
    count = CASE WHEN w.expires_at <= clock_timestamp() THEN 1 ELSE w.count + 1 END,
    expires_at = CASE WHEN w.expires_at <= clock_timestamp() THEN excluded.expires_at ELSE w.expires_at END
RETURNING w.bucket, w.count, greatest(1, ceil(extract(epoch FROM w.expires_at - clock_timestamp())))::int
"""


class RateLimited(Refusal):
    """Too often. `retry_after_seconds` is when the window ends."""

    code = "rate_limited"
    status = 429
    title = _("Too many requests")

    def __init__(self, detail: str, *, retry_after_seconds: int) -> None:
        super().__init__(detail)
        self.retry_after_seconds = retry_after_seconds


def hit(*, name: str, subject: str, limit: int, window_seconds: int = 60) -> None:
    """Count one more `name` by `subject`. Raises RateLimited above `limit` a window.

    One statement, which must commit whatever becomes of the request: call it outside of a transaction.
    """
    hit_all(name=name, limits={subject: limit}, window_seconds=window_seconds)


def hit_all(*, name: str, limits: Mapping[str, int], window_seconds: int = 60) -> None:
    """Count for several subjects at once, each with its limit, in one statement. Raises RateLimited if any is above."""
    buckets = {f"{name}:{hashlib.sha256(subject.encode()).hexdigest()}": limit for subject, limit in limits.items()}
    with connection.cursor() as cursor:
        cursor.execute(_HIT, [window_seconds, sorted(buckets)])
        waits = {seconds: buckets[bucket] for bucket, count, seconds in cursor.fetchall() if count > buckets[bucket]}
    if waits:
        wait = max(waits)
        text = gettext("At most %(limit)s in %(window)s seconds. Try again in %(wait)s seconds.")
        limits = {"limit": waits[wait], "window": window_seconds, "wait": wait}
        raise RateLimited(text % limits, retry_after_seconds=wait)
