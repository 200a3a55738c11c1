"""The warehouse's worklist: what is paid and waits to be packed, by location, oldest first."""

from uuid import UUID

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext

from catalog.seller_access import of_sellers_of, sellers_of
from inventory.models.location import StockLocation
from orders.shipping.queries import WORKLIST_ORDERS, worklist


def worklist_page(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """`?location=` narrows it to one."""
    if not request.user.has_perm("orders.view_shipment"):
        raise PermissionDenied
    chosen = _chosen_location(request)
    found = worklist(location_id=chosen, sellers=sellers_of(request.user))
    # Bounded, as a menu of thousands of locations would not be one.
    locations = of_sellers_of(request.user, StockLocation.objects.select_related("seller"), "seller_id")
    request.current_app = model_admin.admin_site.name
    context = {
        **model_admin.admin_site.each_context(request),
        "title": gettext("To pack"),
        "work": list(found.items()),
        "locations": locations.order_by("seller__name", "priority", "name")[:100],
        "chosen": str(chosen or ""),
        "most": WORKLIST_ORDERS,
        "may_pack": request.user.has_perm("orders.add_shipment"),
    }
    return TemplateResponse(request, "admin/kontor/worklist.html", context)


def _chosen_location(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.GET.get("location", ""))
    except ValueError:
        return None
