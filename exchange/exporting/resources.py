"""What an export of each list holds. Of lists that can be imported: what an import takes, under its headers."""

from django.db.models import Model
from django.utils.translation import gettext_noop as _

from catalog.models.variant import Variant
from crm.models.deal import Deal
from crm.models.lead import Lead
from crm.models.task import Task
from exchange.exporting.resource import ExportResource
from exchange.resources.people import COMPANIES, CUSTOMERS
from exchange.resources.resource import ImportResource
from exchange.resources.variants import VARIANTS
from inventory.models.level import StockLevel
from orders.models.order import Order
from orders.models.order_item import OrderItem
from users.models.company import Company
from users.models.custom_field import CustomFieldOwner
from users.models.customer import Customer


def _columns_of(imported: ImportResource) -> tuple[tuple[str, str], ...]:
    """Header and path of each column that an import takes, so that what was exported comes back."""
    links = {link.column: link for link in imported.links}
    paths = {name: f"{name.removesuffix('_id')}__{link.name_of.removeprefix('t.')}" for name, link in links.items()}
    paths["tags"] = "tag_names"
    return tuple((column.label, paths.get(column.name, column.name)) for column in imported.columns)


_SKU_AND_SLUG, _OTHERS_OF_VARIANTS = _columns_of(VARIANTS)[:2], _columns_of(VARIANTS)[2:]
_DATES = ((_("Created (%(zone)s)"), "created_at"), (_("Updated (%(zone)s)"), "updated_at"))
_RESOURCES = (
    ExportResource(
        "customers",
        _("Customers"),
        Customer,
        (*_columns_of(CUSTOMERS), *_DATES),
        custom=CustomFieldOwner.CUSTOMER,
        has_tags=True,
    ),
    ExportResource(
        "companies",
        _("Companies"),
        Company,
        (*_columns_of(COMPANIES), *_DATES),
        custom=CustomFieldOwner.COMPANY,
    ),
    ExportResource(
        "variants",
        _("Variants and prices"),
        Variant,
        (*_SKU_AND_SLUG, (_("Product's name"), "product__name"), *_OTHERS_OF_VARIANTS),
    ),
    ExportResource(
        "orders",
        _("Orders"),
        Order,
        (
            (_("Number"), "number"),
            (_("Created (%(zone)s)"), "created_at"),
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
            (_("Paid (%(zone)s)"), "paid_at"),
            (_("Cancelled (%(zone)s)"), "cancelled_at"),
            (_("Note"), "note"),
            (_("Tax number"), "customer_tax_number"),
        ),
    ),
    ExportResource(
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
    ExportResource(
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
    ExportResource(
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
    ExportResource(
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
    ExportResource(
        "tasks",
        _("Tasks"),
        Task,
        (
            (_("Title"), "title"),
            (_("Customer"), "customer__name"),
            (_("Deal"), "deal__title"),
            (_("Due (%(zone)s)"), "due_at"),
            (_("Priority"), "priority"),
            (_("Assignee's e-mail"), "assignee__email"),
            (_("Done (%(zone)s)"), "done_at"),
        ),
    ),
)
EXPORT_RESOURCES = {resource.name: resource for resource in _RESOURCES}


def export_resources_of(model: type[Model]) -> list[ExportResource]:
    """What can be exported from the list of a model."""
    return [resource for resource in _RESOURCES if resource.list_model is model]
