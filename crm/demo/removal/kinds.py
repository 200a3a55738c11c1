"""What the demo shop consists of, in the order in which it is taken away: who names others goes before them.

Rows that are part of another one (an order's lines, a customer's timeline, a variant's stock) go with it and have no
kind of their own. Each relation to a kind is a use of it here, or is in GOES_ALONG: tests/crm/test_demo_kinds.py.
"""

from typing import Final

from catalog.models.category import Category
from catalog.models.price_list import Price, PriceList
from catalog.models.product import Product
from catalog.models.seller import Seller
from catalog.models.tax import TaxRegion
from catalog.models.variant import Variant
from crm.demo.removal.uses import Kind, Use
from crm.models.activity import Activity, ActivityKind
from crm.models.deal import Deal
from crm.models.deal_line import DealLine
from crm.models.email import Email, EmailTemplate
from crm.models.lead import Lead
from crm.models.saved_view import SavedView
from crm.models.segment import Segment
from crm.models.task import Task
from inventory.models.document import StockDocument, StockDocumentLine
from inventory.models.level import StockLevel
from inventory.models.location import StockLocation
from orders.models.backorder import Backorder
from orders.models.coupon import Coupon, CouponUse
from orders.models.draft import Draft, DraftLine
from orders.models.hold_policy import HoldPolicy
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.models.sales import ArchivedOrder
from orders.models.shipment import Shipment
from orders.models.shipping_method import ShippingMethod
from users.models.company import Company
from users.models.consent import Consent
from users.models.customer import Customer
from users.models.customer_group import CustomerGroup
from users.models.tag import Tag
from users.models.user import User

# What Kontor sends by itself, such as an order's e-mails, has no author and is nobody's own.
_SOMEBODYS = ("author__isnull", False)
_WRITTEN = (("kind__in", [kind for kind in ActivityKind.values if kind != ActivityKind.CHANGE]), _SOMEBODYS)


def _written_on(column: str) -> Use:
    """Notes, calls and the like, unless somebody of the demo shop wrote them."""
    return Use(Activity, column, User, "author", only=_WRITTEN, is_trial=True)


KINDS: Final = (
    Kind(Task, trial=(("customer", Customer), ("deal", Deal), ("deal__customer", Customer), ("lead", Lead))),
    Kind(
        Deal,
        uses=(Use(Task, "deal", Task), _written_on("deal")),
        trial=(("customer", Customer), ("lines__variant", Variant)),
    ),
    Kind(Lead, uses=(Use(Task, "lead", Task), _written_on("lead"))),
    Kind(Draft, trial=(("customer", Customer), ("lines__variant", Variant))),
    Kind(
        Order,
        uses=(Use(Draft, "order", Draft), Use(Deal, "order", Deal), _written_on("order")),
        trial=(("items__variant", Variant),),
    ),
    Kind(StockDocument, trial=(("lines__variant", Variant),)),
    Kind(EmailTemplate, uses=(Use(Email, "template", User, "author", only=(_SOMEBODYS,), is_trial=True),)),
    Kind(
        Coupon,
        uses=(
            Use(CouponUse, "coupon", Order, "order"),
            Use(ArchivedOrder, "coupon"),
            Use(Order, "coupon_code", Order, key="code"),
            Use(Draft, "coupon_code", Draft, key="code"),
        ),
    ),
    Kind(
        ShippingMethod,
        uses=(Use(Order, "shipping_method", Order, key="code"), Use(Draft, "shipping_method", Draft, key="code")),
    ),
    Kind(PriceList),
    Kind(
        TaxRegion,
        uses=(
            Use(Order, "ship_to_country", Order, key="country"),
            Use(Draft, "ship_to_country", Draft, key="country"),
        ),
    ),
    Kind(
        Customer,
        uses=(
            Use(Order, "customer", Order),
            Use(Draft, "customer", Draft),
            Use(Deal, "customer", Deal),
            Use(Lead, "customer", Lead),
            Use(Task, "customer", Task),
            Use(CouponUse, "customer", Order, "order"),
            Use(ArchivedOrder, "customer"),
            _written_on("customer"),
            Use(Email, "customer", User, "author", only=(_SOMEBODYS,), is_trial=True),
        ),
    ),
    Kind(Company, uses=(Use(Customer, "company", Customer),)),
    Kind(
        CustomerGroup,
        uses=(
            Use(Customer, "group", Customer),
            Use(PriceList, "customer_group", PriceList),
            Use(Coupon, "customer_group", Coupon),
            Use(HoldPolicy, "customer_group"),
        ),
    ),
    Kind(Tag, uses=(Use(Customer.tags.through, "tag", Customer, "customer"),)),
    Kind(
        Variant,
        uses=(
            # What somebody is about to sell comes first: the goods stay on offer for it.
            Use(DraftLine, "variant", Draft, "draft"),
            Use(DealLine, "variant", Deal, "deal"),
            Use(Price, "variant", PriceList, "price_list", is_trial=True),
            Use(OrderItem, "variant", Order, "order"),
            Use(Backorder, "variant", Order, "item__order"),
            Use(StockDocumentLine, "variant", StockDocument, "document"),
        ),
        part_of=("product", Product),
    ),
    Kind(Product, uses=(Use(Variant, "product", Variant),)),
    Kind(Category, uses=(Use(Product, "category", Product),)),
    Kind(
        StockLocation,
        uses=(
            Use(StockLevel, "location", Variant, "variant"),
            Use(StockDocument, "location", StockDocument),
            Use(StockDocument, "target", StockDocument),
            Use(Shipment, "location", Order, "order"),
        ),
        part_of=("seller", Seller),
    ),
    Kind(
        Seller,
        uses=(
            Use(StockLocation, "seller", StockLocation),
            Use(Order, "seller", Order),
            Use(OrderItem, "seller", Order, "order"),
            Use(Backorder, "seller", Order, "item__order"),
            Use(DraftLine, "seller", Draft, "draft"),
        ),
    ),
    Kind(
        User,
        uses=(
            Use("users.ApiKey", "owner"),
            Use("webhooks.Endpoint", "owner"),
            Use("exchange.Export", "created_by"),
            Use("exchange.Import", "created_by"),
            Use(SavedView, "owner", is_trial=True),
            Use(Segment, "owner"),
            Use(Customer, "user", Customer),
            Use(Customer, "owner", Customer),
            Use(Company, "owner", Company),
            Use(Consent, "recorded_by", Customer, "customer"),
            Use(Lead, "owner", Lead),
            Use(Deal, "owner", Deal),
            Use(Draft, "owner", Draft),
            Use(Task, "assignee", Task),
        ),
    ),
)

# Relations to a kind that are no use of it, by kind: parts of it and sums about it, which go with it.
_PARTS: Final[dict[type, tuple[str, ...]]] = {
    Deal: ("DealLine.deal", "DealStageChange.deal"),
    Draft: ("DraftLine.draft",),
    Order: (
        *("Order.parent", "OrderItem.order", "Adjustment.order", "CouponUse.order", "Payment.order", "Dispute.order"),
        *("Return.order", "Refund.order", "Invoice.order", "OrderEdit.order", "OrderEvent.order", "Shipment.order"),
        *("PaymentIntent.order", "OrderMail.order"),
    ),
    StockDocument: ("StockDocument.remainder", "StockDocumentLine.document"),
    PriceList: ("Price.price_list",),
    TaxRegion: ("TaxRate.region",),
    Customer: (
        *("Customer_tags.customer", "Consent.customer", "CustomerSales.customer", "CustomerMerge.kept"),
        *("DuplicatePair.first", "DuplicatePair.second", "SegmentMember.customer"),
    ),
    Variant: ("Picture.variant", "BackorderCount.variant", "StockLevel.variant"),
    Product: ("Picture.product",),
    Seller: ("SellerMember.seller",),
    User: (
        *("TOTPDevice.user", "StaticDevice.user", "OutstandingToken.user", "RefreshFamily.user", "KnownPlace.user"),
        *("SignInFailures.user", "StaffSession.user", "User_groups.user", "User_user_permissions.user"),
        *("DefaultView.owner", "StreamTicket.user", "SellerMember.user", "LogEntry.user", "RecordChange.actor"),
    ),
}
# Who did something: the foreign key says no at the removal where it stays, for asking the ledgers first would read
# them twice; or it is emptied, and what was done stays.
_DONE_BY: Final = (
    *("StockMovement.actor", "StockDocument.actor", "Payment.actor", "Return.actor", "Refund.actor"),
    *("OrderEdit.actor", "OrderEvent.actor", "Shipment.actor", "IntentOperation.actor", "Activity.author"),
    *("Email.author", "OrderMail.author", "DealStageChange.actor", "CustomerMerge.merged_by"),
    *("CustomerMerge.undone_by", "DuplicatePair.dismissed_by"),
)
GOES_ALONG: Final = {**_PARTS, User: (*_PARTS[User], *_DONE_BY)}
