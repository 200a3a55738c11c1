"""Comments on an order or a deal: where its page sends them."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog.seller_access import sellers_of
from crm.models.deal import Deal
from crm.services.timeline.add_activity import add_activity
from orders.models.order import Order
from shared.admin.base import actor_of
from shared.admin.display import change_url
from shared.errors import Refusal
from users.access.ownership import may_see


def comment_urls() -> list[URLPattern]:
    view = admin.site.admin_view(_comment_view)
    of_deal = admin.site.admin_view(_deal_comment_view)
    return [
        path("orders/<uuid:order_id>/comment/", view, name="order_comment"),
        path("deals/<uuid:deal_id>/comment/", of_deal, name="deal_comment"),
    ]


@require_http_methods(["GET", "POST"])
def _comment_view(request: HttpRequest, order_id: UUID) -> HttpResponse:
    orders: Any = admin.site.get_model_admin(Order)
    if not (request.user.has_perm("crm.add_activity") and orders.has_view_permission(request)):
        raise PermissionDenied
    order = orders.find(request, str(order_id))
    if sellers_of(request.user) is not None:
        raise PermissionDenied
    if not may_see(request.user, order.customer):
        raise Http404
    return _noted(request, order, partial(add_activity, order_id=order.pk))


@require_http_methods(["GET", "POST"])
def _deal_comment_view(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    deals: Any = admin.site.get_model_admin(Deal)
    if not (request.user.has_perm("crm.add_activity") and deals.has_view_permission(request)):
        raise PermissionDenied
    deal = deals.find(request, str(deal_id))
    if sellers_of(request.user) is not None:
        raise PermissionDenied
    # The note stands in the customer's timeline, too.
    if not may_see(request.user, deal.customer):
        raise Http404
    return _noted(request, deal, partial(add_activity, deal_id=deal.pk))


def _noted(request: HttpRequest, row: Order | Deal, write: Callable[..., object]) -> HttpResponse:
    """Back on the page of what it is about."""
    timeline = HttpResponseRedirect(f"{change_url(type(row), row.pk)}#timeline")
    if request.method == "GET":  # as signing in again leads here: a comment was sent after the session's end
        return timeline
    try:
        write(text=request.POST.get("text", ""), actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.detail)
    else:
        messages.success(request, _("The comment is in the timeline."))
    return timeline
