"""Customers for pages that look for one while somebody types."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, JsonResponse
from django.urls import path

from shared.admin.changelist import is_near
from shared.text.tax_number import LONGEST_TYPED
from shared.values.addresses import address_text
from users.models.customer import Customer
from users.queries import with_tax_number

if TYPE_CHECKING:
    from shared.admin.base import KontorAdmin as _Base
else:
    _Base = object

MOST_FOUND = 10
_FEWEST = 6  # characters of a tax number
MOST_CHARACTERS = 200


def of_tax_number(rows: QuerySet, term: str) -> QuerySet | None:
    """Those whose number was typed; None if it is nobody's, or can be none."""
    if not (_FEWEST <= len(term) <= LONGEST_TYPED and any(letter.isdigit() for letter in term)):
        return None
    found = with_tax_number(rows, term)
    return found if found.exists() else None


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
