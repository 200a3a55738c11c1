"""Documents of the warehouse: goods received, goods carried from one location to another, stock counted."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models.variant import Variant
from inventory.models.location import StockLocation
from inventory.models.movement import StockMovement
from shared.models.base import BaseModel, TimestampedModel


class DocumentKind(models.TextChoices):
    RECEIPT = "receipt", _("Goods received")
    TRANSFER = "transfer", _("Transfer")
    STOCKTAKE = "stocktake", _("Stocktake")


class DocumentStatus(models.TextChoices):
    OPEN = "open", _("Open")
    APPLYING = "applying", _("Being applied")
    APPLIED = "applied", _("Applied")
    CANCELLED = "cancelled", _("Cancelled")


class StockDocument(TimestampedModel):
    """Nothing happens to the stock until it is applied: then all its lines, each with its ledger row.

    A long one is APPLYING while its lots commit. Lines that the books came to forbid meanwhile are in `remainder`."""

    kind = models.CharField(_("kind"), max_length=9, choices=DocumentKind.choices)
    status = models.CharField(_("status"), max_length=9, choices=DocumentStatus.choices, default=DocumentStatus.OPEN)
    location = models.ForeignKey(
        StockLocation,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("location"),
        help_text=_("Where the goods arrive, or are counted; of a transfer: where they are taken from."),
    )
    target = models.ForeignKey(
        StockLocation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("to"),
        help_text=_("Where a transfer goes."),
    )
    reference = models.CharField(
        _("reference"), max_length=120, blank=True, help_text=_("A delivery note's number, a supplier, an occasion.")
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
    remainder = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        db_index=False,
        verbose_name=_("remainder"),
        help_text=_("The document of those lines that could not be applied any more."),
    )
    applied_at = models.DateTimeField(_("applied at"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        db_table = "inventory_stock_document"
        verbose_name = _("stock document")
        verbose_name_plural = _("stock documents")
        ordering = ["-id"]
        indexes = [
            # serves: documents of a kind and state, newest first
            models.Index(fields=["kind", "status", "-id"], name="stock_document_kind"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=DocumentKind.values), name="stock_document_kind_known"),
            models.CheckConstraint(condition=Q(status__in=DocumentStatus.values), name="stock_document_status_known"),
            models.CheckConstraint(
                # Carried to where they are, goods would make two ledger rows that say nothing.
                condition=Q(kind="transfer", target__isnull=False) & ~Q(target=F("location"))
                | ~Q(kind="transfer") & Q(target__isnull=True),
                name="stock_document_transfer_has_target",
            ),
            models.CheckConstraint(
                condition=Q(status="applied", applied_at__isnull=False)
                | ~Q(status="applied") & Q(applied_at__isnull=True),
                name="stock_document_says_when_applied",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.reference}".strip()


class StockDocumentLine(BaseModel):
    """`quantity` is what arrived, is carried or was counted; empty: not counted yet.

    `expected` is what the books said when a count was applied; the difference became its ledger row, `movement`. A
    transfer has another one for where the goods arrived."""

    document = models.ForeignKey(
        StockDocument,
        on_delete=models.CASCADE,
        related_name="lines",
        db_index=False,
        verbose_name=_("stock document"),
    )
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+", verbose_name=_("variant"))
    quantity = models.PositiveIntegerField(
        _("quantity"), null=True, blank=True, help_text=_("Empty in a stocktake: not counted yet.")
    )
    expected = models.PositiveIntegerField(_("expected"), null=True, blank=True, editable=False)
    # A ledger row is made by one line at most: the audit goes from each of the two to the other.
    movement = models.OneToOneField(
        StockMovement,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("ledger row"),
    )
    arrival = models.OneToOneField(
        StockMovement,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("ledger row where it arrived"),
    )

    class Meta:
        db_table = "inventory_stock_document_line"
        verbose_name = _("line of a stock document")
        verbose_name_plural = _("lines of stock documents")
        ordering = ["id"]
        constraints = [
            # Its index also serves: a document's lines.
            models.UniqueConstraint(fields=["document", "variant"], name="variant_once_in_a_stock_document"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.variant_id}"
