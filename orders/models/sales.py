"""Sums over orders, kept by orders.services.upkeep.refresh_sales so that no page adds up a year of them; and what stays
of orders that went to the archive, so that no sum falls when they do."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders.models.coupon import Coupon
from orders.states import CancelReason, OrderStatus, PaymentStatus
from shared.models.base import BaseModel
from shared.money.amounts import CurrencyField, MoneyField
from users.models.customer import Customer


class SalesRollup(models.Model):
    """How far the sums reach: orders placed before `as_of` are in them, as they were then. One row.

    `time_zone`: where the days begin. In another one all are added up anew.
    """

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    as_of = models.DateTimeField(null=True, editable=False)
    time_zone = models.CharField(max_length=64, default="UTC", db_default="UTC", editable=False)

    class Meta:
        db_table = "orders_sales_rollup"
        verbose_name = _("sales rollup")
        verbose_name_plural = _("sales rollups")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="sales_rollup_is_one")]

    def __str__(self) -> str:
        return f"sales as of {self.as_of}"


class DailySales(BaseModel):
    """The orders placed on one day of the shop's in one currency, and what became of them.

    A payment or an expiry changes the day on which its order was placed, whenever it happens.
    """

    day = models.DateField()
    currency = CurrencyField()
    placed = models.IntegerField()
    paid = models.IntegerField(help_text="Orders that were paid and not cancelled, with what was refunded later.")
    expired = models.IntegerField(help_text="Orders cancelled because they were not paid in time.")
    cancelled = models.IntegerField(help_text="Orders cancelled by the customer or staff.")
    revenue = MoneyField(max_digits=30, help_text="Totals of the paid orders, less what was promised back of them.")

    class Meta:
        db_table = "orders_daily_sales"
        verbose_name = _("sales of a day")
        verbose_name_plural = _("sales by day")
        ordering = ["day", "currency"]
        constraints = [
            # Its index also serves: the days of a period.
            models.UniqueConstraint(fields=["day", "currency"], name="daily_sales_once_a_day"),
            models.CheckConstraint(
                condition=Q(paid__gte=0, expired__gte=0, cancelled__gte=0, revenue__gte=0)
                & Q(placed__gte=F("paid") + F("expired") + F("cancelled")),
                name="daily_sales_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.revenue} {self.currency}"


class CustomerSales(BaseModel):
    """All that one customer ordered in one currency."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    currency = CurrencyField()
    placed = models.IntegerField()
    paid = models.IntegerField(help_text="As in DailySales.")
    revenue = MoneyField(max_digits=30, help_text="Totals of the paid orders, less what was promised back of them.")
    last_placed_at = models.DateTimeField(help_text="When the newest order was placed (UTC).")
    last_paid_order_at = models.DateTimeField(null=True, help_text="When the newest paid order was placed (UTC).")

    class Meta:
        db_table = "orders_customer_sales"
        verbose_name = _("sales to a customer")
        verbose_name_plural = _("sales by customer")
        ordering = ["currency", "-revenue"]
        indexes = [
            # serves: the customers who bought most in a currency
            models.Index(fields=["currency", "-revenue"], name="customer_sales_top"),
        ]
        constraints = [
            # Its index also serves: one customer's sums.
            models.UniqueConstraint(fields=["customer", "currency"], name="customer_sales_once_a_currency"),
            models.CheckConstraint(
                condition=Q(paid__gte=0, placed__gte=F("paid"), revenue__gte=0), name="customer_sales_adds_up"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.revenue} {self.currency}"


class ArchivedOrder(BaseModel):
    """What stays of an order that left with its month (docs/decisions/archive.md): its number, and what sums, limits
    and audit ask of it. `id` is the order's."""

    number = models.CharField(max_length=32)
    month = models.CharField(max_length=7, help_text="The archive that has it, as 2025-01.")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+", db_index=False)
    parent_id = models.UUIDField(null=True, help_text="Of a sub-order: the order that it is a part of.")
    currency = CurrencyField()
    status = models.CharField(max_length=12, choices=OrderStatus.choices)
    payment_status = models.CharField(max_length=20, choices=PaymentStatus.choices)
    cancel_reason = models.CharField(max_length=20, choices=CancelReason.choices, blank=True)
    revenue = MoneyField(max_digits=30, help_text="As in DailySales.")
    coupon = models.ForeignKey(Coupon, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    items = ArrayField(models.UUIDField(), help_text="The ids of its lines, which the stock ledger names.")
    documents = ArrayField(models.CharField(max_length=32), help_text="The numbers of its invoices and credit notes.")
    named_by = models.JSONField(default=list, help_text="Rows that named it, and do so again when it comes back.")
    archive_sum = models.CharField(
        max_length=64, blank=True, default="", help_text="Of the rows in the files that the month was written to last."
    )
    created_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "orders_archived_order"
        verbose_name = _("archived order")
        verbose_name_plural = _("archived orders")
        ordering = ["-created_at", "-id"]
        default_permissions = ()
        indexes = [
            # serves: sums of a day
            models.Index(fields=["-created_at", "-id"], name="archived_order_created"),
            # serves: sums of a customer, merging customers
            models.Index(fields=["customer", "-created_at", "-id"], name="archived_order_customer"),
            # serves: how often a customer used a coupon
            models.Index(
                fields=["coupon", "customer"], condition=Q(coupon__isnull=False), name="archived_order_coupon"
            ),
            # serves: whether a deal was ordered before
            GinIndex(fields=["named_by"], opclasses=["jsonb_path_ops"], name="archived_order_named_by"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="archived_order_number_unique"),
            models.CheckConstraint(condition=Q(month__regex=r"^[0-9]{4}-[0-9]{2}$"), name="archived_order_has_a_month"),
        ]

    def __str__(self) -> str:
        return self.number
