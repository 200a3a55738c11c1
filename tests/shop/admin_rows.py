"""Rows of everything that the admin lists."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from catalog.models.category import Category
from catalog.models.seller import Seller
from crm.models.deal import Deal
from crm.models.lead import Lead
from crm.models.task import Task
from crm.services.deals.ensure_pipeline import ensure_default_pipeline
from crm.services.timeline.add_activity import add_activity
from events.services.sequence_events import sequence_events
from inventory.models.document import DocumentKind
from inventory.models.location import StockLocation
from inventory.services.create_stock_document import RequestedDocumentLine, create_stock_document
from orders.services.payments.confirm_payment import confirm_payment
from tests.shop.backorders import make_level_to_wait_for, sell_ahead
from tests.shop.every_table.edits import fill_edits
from tests.shop.every_table.payments import fill_payments
from tests.shop.every_table.pricing import fill_pricing
from tests.shop.every_table.shipping import fill_shipping
from tests.shop.every_table.webhooks import fill_webhooks
from tests.shop.goods import make_level
from tests.shop.orders import order_of
from tests.shop.people import Buyer, make_buyer
from users.models.company import Company
from users.models.customer import Customer
from users.models.tag import Tag
from users.models.user import User
from users.services.create_api_key import create_api_key


def make_deal(buyer: Buyer, title: str = "Forty chairs") -> Deal:
    """A deal in the first stage of the default pipeline."""
    pipeline = ensure_default_pipeline()
    stage = pipeline.stages.order_by("position")[0]
    return Deal.objects.create(
        title=title,
        customer=buyer.customer,
        pipeline=pipeline,
        stage=stage,
        value=Decimal(500),
        owner_id=buyer.actor.user_id,
    )


def open_deals(customer: Customer, number: int, *, days_ago: int) -> None:
    """Deals of the customer, all of that day, each with the customer's key in its title."""
    stage = ensure_default_pipeline().stages.order_by("position")[0]
    Deal.objects.bulk_create(
        Deal(customer=customer, pipeline=stage.pipeline, stage=stage, title=f"{customer.pk} {n}", currency="USD")
        for n in range(number)
    )
    Deal.objects.filter(customer=customer).update(created_at=timezone.now() - timedelta(days=days_ago))


def make_one_of_each(name: str) -> None:
    """One more row in every list: a customer with a company and tags, its paid order, its deal, task and note, …"""
    buyer = make_buyer()
    buyer.customer.company = Company.objects.create(name=f"{name} Ltd")
    buyer.customer.save()
    buyer.customer.tags.add(Tag.objects.create(name=f"tag {name}"), Tag.objects.create(name=f"label {name}"))
    level = make_level(on_hand=5)
    level.variant.product.category = Category.objects.create(name=f"Category {name}", slug=f"category-{name}")
    level.variant.product.save()
    order = order_of(buyer, (level, 1), (make_level(on_hand=5), 2))
    confirm_payment(order_id=order.pk, actor=buyer.actor, reference=name)
    order_of(buyer, (level, 1))
    fill_shipping(buyer, make_level(on_hand=3))
    fill_payments(buyer, make_level(on_hand=1))
    fill_edits(buyer, make_level(on_hand=4))
    fill_pricing(buyer, make_level(on_hand=5), name)
    create_stock_document(
        kind=DocumentKind.RECEIPT,
        location_id=level.location_id,
        lines=[RequestedDocumentLine(level.variant.sku, 2)],
        actor=buyer.actor,
    )
    sell_ahead(buyer, make_level_to_wait_for(on_hand=0, limit=5), 2)
    seller = Seller.objects.create(name=f"Seller {name}", slug=f"seller-{name}")
    StockLocation.objects.create(seller=seller, name="Shelf")
    owner = User.objects.create_user(f"{name}@staff.example", is_staff=True)
    create_api_key(owner=owner, name=name, scopes=["orders:read"])
    fill_webhooks(owner)
    Lead.objects.create(name=f"Lead {name}", owner=owner)
    Task.objects.create(title=f"Call {name}", customer=buyer.customer, deal=make_deal(buyer), assignee=owner)
    add_activity(customer_id=buyer.customer.pk, text=f"Note {name}", actor=buyer.actor)
    sequence_events()
