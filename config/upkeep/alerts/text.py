"""What an e-mail about alerts says."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from config.upkeep.alerts.news import Recipient
from config.upkeep.states import figure
from crm.mail.site_address import site_address
from crm.reads.alerts import details_of, summary_of
from shared.clock import reader_zone
from shared.metrics.rules import RULE_OF
from shared.models.alert import Alert


def mail_text(recipient: Recipient, alerts: Sequence[Alert]) -> tuple[str, str]:
    """Subject and body, in their language and by their clocks."""
    with override(recipient.language), timezone.override(reader_zone(recipient.time_zone)):
        if len(alerts) == 1:
            subject = f"{_heading(alerts[0])}: {summary_of(alerts[0])}"
        else:
            subject = ngettext("%(n)d alert", "%(n)d alerts", len(alerts)) % {"n": len(alerts)}
        paragraphs = ["\n".join(_paragraph(alert)) for alert in alerts]
        return f"Kontor: {subject}"[:200], "\n\n".join([*paragraphs, f"{site_address(reverse('admin:system'))}\n"])


def _is_over(alert: Alert) -> bool:
    """What happened to each of them, while nobody could be written to, is told as it was: an end says nothing of it."""
    return alert.closed_at is not None and not RULE_OF[alert.rule].is_of_each


def _heading(alert: Alert) -> str:
    if _is_over(alert):
        return pgettext("alert", "Over")
    is_first = not alert.is_open or alert.raised_at == alert.opened_at
    return pgettext("alert", "Open") if is_first else pgettext("alert", "Still open")


def _paragraph(alert: Alert) -> Iterator[str]:
    rule = RULE_OF[alert.rule]
    yield f"{_heading(alert)}: {summary_of(alert)}"
    if _is_over(alert):
        yield _("From %(since)s to %(until)s") % {"since": _clock(alert.opened_at), "until": _clock(alert.closed_at)}
        return
    yield _("Since %(since)s") % {"since": _clock(alert.opened_at)}
    yield from (f"- {detail}" for detail in details_of(alert))
    if not rule.is_of_each:
        yield _("Seen: %(figure)s") % {"figure": figure(rule.metric, alert.value)}
    if alert.unread_since is not None:
        yield _("Not read since %(since)s: nobody knows whether it is over.") % {"since": _clock(alert.unread_since)}
    yield _("What to do: %(action)s") % {"action": rule.action}


def _clock(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M %Z}" if moment else ""
