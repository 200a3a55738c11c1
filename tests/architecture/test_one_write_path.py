"""The admin writes master data as REST does: through services. See docs/decisions/one-write-path.md."""

from collections.abc import Iterator

from django.contrib import admin
from django.db.models import Model

from shared.admin.base import ReadOnly
from shared.admin.saving import ServiceAdmin

PAGE_WRITES = ("save_model", "save_related", "save_formset", "delete_model", "delete_queryset")
# Saved by the page itself, and why.
EXCUSED = {
    "auth.Group": "Django's own form of permissions saves it",
    "users.User": "Django's own forms of logins and passwords save it",
    "crm.Deal": "the page calls open_deal, update_deal and, for all lines at once, set_deal_lines",
    "inventory.StockDocument": "no master data; its form locks and checks as the services do",
    "orders.Draft": "no master data; its form locks and checks as the services do",
    "catalog.PriceList": "next",
    "catalog.TaxRegion": "next",
    "orders.Coupon": "next",
    "orders.ShippingMethod": "next",
    "orders.HoldPolicy": "next",
    "users.CustomField": "next",
    "crm.EmailTemplate": "next",
    "crm.OrderMailTemplate": "next",
    "crm.Pipeline": "next",
    "crm.Stage": "next",
}


def writing_admins() -> Iterator[tuple[type[Model], admin.ModelAdmin]]:
    for model, page in admin.site._registry.items():
        if not isinstance(page, ReadOnly):
            yield model, page


def test_every_form_of_the_admin_is_saved_by_services() -> None:
    by_themselves = {
        model._meta.label
        for model, page in writing_admins()
        if any(getattr(type(page), name) is not getattr(ServiceAdmin, name, None) for name in PAGE_WRITES)
    }

    assert by_themselves == set(EXCUSED)
