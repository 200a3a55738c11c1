"""Money that came in for an order."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from orders.models.order import Order
from shared.models.base import BaseModel
from shared.money import CurrencyField, MoneyField


class PaymentRecordStatus(models.TextChoices):
    PAID = "PAID", "Paid"
    REFUND_DUE = "REFUND_DUE", "Refund due"


class Payment(BaseModel):
    """One amount received. REFUND_DUE: it could not be used (order gone, or paid twice) and must go back."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payments", db_index=False)
    amount = MoneyField()
    currency = CurrencyField()
    reference = models.CharField(
        max_length=255,
        blank=True,
        help_text="The payer's or provider's name for this payment; unique in its order.",
    )
    status = models.CharField(max_length=12, choices=PaymentRecordStatus.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    created_at = models.DateTimeField(editable=False)

    class Meta:
        db_table = "orders_payment"
        ordering = ["-id"]
        indexes = [
            # serves: the queue of money to give back
            models.Index(fields=["-created_at"], condition=Q(status="REFUND_DUE"), name="payment_refund_due"),
        ]
        constraints = [
            # Its index also serves: an order's payments.
            models.UniqueConstraint(fields=["order", "reference"], name="payment_reference_once_per_order"),
            models.UniqueConstraint(fields=["order"], condition=Q(status="PAID"), name="one_payment_pays_an_order"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="payment_amount_not_negative"),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="payment_currency_code"),
            models.CheckConstraint(
                condition=Q(status__in=PaymentRecordStatus.values), name="payment_record_status_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} {self.reference}".strip()
