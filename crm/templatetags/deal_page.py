"""On a deal's page: where it stands, and what was said and done about it."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.seller_access import sellers_of
from crm.models.activity import Activity
from crm.models.deal import Deal
from crm.models.deal_stage_change import DealStageChange
from crm.templatetags.order_story import told_note
from crm.timeline.naming import may_read_notes, names_to_offer
from shared.clock import database_now
from users.access.ownership import may_see

register = template.Library()
_MOST_SHOWN = 100
_MOST_STAYS = 20


@register.inclusion_tag("admin/kontor/order_story.html", takes_context=True)
def deal_story(context: template.Context, deal: Deal) -> dict[str, Any]:
    """What was noted about it, the latest first, and the box for a comment."""
    user = context["request"].user
    noted = Activity.objects.filter(deal=deal).select_related("author").order_by("-happened_at", "-id")
    entries = [told_note(note) for note in noted[:_MOST_SHOWN]] if may_read_notes(user) else []
    may_write = user.has_perm("crm.add_activity") and sellers_of(user) is None
    may_add = may_write and deal.customer.deleted_at is None and may_see(user, deal.customer)
    return {
        "entries": entries,
        "comment_url": reverse("admin:deal_comment", args=[deal.pk]),
        "may_add": may_add,
        "colleagues": names_to_offer(user, deal.customer) if may_add else [],
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("admin/kontor/deal_side.html", takes_context=True)
def deal_side(context: template.Context, deal: Deal) -> dict[str, Any]:
    """Its stage, customer and order, and how long it stood where."""
    user = context["request"].user
    sees_customer = user.has_perm("users.view_customer") and may_see(user, deal.customer)
    return {"deal": deal, "stays": _stays_of(deal), "sees_customer": sees_customer, "perms": context["perms"]}


def _stays_of(deal: Deal) -> list[dict[str, str]]:
    """Each stay in a stage, the latest first."""
    changes = DealStageChange.objects.filter(deal=deal).select_related("stage").order_by("-entered_at", "-id")
    found = list(changes[:_MOST_STAYS])
    now = database_now() if len(found) > 1 else None
    return [{"stage": row.stage.name, "length": _format_days(row, now)} for row in found]


def _format_days(stay: DealStageChange, now: Any) -> str:
    days = ((stay.left_at or now or stay.entered_at) - stay.entered_at).days
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days} if days else _("less than a day")
