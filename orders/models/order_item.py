"""One line of an order: a snapshot of what was bought, at which price."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from catalog.models.seller import Seller
from catalog.models.variant import Variant
from orders.models.order import Order
from orders.order_state import OrderStatus
from shared.models.base import BaseModel
from shared.money import MoneyField


class OrderItem(BaseModel):
    """Changes of price, name or SKU in the catalogue never reach it."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(help_text="Place in the order, from 1.")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+")
    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="+", db_index=False)
    sku = models.CharField("SKU", max_length=64)
    name = models.CharField(max_length=420)
    quantity = models.PositiveIntegerField()
    unit_price = MoneyField(max_digits=15)
    tax_rate = models.DecimalField(max_digits=6, decimal_places=4, default=Decimal(0))
    total_price = MoneyField(help_text="quantity x unit_price, net")
    tax_amount = MoneyField(default=0)
    refunded_quantity = models.PositiveIntegerField(default=0)
    status = models.CharField(max_length=12, choices=OrderStatus.choices, default=OrderStatus.PENDING)
    listed_at = models.DateTimeField(
        null=True,
        editable=False,
        help_text="When the order was placed (UTC), on each seller's first line in it; empty on the seller's others.",
    )

    class Meta:
        db_table = "orders_order_item"
        ordering = ["order", "position"]
        indexes = [
            # serves: a seller's items by status, newest first (ids are in order of time)
            models.Index(fields=["seller", "status", "-id"], name="item_seller_status"),
            # serves: a seller's orders newest first; one entry for each seller of an order
            models.Index(
                fields=["seller", "-listed_at", "-order"],
                condition=Q(listed_at__isnull=False),
                name="item_seller_listed",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="item_quantity_positive"),
            models.CheckConstraint(condition=Q(total_price=F("quantity") * F("unit_price")), name="item_total_adds_up"),
            models.CheckConstraint(
                condition=Q(unit_price__gte=0) & Q(tax_amount__gte=0), name="item_amounts_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(refunded_quantity__lte=F("quantity")), name="item_refunds_within_quantity"
            ),
            models.CheckConstraint(condition=Q(status__in=OrderStatus.values), name="item_status_known"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.sku}"
