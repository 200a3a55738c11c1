"""What we ask a provider to do: the recovery point between its books and ours."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models.refund import Refund
from payments.models.payment_intent import PaymentIntent
from shared.ids import new_id
from shared.models.base import BaseModel
from shared.money.amounts import CurrencyField, MoneyField, format_money


class OperationKind(models.TextChoices):
    CREATE = "create", _("Begin")
    CAPTURE = "capture", _("Capture")
    VOID = "void", _("Void")
    REFUND = "refund", _("Refund")


class OperationStatus(models.TextChoices):
    PLANNED = "planned", _("Planned")
    SENT = "sent", _("Sent")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class IntentOperation(BaseModel):
    """Committed before the provider is asked; what it answered is another transaction.

    Whatever happens in between, the row says what is open, and the provider is asked again under the same
    `idempotency_key`, so that it does it once. `due_at`: from when on whoever finds it open takes it over.
    """

    intent = models.ForeignKey(
        PaymentIntent, on_delete=models.PROTECT, related_name="operations", verbose_name=_("payment intent")
    )
    refund = models.ForeignKey(
        Refund,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="operations",
        verbose_name=_("refund"),
    )
    kind = models.CharField(_("kind"), max_length=7, choices=OperationKind.choices)
    amount = MoneyField(_("amount"))
    currency = CurrencyField(_("currency"))
    idempotency_key = models.UUIDField(_("idempotency key"), default=new_id, editable=False)
    status = models.CharField(
        _("status"), max_length=7, choices=OperationStatus.choices, default=OperationStatus.PLANNED.value
    )
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    request = models.JSONField(_("request"), default=dict, blank=True)
    response = models.JSONField(_("response"), default=dict, blank=True)
    error = models.CharField(_("error"), max_length=500, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("actor"),
    )
    created_at = models.DateTimeField(_("planned at"), editable=False)
    due_at = models.DateTimeField(_("taken over from"), editable=False)
    sent_at = models.DateTimeField(_("last sent at"), null=True, blank=True)
    done_at = models.DateTimeField(_("over at"), null=True, blank=True)

    class Meta:
        db_table = "payments_operation"
        verbose_name = _("operation at a provider")
        verbose_name_plural = _("operations at providers")
        ordering = ["-id"]
        indexes = [
            # serves: what a crash or a provider that was away left open
            models.Index(fields=["due_at"], condition=Q(status__in=["planned", "sent"]), name="operation_open"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["idempotency_key"], name="operation_key_unique"),
            # A second capture waits until the outcome of the first is known, and so on.
            models.UniqueConstraint(
                fields=["intent"],
                condition=Q(status__in=["planned", "sent"], refund__isnull=True),
                name="one_open_operation_per_intent",
            ),
            models.UniqueConstraint(
                fields=["refund"],
                condition=Q(status__in=["planned", "sent"]),
                name="one_open_operation_per_refund",
            ),
            models.CheckConstraint(condition=Q(kind__in=OperationKind.values), name="operation_kind_known"),
            models.CheckConstraint(condition=Q(status__in=OperationStatus.values), name="operation_status_known"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="operation_amount_not_negative"),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="operation_currency_code"),
            models.CheckConstraint(
                condition=Q(kind="refund", refund__isnull=False) | (~Q(kind="refund") & Q(refund__isnull=True)),
                name="operation_refunds_a_refund",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["done", "failed"], done_at__isnull=False)
                | Q(status__in=["planned", "sent"], done_at__isnull=True),
                name="operation_says_when_it_was_over",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {format_money(self.amount, self.currency)} {self.currency}"
