"""A sale that may happen."""

from django.conf import settings
from django.contrib.postgres.indexes import OpClass
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models.variant import default_currency
from crm.models.pipeline import Pipeline, Stage, StageKind
from orders.models.order import Order
from shared.models.base import TimestampedModel
from shared.money.amounts import CurrencyField, MoneyField
from shared.planner.folding import Fold
from shared.planner.word_search import WordIndex
from shared.planner.words import Words, words_index
from users.models.customer import CUSTOMERS_BY_WORDS, Customer

DEAL_WORDS = Words("title")


class Deal(TimestampedModel):
    """`status` repeats the stage's kind, and `pipeline` the stage's pipeline: one composite foreign key
    (stage, pipeline, status) keeps the three in step, so the CHECKs below can rest on `status`."""

    title = models.CharField(_("title"), max_length=200, help_text=_("What it is about, e.g. “40 office chairs”."))
    customer = models.ForeignKey(
        Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    pipeline = models.ForeignKey(
        Pipeline, verbose_name=_("pipeline"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    stage = models.ForeignKey(
        Stage, verbose_name=_("stage"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    status = models.CharField(
        _("status"),
        max_length=4,
        choices=StageKind.choices,
        default=StageKind.OPEN,
        editable=False,
        help_text=_("The stage's kind."),
    )
    value = MoneyField(
        _("value"),
        default=0,
        validators=[MinValueValidator(0)],
        help_text=_("What it is worth, in the currency beside it."),
    )
    currency = CurrencyField(_("currency"), default=default_currency, help_text=_("ISO 4217 code."))
    probability = models.PositiveSmallIntegerField(
        _("probability"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(100)],
        help_text=_("Chance in per cent that it is won; empty: the stage's."),
    )
    expected_close = models.DateField(
        _("expected close"), null=True, blank=True, help_text=_("When it should be decided.")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text=_("The colleague who works on it."),
    )
    lost_reason = models.CharField(
        _("lost reason"), max_length=200, blank=True, help_text=_("Needed when it is lost; empty otherwise.")
    )
    custom_fields = models.JSONField(
        _("custom fields"), default=dict, db_default={}, blank=True, help_text=_("Values of the shop's own fields.")
    )
    closed_at = models.DateTimeField(
        _("closed at"), null=True, blank=True, editable=False, help_text=_("When it was won or lost.")
    )
    order = models.OneToOneField(
        Order,
        verbose_name=_("order"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("The order it became, if it did."),
    )

    class Meta:
        db_table = "crm_deal"
        verbose_name = _("deal")
        verbose_name_plural = _("deals")
        ordering = ["-created_at", "-id"]
        indexes = [
            # serves: all deals newest first
            models.Index(fields=["-created_at", "-id"], name="deal_created"),
            # serves: a customer's deals newest first
            models.Index(fields=["customer", "-created_at", "-id"], name="deal_customer_created"),
            # serves: a pipeline's deals stage by stage
            models.Index(fields=["pipeline", "stage", "-created_at"], name="deal_pipeline_stage"),
            # serves: a pipeline's deals newest first
            models.Index(fields=["pipeline", "-created_at", "-id"], name="deal_pipeline_created"),
            # serves: the deals in a stage
            models.Index(fields=["stage", "-created_at"], name="deal_stage"),
            # serves: deals by status newest first
            models.Index(fields=["status", "-created_at", "-id"], name="deal_status_created"),
            # serves: a colleague's deals newest first
            models.Index(fields=["owner", "-created_at", "-id"], name="deal_owner_created"),
            # serves: a colleague's open deals, those to decide first in front
            models.Index(fields=["owner", "expected_close"], condition=Q(status="open"), name="deal_open_of_owner"),
            # serves: search by words
            words_index(DEAL_WORDS, "deal_words"),
            # serves: search by the title's beginning
            models.Index(OpClass(Fold("title"), name="text_pattern_ops"), name="deal_title_folded"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(value__gte=0), name="deal_value_not_negative"),
            models.CheckConstraint(condition=Q(probability__lte=100), name="deal_probability_is_per_cent"),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="deal_currency_code"),
            models.CheckConstraint(
                condition=(Q(status="lost") & ~Q(lost_reason="")) | (~Q(status="lost") & Q(lost_reason="")),
                name="deal_lost_says_why",
            ),
            models.CheckConstraint(
                condition=Q(status="open", closed_at__isnull=True) | (~Q(status="open") & Q(closed_at__isnull=False)),
                name="deal_closed_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.title


DEALS_BY_WORDS = WordIndex(Deal, "deal_words", DEAL_WORDS, field="customer", of=CUSTOMERS_BY_WORDS)
