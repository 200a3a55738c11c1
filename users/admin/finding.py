"""Customers for pages that look for one while somebody types."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.urls import path

from shared.admin.changelist import is_near
from shared.values.addresses import address_text
from users.models.customer import Customer

if TYPE_CHECKING:
    from shared.admin.base import KontorAdmin as _Base
else:
    _Base = object

MOST_FOUND = 10
MOST_CHARACTERS = 200


class FoundCustomers(_Base):
    """`…/find/?q=` answers the first with these words, as the list would show them, with their addresses; `near`: they
    are only spelled nearly so."""

    def get_urls(self) -> list[Any]:
        find = cast("Callable[..., Any]", self.admin_site.admin_view(self.find_customers))
        return [path("find/", find, name="users_customer_find"), *super().get_urls()]

    def find_customers(self, request: HttpRequest) -> JsonResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        term = request.GET.get("q", "")[:MOST_CHARACTERS]
        rows = self.get_queryset(request).prefetch_related(None)
        found = self.get_search_results(request, rows, term)[0][:MOST_FOUND] if term.strip() else ()
        return JsonResponse({"rows": [shown_customer(row) for row in found], "near": is_near(request)})


def shown_customer(customer: Customer) -> dict[str, Any]:
    """As a script shows it."""
    contact = " · ".join(filter(None, (customer.email, customer.phone)))
    return {
        "id": str(customer.pk),
        "name": customer.name,
        "contact": contact,
        "addresses": [
            {"id": each["id"], "kind": each["kind"], "text": address_text(each, separator=", ")}
            for each in customer.addresses
        ],
    }
