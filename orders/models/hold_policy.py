"""How long unpaid orders hold their stock, where it is not the shop's PAYMENT_TIMEOUT_MINUTES."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shared.models.base import TimestampedModel
from users.models.customer_group import CustomerGroup


class HoldPolicy(TimestampedModel):
    """The most telling one counts: payment method and group, then the group, then the payment method, then neither."""

    payment_method = models.CharField(
        _("payment method"), max_length=30, blank=True, help_text=_("e.g. bank_transfer; empty: every one.")
    )
    customer_group = models.ForeignKey(
        CustomerGroup,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("customer group"),
        help_text=_("Empty: everybody."),
    )
    minutes = models.PositiveIntegerField(
        _("minutes to pay"), help_text=_("Stock is held so long; 0: until somebody pays or cancels.")
    )
    max_extensions = models.PositiveSmallIntegerField(
        _("extensions"), default=1, help_text=_("How often an order's deadline may be put off.")
    )
    extension_minutes = models.PositiveIntegerField(
        _("minutes of an extension"), default=15, help_text=_("By how much it is put off each time.")
    )

    class Meta:
        db_table = "orders_hold_policy"
        verbose_name = _("payment deadline")
        verbose_name_plural = _("payment deadlines")
        ordering = ["payment_method", "customer_group"]
        constraints = [
            # An empty group means everybody, one value like any other: by default two rows of no group would both be
            # unique.
            models.UniqueConstraint(
                fields=["payment_method", "customer_group"], name="hold_policy_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(minutes__lte=525_600, extension_minutes__gte=1, extension_minutes__lte=525_600),
                name="hold_policy_minutes_within_a_year",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payment_method or '*'} / {self.customer_group or '*'}: {self.minutes}"
