"""What System says of alerts."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.upkeep.alerts.news import recipients
from config.upkeep.report import Level, Line, Part, duration
from config.upkeep.states import figure
from crm.reads.alerts import alerts_now, details_of, summary_of
from shared.clock import database_now
from shared.metrics.rules import RULE_OF
from shared.models.alert import Alert


def alerts_part() -> Part:
    return Part("alerts", gettext_lazy("Alerts"), _alerts)


def _alerts() -> Iterator[Line]:
    alerts, now = alerts_now(), database_now()
    if alerts.looked_at is None or alerts.is_silent:
        ago = _ago(alerts.looked_at, now) if alerts.looked_at else _("never")
        advice = _("The worker looks once a minute: start manage.py worker.")
        yield Line(Level.LOOK, _("Rules last judged"), ago, advice)
    else:
        yield Line(Level.GOOD, _("Rules last judged"), _ago(alerts.looked_at, now))
    if not recipients():
        advice = _("Set EMAIL_URL, and ALERT_EMAIL or a superuser's own address.")
        yield Line(Level.LOOK, _("E-mails about alerts"), _("nobody can be written to"), advice)
    for alert in alerts.open:
        rule = RULE_OF[alert.rule]
        level = Level.ACT if rule.is_urgent else Level.LOOK
        yield Line(level, summary_of(alert), "; ".join(_facts(alert, now)), str(rule.action))
    for alert in alerts.unread:
        if not alert.is_open:
            since = _("not read for %(time)s") % {"time": duration((now - (alert.unread_since or now)).total_seconds())}
            yield Line(Level.UNKNOWN, summary_of(alert), since, _("What it is read from did not answer in time."))


def _facts(alert: Alert, now: datetime) -> Iterator[str]:
    rule = RULE_OF[alert.rule]
    yield _("opened %(ago)s") % {"ago": _ago(alert.opened_at, now)}
    if alert.unread_since is not None:
        yield _("not read for %(time)s") % {"time": duration((now - alert.unread_since).total_seconds())}
    elif not rule.is_of_each:
        yield figure(rule.metric, alert.value)
    yield from details_of(alert)
    if alert.last_mailed_at is not None:
        yield _("last e-mail %(ago)s") % {"ago": _ago(alert.last_mailed_at, now)}
    else:
        yield _("nobody was written to yet")


def _ago(moment: datetime | None, now: datetime) -> str:
    return _("%(time)s ago") % {"time": duration(max(0.0, (now - (moment or now)).total_seconds()))}
