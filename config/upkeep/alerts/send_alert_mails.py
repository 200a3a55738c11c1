"""Write to staff of alerts that opened, closed, or are still open: all that is news to somebody in one e-mail.

At most once: that somebody is told is committed before the mail server is talked to, and taken back only where the
server surely has not taken it; then the next minute tries again.
"""

from datetime import datetime

import structlog
from django.db import transaction

from config.upkeep.alerts.news import Recipient, is_news_to, news_moment, recipients
from config.upkeep.alerts.text import mail_text
from shared.background.mail import MailServer
from shared.background.mail_faults import MailDelayed, MailRefused, MailServerAway, MailUnclear
from shared.clock import database_now
from shared.metrics.rules import RULE_OF
from shared.models.alert import Alert

log = structlog.get_logger("kontor.alerts")

# What each alert said of this recipient before, and what it says now.
_Claim = list[tuple[Alert, str | None, str]]


def send_alert_mails(*, now: datetime | None = None) -> int:
    """How many e-mails the mail server took."""
    sent = 0
    with MailServer() as server:
        people = recipients()
        keys = {one.key for one in people}
        for recipient in people:
            claim = _claim_news(recipient, keys, now or database_now())
            try:
                sent += bool(claim) and _send(server, recipient, claim)
            except MailServerAway as error:
                log.warning("alert_mail_delayed", reason=str(error))
                break
    return sent


def _send(server: MailServer, recipient: Recipient, claim: _Claim) -> bool:
    """Raises MailServerAway."""
    subject, body = mail_text(recipient, [alert for alert, _before, _moment in claim])
    message_id = f"alert-{recipient.key}-{max(moment for _alert, _before, moment in claim)}".translate(_IN_AN_ID)
    try:
        server.send(to=recipient.address, subject=subject, body=body, message_id=message_id)
    except (MailRefused, MailUnclear) as error:  # never, or perhaps it has arrived
        log.warning("alert_mail_not_sent", reason=str(error))
        return False
    except MailDelayed as error:
        _take_back(recipient, claim)
        if isinstance(error, MailServerAway):
            raise
        log.warning("alert_mail_delayed", reason=str(error))
        return False
    Alert.objects.filter(rule__in=[alert.rule for alert, _before, _moment in claim]).update(
        last_mailed_at=database_now()
    )
    return True


_IN_AN_ID = str.maketrans({":": "", "+": "-"})


@transaction.atomic
def _claim_news(recipient: Recipient, keys: set[str], now: datetime) -> _Claim:
    """What is news to them, written down as told. Who is told no more is forgotten. Locks: all alerts, by rule."""
    claim: _Claim = []
    for alert in Alert.objects.select_for_update().filter(rule__in=sorted(RULE_OF)).order_by("rule"):
        if is_news_to(recipient, alert, now):
            moment = news_moment(alert, now)
            claim.append((alert, alert.told.get(recipient.key), moment))
            alert.told = {key: told for key, told in alert.told.items() if key in keys} | {recipient.key: moment}
            alert.save(update_fields=["told"])
    return claim


@transaction.atomic
def _take_back(recipient: Recipient, claim: _Claim) -> None:
    """Unless they were told of something later meanwhile. Locks: these alerts, by rule."""
    was = {alert.rule: (before, moment) for alert, before, moment in claim}
    for alert in Alert.objects.select_for_update().filter(rule__in=sorted(was)).order_by("rule"):
        before, moment = was[alert.rule]
        if alert.told.get(recipient.key) == moment:
            others = {key: told for key, told in alert.told.items() if key != recipient.key}
            alert.told = others | ({recipient.key: before} if before else {})
            alert.save(update_fields=["told"])
