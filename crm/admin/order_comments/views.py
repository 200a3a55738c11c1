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
    return [
        path("orders/<uuid:pk>/comment/", _view_of(Order, "order_id"), name="order_comment"),
        path("deals/<uuid:pk>/comment/", _view_of(Deal, "deal_id"), name="deal_comment"),
    ]


def _view_of(model: type[Order | Deal], about: str) -> Callable[..., HttpResponse]:
    """`about`: what add_activity calls a row of the model."""

    @require_http_methods(["GET", "POST"])
    def view(request: HttpRequest, pk: UUID) -> HttpResponse:
        pages: Any = admin.site.get_model_admin(model)
        if not (request.user.has_perm("crm.add_activity") and pages.has_view_permission(request)):
            raise PermissionDenied
        row = pages.find(request, str(pk))
        if sellers_of(request.user) is not None:
            raise PermissionDenied
        # The note stands in the customer's timeline, too.
        if not may_see(request.user, row.customer):
            raise Http404
        return _noted(request, row, partial(add_activity, **{about: row.pk}))

    found: Callable[..., HttpResponse] = admin.site.admin_view(view)
    return found


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
