"""The order desk among the pages of orders, and the button that places an order again."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from orders.admin.desk.page import desk_form, desk_page
from orders.admin.desk.shown import live_answer
from orders.admin.desk.starting import DUPLICATE, start_of
from shared.admin.form_page import answer

if TYPE_CHECKING:
    from shared.admin.base import KontorAdmin as _Base
else:
    _Base = object

DESK_BUTTONS = ("duplicate",)
LIVE = "_live"


class OrderDesk(_Base):
    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        if LIVE in request.POST:
            return JsonResponse(live_answer(desk_form(self, request, start_of(self, request))))
        page = desk_page(self, request)
        shown = answer(self, request, page)
        if shown.status_code != HTTPStatus.FOUND:  # drawn after this, as whoever was refused finds it
            page.extra_context["lines"].show(request, self.admin_site)
        return shown

    @action(description=_("Duplicate"), icon="content_copy", permissions=["orders.add_order"])
    def duplicate(self, request: HttpRequest, object_id: str) -> HttpResponse:
        order = self.find(request, object_id)
        return HttpResponseRedirect(f"{reverse('admin:orders_order_add')}?{DUPLICATE}={order.pk}")
