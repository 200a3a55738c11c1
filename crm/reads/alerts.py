"""Alerts as they stand, for pages: what is open, what could not be read, and whether anybody looks at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from shared.metrics.rules import RULE_OF
from shared.models.alert import Alert

# The job runs each minute.
_SILENCE: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class AlertsNow:
    """`looked_at`: when the rules were last judged, by a worker; `is_silent`: that is too long ago."""

    open: Sequence[Alert]
    unread: Sequence[Alert]
    looked_at: datetime | None
    is_silent: bool


def alerts_now() -> AlertsNow:
    """One statement: a row for each rule."""
    alerts = [alert for alert in Alert.objects.order_by("opened_at", "rule") if alert.rule in RULE_OF]
    alerts.sort(key=lambda alert: not RULE_OF[alert.rule].is_urgent)
    looked_at = max((alert.looked_at for alert in alerts if alert.looked_at), default=None)
    return AlertsNow(
        open=[alert for alert in alerts if alert.is_open],
        unread=[alert for alert in alerts if alert.unread_since is not None],
        looked_at=looked_at,
        is_silent=looked_at is None or timezone.now() - looked_at > _SILENCE,
    )


def summary_of(alert: Alert) -> str:
    """What its rule says, of which queue where it is about one that is known."""
    summary = str(RULE_OF[alert.rule].summary)
    if "%(label)s" not in summary:
        return summary
    is_known = alert.is_open or alert.unread_since is None
    return summary % {"label": ", ".join(alert.details) if is_known and alert.details else "…"}


def details_of(alert: Alert) -> list[str]:
    """Those that the summary does not name, and how many there are besides."""
    rule = RULE_OF[alert.rule]
    if "%(label)s" in str(rule.summary):
        return []
    more = int(alert.value or 0) - len(alert.details) if rule.is_of_each else 0
    return [*alert.details, *([_("and %(number)s more") % {"number": more}] if more > 0 else [])]
