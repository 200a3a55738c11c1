"""What one look makes of an alert. Nothing here reads or writes the database."""

from datetime import datetime, timedelta
from typing import Final

from config.upkeep.alerts.observed import Observed
from shared.metrics.rules import Rule
from shared.models.alert import Alert

# A value that goes up and down opens its alert once, and not each time.
CALM: Final = timedelta(minutes=5)
# Longer ago, what was seen then says nothing of the time between.
_GAP: Final = timedelta(minutes=4)
_DAY: Final = timedelta(days=1)
# What is told of each is told at once, and what comes right after it together.
_GATHERED: Final = timedelta(minutes=15)
# One e-mail names no more; what it does not name is told with the next.
_MOST_NAMED: Final = 20


def judge(alert: Alert, rule: Rule, seen: Observed, now: datetime) -> None:
    """Change the alert as one look says. An older look than the last one changes nothing, if the clock is right."""
    if alert.looked_at is not None and timedelta(0) <= alert.looked_at - now < _GAP:
        return
    if seen.holds is None:
        alert.unread_since = alert.unread_since or now
        if alert.is_open and _since_raised(alert, now) >= _DAY:
            alert.raised_at = now
        return
    was_watched = alert.looked_at is not None and abs(now - alert.looked_at) <= _GAP
    alert.looked_at, alert.unread_since = now, None
    if rule.is_of_each:
        alert.marks = {mark: at for mark, at in alert.marks.items() if now - datetime.fromisoformat(at) < _DAY}
    else:
        alert.value, alert.details = seen.value, list(seen.broken.values()) if seen.holds else alert.details
    holds = seen.holds and not (rule.is_of_each and not alert.is_open and seen.broken.keys() <= alert.marks.keys())
    if holds == alert.is_open:
        alert.differs_since = None
        if alert.is_open:
            _raise_again(alert, rule, seen, now)
        return
    since = (alert.differs_since if was_watched else None) or now
    lasts = timedelta(seconds=rule.seconds)
    if now - since < (lasts if holds else max(lasts, CALM)):
        alert.differs_since = since
        return
    alert.differs_since = None
    if holds:
        _open(alert, rule, seen, now)
    else:
        # A clock may go back: still later than all that was told of it.
        alert.closed_at = max(now, (alert.raised_at or now) + timedelta(microseconds=1))


def _open(alert: Alert, rule: Rule, seen: Observed, now: datetime) -> None:
    if rule.is_of_each:
        _name_each(alert, seen, now)
    else:
        alert.marks = dict.fromkeys(seen.broken, now.isoformat())
    alert.opened_at, alert.raised_at, alert.closed_at = now, now, None


def _raise_again(alert: Alert, rule: Rule, seen: Observed, now: datetime) -> None:
    """Another of it has come, or it has been open for another day."""
    passed = _since_raised(alert, now)
    if passed >= _DAY or (passed >= _GATHERED and not seen.broken.keys() <= alert.marks.keys()):
        if rule.is_of_each:
            _name_each(alert, seen, now)
        else:
            alert.marks = alert.marks | dict.fromkeys(seen.broken, now.isoformat())
        alert.raised_at = now


def _name_each(alert: Alert, seen: Observed, now: datetime) -> None:
    """What was not told within a day, or all of it where that is told already, and what was named while nobody could be
    written to. Only what is named counts as told."""
    was_told = alert.raised_at is None or alert.raised_at.isoformat() in alert.told.values()
    waiting = [] if was_told or _since_raised(alert, now) >= _DAY else list(alert.details)
    fresh = {mark: label for mark, label in seen.broken.items() if mark not in alert.marks} or dict(seen.broken)
    named = dict(list(fresh.items())[:_MOST_NAMED])
    alert.value = float(len(fresh) + len(waiting))
    alert.details = [*named.values(), *waiting][:_MOST_NAMED]
    alert.marks = alert.marks | dict.fromkeys(named, now.isoformat())


def _since_raised(alert: Alert, now: datetime) -> timedelta:
    return now - (alert.raised_at or now)
