"""The product's page: what it is, its variants with their stock, and what to do next."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from catalog.admin.product import ProductAdmin
from catalog.models.product import Product
from crm.admin.products.page import page_context
from shared.admin.changelist import KontorChangeList

PAGE_URL = "admin:catalog_product_page"

admin.site.unregister(Product)


class ProductChangeList(KontorChangeList):
    """The list leads to the product's page, and that to the form."""

    def url_for_result(self, result: Model) -> str:
        return reverse(PAGE_URL, args=[result.pk])


@admin.register(Product)
class ProductWithPageAdmin(ProductAdmin):
    actions_detail = ("page", *ProductAdmin.actions_detail)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[KontorChangeList]:
        return ProductChangeList

    @action(description=_("Product page"), icon="inventory_2", permissions=["catalog.view_product"])
    def page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Everything about the product in a fixed number of statements."""
        product = self._find_product(request, object_id)
        if not self.has_view_permission(request, product):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            **page_context(request, product),
            "title": product.name,
            "product": product,
            "model_admin": self,
            "offering_url": self._offering_url(request, product),
        }
        return TemplateResponse(request, "admin/kontor/product_page.html", context)

    def url_of_record(self, row: Product) -> str:
        return reverse(PAGE_URL, args=[row.pk])

    def _offering_url(self, request: HttpRequest, product: Product) -> str:
        if not self.has_change_permission(request, product):
            return ""
        name = "stop_offering" if product.is_active else "offer_again"
        return reverse(f"admin:catalog_product_{name}", args=[product.pk])

    def _find_product(self, request: HttpRequest, object_id: str) -> Product:
        try:
            found: Product = self.get_queryset(request).select_related("category").get(pk=object_id)
        except (Product.DoesNotExist, ValidationError) as error:
            raise Http404(gettext("There is no such product.")) from error
        return found
