"""Variants for pages that look for one while somebody types or scans."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.urls import path

from catalog.models.variant import Variant
from catalog.queries import read_as
from shared.admin.changelist import is_near

if TYPE_CHECKING:
    from shared.admin.base import KontorAdmin as _Base
else:
    _Base = object

MOST_FOUND = 10
MOST_CHARACTERS = 200


class FoundVariants(_Base):
    """`…/find/?q=` answers the first with these words; `exact` is the one whose whole SKU or barcode it is; `near`:
    they are only spelled nearly so."""

    def get_urls(self) -> list[Any]:
        find = cast("Callable[..., Any]", self.admin_site.admin_view(self.find_variants))
        return [path("find/", find, name="catalog_variant_find"), *super().get_urls()]

    def find_variants(self, request: HttpRequest) -> JsonResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        term = request.GET.get("q", "").strip()[:MOST_CHARACTERS]
        if not term or "\0" in term:  # PostgreSQL has no such text
            return JsonResponse({"exact": None, "rows": [], "near": False})
        rows = self.get_queryset(request)
        exact = rows.filter(read_as(term)).first()
        # Some more than are shown, as those that are not for sale are left out afterwards: a filter on them would have
        # the search walk for others.
        found = [exact] if exact else self.get_search_results(request, rows, term)[0][: 2 * MOST_FOUND]
        shown = [self.shown_variant(row) for row in found if exact or (row.is_active and row.product.is_active)]
        exactly = shown[0] if exact else None
        return JsonResponse({"exact": exactly, "rows": shown[:MOST_FOUND], "near": bool(shown) and is_near(request)})

    def shown_variant(self, variant: Variant) -> dict[str, Any]:
        """As a script shows it."""
        return {
            "id": str(variant.pk),
            "sku": variant.sku,
            "text": self.choice_label(variant),
            "is_for_sale": variant.is_active and variant.product.is_active,
            **self.choice_extras(variant),
        }
