"""Who is told of alerts, and what of them is news to whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings

from shared.background.mail import may_be_written_to
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
    """ALERT_EMAIL, else the superusers; nobody where no e-mail can be sent, nor whose address is made up."""
    if settings.EMAIL_BACKEND.endswith("NoMailServer"):
        return []
    if settings.ALERT_EMAIL:
        found = [Recipient(address, settings.LANGUAGE_CODE) for address in dict.fromkeys(settings.ALERT_EMAIL)]
    else:
        people = User.objects.filter(is_active=True, is_superuser=True).exclude(email="").order_by("email")
        found = [Recipient(*row) for row in people.values_list("email", "language", "time_zone")[: 2 * _MOST]]
    return [one for one in found if may_be_written_to(one.address)][:_MOST]


def news_moment(alert: Alert, now: datetime) -> str:
    """When the last thing happened that people are told of; empty: nothing, or long ago."""
    told_of_end = alert.closed_at is not None and not RULE_OF[alert.rule].is_of_each
    moment = alert.closed_at if told_of_end else alert.raised_at
    return moment.isoformat() if moment is not None and now - moment < _OLD else ""


def is_news_to(recipient: Recipient, alert: Alert, now: datetime) -> bool:
    """The end is news to whoever was told of the beginning; to all where nobody was, as the mail server was away."""
    moment = news_moment(alert, now)
    if not moment or alert.told.get(recipient.key) == moment:
        return False
    if alert.is_open or RULE_OF[alert.rule].is_of_each:
        return True
    told = {key for key, last in alert.told.items() if datetime.fromisoformat(last) >= (alert.opened_at or now)}
    return recipient.key in told or not told


def is_kept(told: str, alert: Alert, now: datetime) -> bool:
    """Whether it still matters that somebody was told of this moment: by its age, as another worker may have other
    recipients."""
    return datetime.fromisoformat(told) >= min(now - _OLD, alert.opened_at or now)


def has_news(alerts: Iterable[Alert], now: datetime) -> bool:
    """One statement at the most."""
    fresh = [alert for alert in alerts if news_moment(alert, now)]
    return bool(fresh) and any(is_news_to(one, alert, now) for one in recipients() for alert in fresh)
