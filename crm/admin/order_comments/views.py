"""Comments on an order: where its page sends them, and what its page shows of the CRM."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog.seller_access import sellers_of
from crm.services.timeline.add_activity import add_activity
from orders.models.order import Order
from shared.admin.base import actor_of
from shared.admin.display import change_url
from shared.errors import Refusal
from users.access.ownership import may_see


def comment_urls() -> list[URLPattern]:
    view = admin.site.admin_view(_comment_view)
    return [path("orders/<uuid:order_id>/comment/", view, name="order_comment")]


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
    timeline = HttpResponseRedirect(f"{change_url(Order, order.pk)}#timeline")
    if request.method == "GET":  # as signing in again leads here: a comment was sent after the session's end
        return timeline
    try:
        add_activity(order_id=order.pk, text=request.POST.get("text", ""), actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.detail)
    else:
        messages.success(request, _("The comment is in the timeline."))
    return timeline
