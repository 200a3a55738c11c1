"""When what failed is tried again: the schedule of Standard Webhooks 1.0, ten tries over 75 hours."""

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from webhooks.models.endpoint import Endpoint

# After the first try, the second …
PAUSES: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
TRIES: Final = len(PAUSES) + 1
_JITTER = 0.2
# How many tries later events of the same record wait for; then they pass.
TRIES_IN_ORDER: Final = 3
LONGEST_REQUESTED_PAUSE: Final = timedelta(hours=24)
# Says that a receiver, or a proxy before it, has too much to do. With other answers Retry-After is not heeded.
_BUSY: Final = frozenset({429, 502, 503, 504})
# Failures in a row after which one delivery at a time finds out whether the receiver is there again …
FAILURES_TO_HOLD: Final = 10
_FIRST_HOLD, _LONGEST_HOLD = timedelta(seconds=10), timedelta(minutes=5)
# … and how long nothing but failures may come.
FAILING_FOR: Final = timedelta(days=5)


def pause_after(tries: int) -> timedelta | None:
    """Until the next try, None after the last one."""
    return PAUSES[tries - 1] * random.uniform(1 - _JITTER, 1 + _JITTER) if tries < TRIES else None  # noqa: S311


def requested_pause(status: int | None, headers: Mapping[str, str], *, now: datetime) -> timedelta | None:
    """What a receiver that has too much to do asked for (Retry-After: seconds, or a date), up to a day; None where it
    did not, or nobody understands it."""
    text = headers.get("retry-after", "").strip()
    if status not in _BUSY or not text:
        return None
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:9]), LONGEST_REQUESTED_PAUSE.total_seconds()))
    try:
        until = parsedate_to_datetime(text)
        requested = (until if until.tzinfo else until.replace(tzinfo=UTC)) - now
    except (ValueError, TypeError, IndexError, OverflowError):  # years and zones may be numbers of any length
        return None
    return min(max(requested, timedelta(0)), LONGEST_REQUESTED_PAUSE)


def hold_after(failures: int) -> timedelta | None:
    """How long an endpoint that failed so often in a row is left alone; None while it is not."""
    if failures < FAILURES_TO_HOLD:
        return None
    doubled: timedelta = _FIRST_HOLD * 2 ** min(failures - FAILURES_TO_HOLD, 10)
    return min(doubled, _LONGEST_HOLD)


def is_held(endpoint: Endpoint, now: datetime) -> bool:
    return endpoint.held_until is not None and endpoint.held_until > now
