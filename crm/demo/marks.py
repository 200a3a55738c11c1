"""The list of what the demo shop brought, made from the history of records while it is loaded.

Every table that has a history says who wrote a row and as part of what (shared/history/signing.py). Orders have none:
they are those that the demo shop's own people placed.
"""

from collections.abc import Iterable
from uuid import UUID

from catalog.models.category import Category
from catalog.models.price_list import PriceList
from catalog.models.product import Product
from catalog.models.seller import Seller
from catalog.models.tax import TaxRegion
from catalog.models.variant import Variant
from crm.models.deal import Deal
from crm.models.demo_row import DemoRow
from crm.models.email import EmailTemplate
from crm.models.lead import Lead
from crm.models.task import Task
from inventory.models.location import StockLocation
from orders.models.coupon import Coupon
from orders.models.order import Order
from orders.models.order_event import EventKind, OrderEvent
from orders.models.shipping_method import ShippingMethod
from shared.models.record_change import Operation, RecordChange
from shop.services.note_demo_shop import note_demo_loaded
from users.models.company import Company
from users.models.customer import Customer
from users.models.customer_group import CustomerGroup
from users.models.tag import Tag
from users.models.user import User

SOURCE = "demo shop"
# What a row is part of in the history of a shop that was loaded before there was this list.
OLD_SOURCES = ("command load_demo_shop", "command prepare")
WITH_HISTORY = (
    *(Task, Deal, Lead, EmailTemplate, Coupon, ShippingMethod, PriceList, TaxRegion, Customer, Company),
    *(CustomerGroup, Tag, Variant, Product, Category, StockLocation, Seller, User),
)


def mark_demo_rows() -> None:
    """Write the list; call it in the transaction that ends the load. What the shop had before is not on it."""
    tables = {model._meta.db_table: model for model in WITH_HISTORY}
    written = RecordChange.objects.filter(source=SOURCE, operation=Operation.INSERT, table__in=tables)
    for table, model in tables.items():
        ids = written.filter(table=table).values_list("record", flat=True)
        # A row that is gone again, such as the sign of loading, is no row.
        _mark(table, model._base_manager.filter(pk__in=[UUID(one) for one in ids]).values_list("pk", flat=True))
    people = DemoRow.objects.filter(table=User._meta.db_table).values("row")
    placed = OrderEvent.objects.filter(kind=EventKind.PLACED, actor__in=people)
    _mark(Order._meta.db_table, placed.values_list("order_id", flat=True))
    note_demo_loaded()


def _mark(table: str, ids: Iterable[UUID]) -> None:
    DemoRow.objects.bulk_create([DemoRow(table=table, row=one) for one in set(ids)], ignore_conflicts=True)
