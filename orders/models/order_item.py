"""One line of an order: a snapshot of what was bought, at which price."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models.seller import Seller
from catalog.models.variant import Variant
from orders.models.order import Order
from orders.states import OrderStatus
from shared.models.base import BaseModel
from shared.money.amounts import MoneyField


class OrderItem(BaseModel):
    """Changes of price, name or SKU in the catalogue never reach it."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="items", verbose_name=_("order"))
    position = models.PositiveSmallIntegerField(_("position"), help_text=_("Place in the order, from 1."))
    variant = models.ForeignKey(
        Variant, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("variant")
    )
    seller = models.ForeignKey(
        Seller, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("seller")
    )
    sku = models.CharField(_("SKU"), max_length=64)
    # The product's name and the variant's (200 each) with what stands between them.
    name = models.CharField(_("name"), max_length=420)
    quantity = models.PositiveIntegerField(_("quantity"))
    unit_price = MoneyField(_("unit price"), max_digits=15)
    tax_rate = models.DecimalField(_("tax rate"), max_digits=6, decimal_places=4, default=Decimal(0))
    total_price = MoneyField(_("total price"), help_text=_("quantity x unit_price without tax, before discounts"))
    tax_amount = MoneyField(_("tax amount"), default=0)
    tax_included = models.BooleanField(
        _("tax included"), default=False, db_default=False, help_text=_("Whether the unit price contains the tax.")
    )
    discount_amount = MoneyField(
        _("discount"), default=0, db_default=0, help_text=_("The line's share of the order's discount.")
    )
    price_reason = models.CharField(
        _("price from"),
        max_length=120,
        blank=True,
        default="",
        db_default="",
        help_text=_("Empty: the variant's own price."),
    )
    shipped_quantity = models.PositiveIntegerField(_("shipped"), default=0, db_default=0)
    returned_quantity = models.PositiveIntegerField(_("returned"), default=0, db_default=0)
    cancelled_quantity = models.PositiveIntegerField(
        _("called off"),
        default=0,
        db_default=0,
        help_text=_("Units refunded before they were shipped: they do not go out."),
    )
    refunded_quantity = models.PositiveIntegerField(_("refunded quantity"), default=0)
    status = models.CharField(_("status"), max_length=12, choices=OrderStatus.choices, default=OrderStatus.PENDING)
    listed_at = models.DateTimeField(
        _("listed at"),
        null=True,
        editable=False,
        help_text=_(
            "When the order was placed (UTC), on each seller's first line in it; empty on the seller's others."
        ),
    )

    class Meta:
        db_table = "orders_order_item"
        verbose_name = _("order item")
        verbose_name_plural = _("order items")
        ordering = ["order", "position"]
        indexes = [
            # serves: a seller's items by status, newest first (ids are in order of time)
            models.Index(fields=["seller", "status", "-id"], name="item_seller_status"),
            # serves: a variant's items newest first, and the foreign key
            models.Index(fields=["variant", "-id"], name="item_variant_newest"),
            # serves: a seller's orders newest first; one entry for each seller of an order
            models.Index(
                fields=["seller", "-listed_at", "-order"],
                condition=Q(listed_at__isnull=False),
                name="item_seller_listed",
            ),
        ]
        constraints = [
            # A line that was dropped keeps its row with no units: events, refunds and documents point at it.
            models.CheckConstraint(condition=Q(quantity__gte=1) | Q(status="CANCELLED"), name="item_quantity_positive"),
            models.CheckConstraint(
                condition=Q(tax_included=False, total_price=F("quantity") * F("unit_price"))
                | Q(tax_included=True, total_price=F("quantity") * F("unit_price") - F("tax_amount")),
                name="item_total_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(unit_price__gte=0, tax_amount__gte=0, discount_amount__gte=0),
                name="item_amounts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(refunded_quantity__lte=F("quantity")), name="item_refunds_within_quantity"
            ),
            models.CheckConstraint(
                condition=Q(shipped_quantity__lte=F("quantity")) & Q(returned_quantity__lte=F("shipped_quantity")),
                name="item_shipped_within_quantity",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_quantity__lte=F("quantity") - F("shipped_quantity")),
                name="item_cancelled_within_unshipped",
            ),
            models.CheckConstraint(condition=Q(status__in=OrderStatus.values), name="item_status_known"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.sku}"
