"""Hold the rules against what is seen: an alert opens once its rule has held for long enough, and closes likewise."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import structlog
from django.db import transaction

from config.metrics.states import States
from config.upkeep.alerts.judge import judge
from config.upkeep.alerts.news import has_news
from config.upkeep.alerts.observed import Observed, observe
from config.upkeep.alerts.watched import WATCHED
from shared.background.enqueue import enqueue
from shared.clock import database_now
from shared.metrics.rules import ALL_RULES, RULE_OF
from shared.models.alert import Alert

log = structlog.get_logger("kontor.alerts")

MAIL_JOB: Final = "config.upkeep.send_alert_mails"
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
