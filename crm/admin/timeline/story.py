"""What a deal or lead went through, for its page."""

from collections.abc import Callable
from typing import TypeVar

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm.models.activity import Activity
from crm.models.deal import Deal
from crm.models.lead import Lead
from crm.timeline.lines import shown_subject, shown_text
from shared.admin.display import NOTHING, moment

_SHOWN = 50
T = TypeVar("T")


def kept(row: Deal | Lead, name: str, make: Callable[[], T]) -> T:
    """What was made for this row of a request already: a form asks several times for what it only shows."""
    known: dict[str, T] = row.__dict__.setdefault("_kept", {})
    if name not in known:
        known[name] = make()
    return known[name]


def timeline_of(about: Deal | Lead) -> SafeString | str:
    """What was noted about the deal or lead, the latest first."""
    noted = Activity.objects.filter(deal=about) if isinstance(about, Deal) else Activity.objects.filter(lead=about)
    entries = noted.select_related("author").order_by("-happened_at", "-id")[:_SHOWN]
    rows = [(moment(entry.happened_at), entry.author or _("system"), _text_of_entry(entry)) for entry in entries]
    if not rows:
        return NOTHING
    return format_html('<ul class="k-notes">{}</ul>', format_html_join("", "<li><small>{}, {}</small>{}</li>", rows))


def _text_of_entry(entry: Activity) -> str:
    return " ".join(filter(None, (shown_subject(entry.subject, entry.message), shown_text(entry.text, entry.message))))
