"""What the demo shop consists of, in the order in which it is taken away: who names others goes before them.

Rows that are part of another one (an order's lines, a customer's timeline, a variant's stock) go with it and have no
kind of their own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.models.category import Category
from catalog.models.price_list import PriceList
from catalog.models.product import Product
from catalog.models.seller import Seller
from catalog.models.tax import TaxRegion
from catalog.models.variant import Variant
from crm.models.deal import Deal
from crm.models.deal_line import DealLine
from crm.models.email import EmailTemplate
from crm.models.lead import Lead
from crm.models.task import Task
from inventory.models.document import StockDocument, StockDocumentLine
from inventory.models.level import StockLevel
from inventory.models.location import StockLocation
from orders.models.coupon import Coupon, CouponUse
from orders.models.draft import Draft, DraftLine
from orders.models.hold_policy import HoldPolicy
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.models.shipment import Shipment
from orders.models.shipping_method import ShippingMethod
from users.models.company import Company
from users.models.customer import Customer
from users.models.customer_group import CustomerGroup
from users.models.tag import Tag
from users.models.user import User


@dataclass(frozen=True, slots=True)
class Use:
    """A row of `model` names a row of the kind in `column`. It stays unless the row of `owner` goes that `path` leads
    to from it; without an owner it always stays."""

    model: type[Model]
    column: str
    owner: type[Model] | None = None
    path: str = "pk"


@dataclass(frozen=True, slots=True)
class Kind:
    """`changes`: columns whose change by a colleague makes a row the shop's own; None: no change does. `trial`: how a
    row of a colleague's own leads to the demo shop's, by lookup and kind: what was only tried out with it."""

    model: type[Model]
    uses: tuple[Use, ...] = ()
    changes: tuple[str, ...] | None = None
    trial: tuple[tuple[str, type[Model]], ...] = ()

    @property
    def table(self) -> str:
        return self.model._meta.db_table


ANY: Final = ()

KINDS: Final = (
    Kind(Task, trial=(("customer", Customer), ("deal", Deal), ("deal__customer", Customer), ("lead", Lead))),
    Kind(Deal, uses=(Use(Task, "deal", Task),), trial=(("customer", Customer), ("lines__variant", Variant))),
    Kind(Lead, uses=(Use(Task, "lead", Task),)),
    Kind(Draft, trial=(("customer", Customer), ("lines__variant", Variant))),
    Kind(Order, uses=(Use(Draft, "order", Draft),), trial=(("items__variant", Variant),)),
    Kind(
        StockDocument,
        trial=(("lines__variant", Variant),),
    ),
    Kind(EmailTemplate, changes=ANY),
    Kind(Coupon, uses=(Use(CouponUse, "coupon", Order, "order"),), changes=ANY),
    Kind(ShippingMethod, changes=ANY),
    Kind(PriceList, changes=ANY),
    Kind(TaxRegion, changes=ANY),
    Kind(
        Customer,
        uses=(
            Use(Order, "customer", Order),
            Use(Draft, "customer", Draft),
            Use(Deal, "customer", Deal),
            Use(Task, "customer", Task),
        ),
        changes=("name", "email"),
    ),
    Kind(Company, uses=(Use(Customer, "company", Customer),), changes=("name",)),
    Kind(
        CustomerGroup,
        uses=(
            Use(Customer, "group", Customer),
            Use(PriceList, "customer_group", PriceList),
            Use(Coupon, "customer_group", Coupon),
            Use(HoldPolicy, "customer_group"),
        ),
        changes=ANY,
    ),
    Kind(Tag, uses=(Use(Customer.tags.through, "tag", Customer, "customer"),), changes=ANY),
    Kind(
        Variant,
        uses=(
            Use(OrderItem, "variant", Order, "order"),
            Use(DraftLine, "variant", Draft, "draft"),
            Use(DealLine, "variant", Deal, "deal"),
            Use(StockDocumentLine, "variant", StockDocument, "document"),
        ),
        changes=ANY,
    ),
    Kind(Product, uses=(Use(Variant, "product", Variant),), changes=ANY),
    Kind(Category, uses=(Use(Product, "category", Product),), changes=ANY),
    Kind(
        StockLocation,
        uses=(
            Use(StockLevel, "location", Variant, "variant"),
            Use(StockDocument, "location", StockDocument),
            Use(StockDocument, "target", StockDocument),
            Use(Shipment, "location", Order, "order"),
        ),
        changes=ANY,
    ),
    Kind(
        Seller,
        uses=(
            Use(StockLocation, "seller", StockLocation),
            Use(OrderItem, "seller", Order, "order"),
            Use(DraftLine, "seller", Draft, "draft"),
        ),
        changes=ANY,
    ),
    Kind(User),
)

# What a row is kept for, by the name of the model that uses it, or one of these.
CHANGED: Final = "changed"
OWN_GOODS: Final = "own goods"
MONEY: Final = "money"
INVOICE: Final = "invoice"
IN_USE: Final = "in use"
REASONS: Final[dict[str, str | Promise]] = {
    CHANGED: _("changed by you since"),
    OWN_GOODS: _("with goods of your own"),
    MONEY: _("paid through a payment provider"),
    INVOICE: _("has an invoice, and your own invoices are numbered after it"),
    IN_USE: _("something of your own still names it"),
}


def reason_text(reason: str) -> str:
    """In words, for a page."""
    if reason in REASONS:
        return str(REASONS[reason])
    named = {kind.model._meta.model_name: kind.model for kind in KINDS}
    return str(_("used by %(what)s of your own") % {"what": named[reason]._meta.verbose_name_plural})


def users_of(kind: Kind, ids: Iterable[Any], goes: dict[type[Model], set[Any]]) -> dict[Any, str]:
    """The rows of the kind, among these, that something names which stays, each with the name of that."""
    wanted = list(ids)
    kept: dict[Any, str] = {}
    for use in kind.uses:
        rows = use.model._base_manager.filter(**{f"{use.column}__in": wanted})
        if use.owner is not None:
            rows = rows.exclude(**{f"{use.path}__in": goes.get(use.owner, set())})
        named = (use.owner or use.model)._meta.model_name
        for row in rows.order_by().values_list(use.column, flat=True).distinct():
            kept.setdefault(row, str(named) if use.owner is not None else IN_USE)
    return kept
