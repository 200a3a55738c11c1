"""On an order's page: comments and e-mails among its events, and what is to be done for its customer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.seller_access import sellers_of
from crm.models.activity import Activity, ActivityKind
from crm.models.order_mail import OrderMail
from crm.reads.customer_page import open_tasks_about
from crm.timeline.lines import shown_subject, shown_text
from crm.timeline.naming import may_read_notes, names_to_offer
from crm.timeline.order_comments import may_comment
from crm.timeline.visibility import about_visible
from users.access.ownership import may_see

register = template.Library()
_MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class StoryEntry:
    """As the events of orders are told, with the words of a comment in `remark`."""

    at: datetime
    who: str
    text: str
    remark: str = ""
    is_comment: bool = False


@register.inclusion_tag("admin/kontor/order_story.html", takes_context=True)
def order_story(context: template.Context, order: Any, events: Iterable[Any] | None) -> dict[str, Any]:
    """All that happened to it, the latest first, and the box for a comment; of each only what the reader may see."""
    user = context["request"].user
    entries: list[Any] = list(events or ())
    if may_read_notes(user):
        noted = about_visible(user, Activity.objects.filter(order=order.pk), "customer")
        noted = noted.select_related("author").order_by("-happened_at", "-id")[:_MOST_SHOWN]
        entries += [told_note(note) for note in noted]
    if user.has_perm("crm.view_ordermail") and sellers_of(user) is None:
        mails = OrderMail.objects.filter(order=order.pk).select_related("author").order_by("-created_at")
        entries += [_told_mail(mail) for mail in mails[:_MOST_SHOWN]]
    may_add = may_comment(user, order)
    return {
        "entries": sorted(entries, key=lambda entry: entry.at, reverse=True),
        "comment_url": reverse("admin:order_comment", args=[order.pk]),
        "may_add": may_add,
        "colleagues": names_to_offer(user, order.customer) if may_add else [],
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("admin/kontor/order_tasks.html", takes_context=True)
def order_tasks(context: template.Context, order: Any) -> dict[str, Any]:
    """Open tasks about its customer, for who sees the customer: of them those that the reader sees."""
    user = context["request"].user
    may_read = user.has_perm("crm.view_task") and user.has_perm("users.view_customer")
    shown = may_read and sellers_of(user) is None and may_see(user, order.customer)
    return {
        "shown": shown,
        "tasks": list(open_tasks_about(user, order.customer_id)) if shown else [],
        "order": order,
        "now": timezone.now(),
        "perms": context["perms"],
        "request": context["request"],
        "csrf_token": context.get("csrf_token"),
    }


def told_note(note: Activity) -> StoryEntry:
    """A comment, call or meeting, or what the system noted of a change."""
    subject, text = shown_subject(note.subject, note.message), shown_text(note.text, note.message)
    who = str(note.author) if note.author is not None else _("system")
    return StoryEntry(note.happened_at, who, subject, text, is_comment=note.kind != ActivityKind.CHANGE)


def _told_mail(mail: OrderMail) -> StoryEntry:
    about = {"kind": mail.get_kind_display(), "status": str(mail.get_status_display()).lower()}
    who = str(mail.author) if mail.author is not None else _("system")
    return StoryEntry(mail.created_at, who, _("E-mail “%(kind)s”: %(status)s.") % about)
