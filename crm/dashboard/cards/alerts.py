"""What the rules say that somebody should look at, for those who may see System."""

from typing import Any

from django.http import HttpRequest

from crm.dashboard.card import Card, Place
from crm.reads.alerts import alerts_now, details_of, summary_of
from shared.metrics.rules import RULE_OF


def _alerts(_request: HttpRequest) -> dict[str, Any]:
    now = alerts_now()
    shown = [
        {
            "is_urgent": RULE_OF[alert.rule].is_urgent,
            "summary": summary_of(alert),
            "details": ", ".join(details_of(alert)),
            "since": alert.opened_at,
            "unread_since": alert.unread_since,
            "action": RULE_OF[alert.rule].action,
        }
        for alert in now.open
    ]
    unread = [{"summary": summary_of(alert), "since": alert.unread_since} for alert in now.unread if not alert.is_open]
    return {"open": shown, "unread": unread, "looked_at": now.looked_at, "is_silent": now.is_silent}


CARD = Card(
    "admin/kontor/cards/alerts.html",
    permissions=("shared.view_operationrun",),
    read=_alerts,
    rank=5,
    place=Place.TOP,
    is_of_whole_shop=True,
)
