"""Write to staff of alerts that opened, closed, or are still open: all that is news to somebody in one e-mail.

At most once: that somebody is told is committed right before the e-mail is handed over, when the mail server has
answered and all is read that the e-mail needs. It is taken back where the server surely has not taken it; then the next
minute tries again.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

import structlog
from django.db import transaction

from config.upkeep.alerts.news import Recipient, is_kept, is_news_to, news_moment, recipients
from config.upkeep.alerts.text import mail_text
from shared.background.mail import MailServer
from shared.background.mail_faults import MailDelayed, MailRefused, MailServerAway, MailUnclear, SenderRefused
from shared.clock import database_now
from shared.metrics.rules import RULE_OF
from shared.models.alert import Alert

log = structlog.get_logger("kontor.alerts")


def send_alert_mails(*, now: datetime | None = None) -> int:
    """How many e-mails the mail server took."""
    sent = 0
    with MailServer() as server:
        for recipient in recipients():
            try:
                sent += _tell(server, recipient, now or database_now())
            except (MailServerAway, SenderRefused) as error:  # nobody else would be written to, either
                log.warning("alert_mail_delayed", reason=str(error))
                break
    return sent


def _tell(server: MailServer, recipient: Recipient, now: datetime) -> bool:
    """Raises MailServerAway or SenderRefused."""
    known = Alert.objects.filter(rule__in=RULE_OF).order_by("rule")
    alerts = [alert for alert in known if is_news_to(recipient, alert, now)]
    if not alerts:
        return False
    server.connect()
    subject, body = mail_text(recipient, alerts)
    news = {alert.rule: news_moment(alert, now) for alert in alerts}
    before = _claim_news(recipient, news, now)
    if before is None:
        return False
    message_id = f"alert-{recipient.key}-{max(news.values())}".translate(_IN_AN_ID)
    try:
        server.send(to=recipient.address, subject=subject, body=body, message_id=message_id)
    except Exception as error:
        return _is_untold(recipient, news, before, error)
    _note_mailed(news)
    return True


_IN_AN_ID = str.maketrans({":": "", "+": "-"})


def _is_untold(recipient: Recipient, news: Mapping[str, str], before: Mapping[str, str], error: Exception) -> bool:
    """False, once that they were told is taken back, unless it has perhaps arrived or never will. Raises what holds up
    everybody, and what nobody foresaw."""
    if isinstance(error, MailUnclear) or (isinstance(error, MailRefused) and not isinstance(error, SenderRefused)):
        log.warning("alert_mail_not_sent", reason=str(error))
        return False
    _take_back(recipient, news, before)
    if not isinstance(error, MailDelayed) or isinstance(error, MailServerAway):
        raise error
    log.warning("alert_mail_delayed", reason=str(error))
    return False


@transaction.atomic
def _claim_news(recipient: Recipient, news: Mapping[str, str], now: datetime) -> dict[str, str] | None:
    """Write down that they are told of it all; what they were told before, by rule. None: something has changed since
    it was read, so whoever did that asks for the next e-mail. Locks: these alerts, by rule."""
    alerts = list(Alert.objects.select_for_update().filter(rule__in=news).order_by("rule"))
    if any(not is_news_to(recipient, alert, now) or news_moment(alert, now) != news[alert.rule] for alert in alerts):
        return None
    before = {alert.rule: alert.told[recipient.key] for alert in alerts if recipient.key in alert.told}
    for alert in alerts:
        kept = {key: told for key, told in alert.told.items() if is_kept(told, alert, now)}
        alert.told = kept | {recipient.key: news[alert.rule]}
        alert.save(update_fields=["told"])
    return before


@transaction.atomic
def _note_mailed(rules: Iterable[str]) -> None:
    """Locks: these alerts, by rule; the UPDATE by itself would lock them as they lie in the table."""
    locked = Alert.objects.select_for_update().filter(rule__in=rules).order_by("rule")
    rules = list(locked.values_list("rule", flat=True))
    Alert.objects.filter(rule__in=rules).update(last_mailed_at=database_now())


@transaction.atomic
def _take_back(recipient: Recipient, news: Mapping[str, str], before: Mapping[str, str]) -> None:
    """Unless they were told of something later meanwhile. Locks: these alerts, by rule."""
    for alert in Alert.objects.select_for_update().filter(rule__in=news).order_by("rule"):
        if alert.told.get(recipient.key) == news[alert.rule]:
            others = {key: told for key, told in alert.told.items() if key != recipient.key}
            was = before.get(alert.rule)
            alert.told = others | ({recipient.key: was} if was else {})
            alert.save(update_fields=["told"])
