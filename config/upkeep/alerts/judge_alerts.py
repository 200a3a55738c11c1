"""Hold the rules against what is seen: an alert opens once its rule has held for long enough, and closes likewise."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db import transaction

from config.metrics.states import States
from config.upkeep.alerts.news import has_news
from config.upkeep.alerts.observed import Observed, observe
from config.upkeep.alerts.watched import WATCHED
from shared.background.enqueue import enqueue
from shared.clock import database_now
from shared.metrics.rules import ALL_RULES, RULE_OF, Rule
from shared.models.alert import Alert

log = structlog.get_logger("kontor.alerts")

MAIL_JOB: Final = "config.upkeep.send_alert_mails"
# A value that goes up and down opens its alert once, and not each time.
CALM: Final = timedelta(minutes=5)
# Longer ago, what was seen then says nothing of the time between.
_GAP: Final = timedelta(minutes=4)
_REMINDED: Final = timedelta(days=1)
# What is told of each is told at once, and what comes right after it together.
_GATHERED: Final = timedelta(minutes=15)
_JUDGED: Final = (
    *("looked_at", "unread_since", "differs_since", "opened_at", "raised_at", "closed_at"),
    *("value", "details", "marks"),
)


def judge_alerts(*, now: datetime | None = None) -> int:
    """Look, write down what has changed, and have an e-mail sent if that is news; how many alerts are open.

    Ten bounded statements, each by itself, and one short transaction. Locks: all alerts, by rule.
    """
    now = now or database_now()
    look = States(keeps_connection=True, only=WATCHED).look()
    return write_down({rule.name: observe(rule, look) for rule in ALL_RULES}, now=now)


@transaction.atomic
def write_down(seen: Mapping[str, Observed], *, now: datetime) -> int:
    """`now`: when was looked. Locks: all alerts, by rule."""
    Alert.objects.bulk_create([Alert(rule=name) for name in sorted(seen)], ignore_conflicts=True)
    alerts = list(Alert.objects.select_for_update().filter(rule__in=sorted(seen)).order_by("rule"))
    for alert in alerts:
        before = alert.is_open
        judge(alert, RULE_OF[alert.rule], seen[alert.rule], now)
        if before != alert.is_open:
            log.warning("alert_opened" if alert.is_open else "alert_closed", rule=alert.rule, value=alert.value)
    Alert.objects.bulk_update(alerts, _JUDGED)
    if has_news(alerts, now):
        enqueue(MAIL_JOB)
    return sum(alert.is_open for alert in alerts)


def judge(alert: Alert, rule: Rule, seen: Observed, now: datetime) -> None:
    """Change the alert as one look says. An older look than the last one changes nothing, if the clock is right."""
    if alert.looked_at is not None and timedelta(0) <= alert.looked_at - now < _GAP:
        return
    if seen.holds is None:
        alert.unread_since = alert.unread_since or now
        return
    was_watched = alert.looked_at is not None and abs(now - alert.looked_at) <= _GAP
    alert.looked_at, alert.unread_since, alert.value = now, None, seen.value
    if seen.holds:
        alert.details = list(seen.details)
    if seen.holds == alert.is_open:
        alert.differs_since = None
        if alert.is_open:
            _raise_again(alert, seen, now)
        return
    since = (alert.differs_since if was_watched else None) or now
    lasts = timedelta(seconds=rule.seconds)
    if now - since < (lasts if seen.holds else max(lasts, CALM)):
        alert.differs_since = since
        return
    alert.differs_since = None
    if seen.holds:
        alert.opened_at, alert.raised_at, alert.closed_at, alert.marks = now, now, None, list(seen.marks)
    else:
        alert.closed_at = now


def _raise_again(alert: Alert, seen: Observed, now: datetime) -> None:
    """More of it has happened, or it has been open for another day."""
    passed = now - (alert.raised_at or now)
    if passed >= _REMINDED or (passed >= _GATHERED and set(seen.marks) - set(alert.marks)):
        alert.raised_at, alert.marks = now, list(seen.marks)
