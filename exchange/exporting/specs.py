"""What an export of each list holds. Headers are those that an import understands."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Model, OuterRef, QuerySet
from django.utils.translation import gettext_noop as _

from catalog.models.variant import Variant
from crm.models.deal import Deal
from crm.models.lead import Lead
from crm.models.task import Task
from inventory.models.level import StockLevel
from orders.models.order import Order
from orders.models.order_item import OrderItem
from users.custom_fields import custom_fields_of
from users.models.company import Company
from users.models.custom_field import CustomFieldOwner
from users.models.customer import Customer
from users.models.tag import Tag

_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """`columns`: header, and where the value stands. `listed`: the model of the admin's list, where it is another."""

    name: str
    label: str
    model: type[Model]
    columns: tuple[tuple[str, str], ...]
    custom: CustomFieldOwner | None = None
    has_tags: bool = False
    listed: type[Model] | None = None

    @property
    def list_model(self) -> type[Model]:
        return self.listed or self.model

    def rows(self, listed: QuerySet) -> QuerySet:
        """The rows of the sheet for those of the list, in the list's order."""
        if self.model is OrderItem:
            return OrderItem.objects.filter(order__in=listed.order_by().values("pk")).order_by("order_id", "position")
        if self.has_tags:
            tags = Tag.objects.filter(customers=OuterRef("pk")).order_by("name").values("name")
            return cast("QuerySet", listed.annotate(tag_names=ArraySubquery(tags)))
        return listed

    def headers(self) -> list[str]:
        return [header for header, _path in self.columns] + [field.label for field in self._custom_fields()]

    def values(self, listed: QuerySet) -> Iterator[tuple[Any, ...]]:
        """Through a cursor on the server: memory is needed for one batch. Call it in a transaction."""
        keys = [field.key for field in self._custom_fields()]
        paths = [path for _header, path in self.columns] + (["custom_fields"] if keys else [])
        rows = self.rows(listed).select_related(None).prefetch_related(None).values_list(*paths)
        for row in rows.iterator(chunk_size=_BATCH):
            yield (*row[:-1], *(row[-1].get(key) for key in keys)) if keys else row

    def _custom_fields(self) -> list[Any]:
        return custom_fields_of(self.custom) if self.custom is not None else []


_DATES = ((_("Created (UTC)"), "created_at"), (_("Updated (UTC)"), "updated_at"))
_SHEETS = (
    Sheet(
        "customers",
        _("Customers"),
        Customer,
        (
            (_("ID"), "id"),
            (_("Name"), "name"),
            (_("E-mail"), "email"),
            (_("Phone"), "phone"),
            (_("Address"), "address"),
            (_("Language"), "language"),
            (_("Company"), "company__name"),
            (_("Customer group"), "group__name"),
            (_("Country"), "country"),
            (_("Owner's e-mail"), "owner__email"),
            (_("Tags"), "tag_names"),
            *_DATES,
        ),
        custom=CustomFieldOwner.CUSTOMER,
        has_tags=True,
    ),
    Sheet(
        "companies",
        _("Companies"),
        Company,
        (
            (_("ID"), "id"),
            (_("Name"), "name"),
            (_("Website"), "website"),
            (_("Phone"), "phone"),
            (_("Address"), "address"),
            (_("Note"), "note"),
            (_("Owner's e-mail"), "owner__email"),
            *_DATES,
        ),
        custom=CustomFieldOwner.COMPANY,
    ),
    Sheet(
        "variants",
        _("Variants and prices"),
        Variant,
        (
            (_("SKU"), "sku"),
            (_("Product (slug)"), "product__slug"),
            (_("Product's name"), "product__name"),
            (_("Name"), "name"),
            (_("Price"), "price"),
            (_("Currency"), "currency"),
            (_("Tax rate"), "tax_rate"),
            (_("Tax class"), "tax_class"),
            (_("Backorder limit"), "backorder_limit"),
            (_("Active"), "is_active"),
        ),
    ),
    Sheet(
        "orders",
        _("Orders"),
        Order,
        (
            (_("Number"), "number"),
            (_("Created (UTC)"), "created_at"),
            (_("Customer"), "customer_name"),
            (_("E-mail"), "customer_email"),
            (_("Status"), "status"),
            (_("Payment"), "payment_status"),
            (_("Currency"), "currency"),
            (_("Subtotal"), "subtotal"),
            (_("Discount"), "discount_total"),
            (_("Tax"), "tax_total"),
            (_("Shipping"), "shipping_total"),
            (_("Total"), "total"),
            (_("Paid (UTC)"), "paid_at"),
            (_("Cancelled (UTC)"), "cancelled_at"),
            (_("Note"), "note"),
        ),
    ),
    Sheet(
        "order_items",
        _("Order items"),
        OrderItem,
        (
            (_("Order"), "order__number"),
            (_("Position"), "position"),
            (_("SKU"), "sku"),
            (_("Name"), "name"),
            (_("Seller"), "seller__name"),
            (_("Quantity"), "quantity"),
            (_("Unit price"), "unit_price"),
            (_("Tax rate"), "tax_rate"),
            (_("Total, net"), "total_price"),
            (_("Tax"), "tax_amount"),
            (_("Currency"), "order__currency"),
            (_("Status"), "status"),
        ),
        listed=Order,
    ),
    Sheet(
        "stock_levels",
        _("Stock levels"),
        StockLevel,
        (
            (_("SKU"), "variant__sku"),
            (_("Product"), "variant__product__name"),
            (_("Seller"), "location__seller__name"),
            (_("Location"), "location__name"),
            (_("On hand"), "on_hand"),
            (_("Reserved"), "reserved"),
            (_("Low below"), "low_stock_threshold"),
        ),
    ),
    Sheet(
        "deals",
        _("Deals"),
        Deal,
        (
            (_("Title"), "title"),
            (_("Customer"), "customer__name"),
            (_("E-mail"), "customer__email"),
            (_("Pipeline"), "pipeline__name"),
            (_("Stage"), "stage__name"),
            (_("Status"), "status"),
            (_("Value"), "value"),
            (_("Currency"), "currency"),
            (_("Probability"), "probability"),
            (_("Expected close"), "expected_close"),
            (_("Owner's e-mail"), "owner__email"),
            (_("Lost because"), "lost_reason"),
            *_DATES,
        ),
        custom=CustomFieldOwner.DEAL,
    ),
    Sheet(
        "leads",
        _("Leads"),
        Lead,
        (
            (_("Name"), "name"),
            (_("E-mail"), "email"),
            (_("Phone"), "phone"),
            (_("Company"), "company_name"),
            (_("Source"), "source"),
            (_("Status"), "status"),
            (_("Owner's e-mail"), "owner__email"),
            (_("Note"), "note"),
            *_DATES,
        ),
        custom=CustomFieldOwner.LEAD,
    ),
    Sheet(
        "tasks",
        _("Tasks"),
        Task,
        (
            (_("Title"), "title"),
            (_("Customer"), "customer__name"),
            (_("Deal"), "deal__title"),
            (_("Due (UTC)"), "due_at"),
            (_("Priority"), "priority"),
            (_("Assignee's e-mail"), "assignee__email"),
            (_("Done (UTC)"), "done_at"),
        ),
    ),
)
SHEETS = {sheet.name: sheet for sheet in _SHEETS}


def sheets_of(model: type[Model]) -> list[Sheet]:
    """What can be exported from the list of a model."""
    return [sheet for sheet in _SHEETS if sheet.list_model is model]
