"""Goods that a customer sends back."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.states import ReturnStatus
from shared.models.base import BaseModel


class Return(BaseModel):
    """Requested, approved or rejected, received, refunded. Changed only under its order's lock."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="returns", verbose_name=_("order"))
    number = models.CharField(_("number"), max_length=40, editable=False, help_text=_("The order's number, -R, 1, 2 …"))
    status = models.CharField(_("status"), max_length=10, choices=ReturnStatus.choices, default=ReturnStatus.REQUESTED)
    reason = models.CharField(_("reason"), max_length=200)
    answer = models.CharField(
        _("answer"), max_length=200, blank=True, help_text=_("What staff said when they approved or rejected it.")
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("actor"),
    )
    created_at = models.DateTimeField(_("requested at"), editable=False)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    received_at = models.DateTimeField(_("received at"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        db_table = "orders_return"
        verbose_name = _("return")
        verbose_name_plural = _("returns")
        ordering = ["-id"]
        indexes = [
            # serves: what waits for a decision or for the goods, newest first
            models.Index(fields=["status", "-id"], name="return_status"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="return_number_unique"),
            models.CheckConstraint(condition=Q(status__in=ReturnStatus.values), name="return_status_known"),
            models.CheckConstraint(
                condition=Q(received_at__isnull=False) | ~Q(status__in=["RECEIVED", "REFUNDED"]),
                name="return_says_when_it_came",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=False) | ~Q(status__in=["APPROVED", "REJECTED", "RECEIVED", "REFUNDED"]),
                name="return_says_when_it_was_decided",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ReturnItem(BaseModel):
    """`quantity` units asked to be returned, of which `received_quantity` came back."""

    order_return = models.ForeignKey(
        Return, on_delete=models.CASCADE, related_name="items", db_index=False, verbose_name=_("return")
    )
    item = models.ForeignKey(OrderItem, on_delete=models.PROTECT, related_name="returned_in", verbose_name=_("line"))
    quantity = models.PositiveIntegerField(_("quantity"))
    received_quantity = models.PositiveIntegerField(_("received"), default=0)
    restocked_quantity = models.PositiveIntegerField(
        _("restocked"), default=0, help_text=_("Units in a state to be sold again.")
    )

    class Meta:
        db_table = "orders_return_item"
        verbose_name = _("line of a return")
        verbose_name_plural = _("lines of returns")
        ordering = ["id"]
        constraints = [
            # Its index also serves: a return's lines.
            models.UniqueConstraint(fields=["order_return", "item"], name="item_once_in_a_return"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="return_item_quantity_positive"),
            models.CheckConstraint(
                condition=Q(restocked_quantity__lte=F("received_quantity")) & Q(received_quantity__lte=F("quantity")),
                name="return_item_quantities_within",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.item_id}"
