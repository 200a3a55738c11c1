"""Who is told of alerts, and what of them is news to whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings

from shared.metrics.rules import RULE_OF
from shared.models.alert import Alert
from users.models.user import User

_MOST: Final = 20
# Nobody wants to hear of what was over the day before yesterday.
_OLD: Final = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Recipient:
    """`time_zone` is empty where it is the shop's."""

    address: str
    language: str
    time_zone: str = ""

    @property
    def key(self) -> str:
        """For the table of alerts, which is to hold nobody's address."""
        return str(uuid5(NAMESPACE_URL, f"mailto:{self.address.lower()}"))


def recipients() -> list[Recipient]:
    """ALERT_EMAIL, else the superusers; nobody where no e-mail can be sent."""
    if settings.EMAIL_BACKEND.endswith("NoMailServer"):
        return []
    if settings.ALERT_EMAIL:
        return [Recipient(address, settings.LANGUAGE_CODE) for address in dict.fromkeys(settings.ALERT_EMAIL)]
    people = User.objects.filter(is_active=True, is_superuser=True).exclude(email="").order_by("email")
    return [Recipient(*row) for row in people.values_list("email", "language", "time_zone")[:_MOST]]


def news_moment(alert: Alert, now: datetime) -> str:
    """When the last thing happened that people are told of; empty: nothing, or long ago."""
    told_of_end = alert.closed_at is not None and not RULE_OF[alert.rule].is_of_each
    moment = alert.closed_at if told_of_end else alert.raised_at
    return moment.isoformat() if moment is not None and now - moment < _OLD else ""


def is_news_to(recipient: Recipient, alert: Alert, now: datetime) -> bool:
    moment = news_moment(alert, now)
    return bool(moment) and alert.told.get(recipient.key) != moment


def has_news(alerts: Iterable[Alert], now: datetime) -> bool:
    """One statement at the most."""
    fresh = [alert for alert in alerts if news_moment(alert, now)]
    return bool(fresh) and any(is_news_to(one, alert, now) for one in recipients() for alert in fresh)
