"""Customers that may be one and the same."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shared.models.base import BaseModel
from users.models.customer import Customer


class PairState(models.TextChoices):
    OPEN = "open", _("To decide")
    DISMISSED = "dismissed", _("Not the same")


class PairReason(models.TextChoices):
    """What speaks for it."""

    EMAIL = "email", _("Same e-mail")
    PHONE = "phone", _("Same phone")
    NAME = "name", _("Same name")
    SIMILAR_NAME = "similar_name", _("Similar name")
    COMPANY = "company", _("Same company")


class DuplicatePair(BaseModel):
    """`first` is the older customer. Found by a job; a dismissed pair stays, so that it is not found again."""

    first = models.ForeignKey(
        Customer, verbose_name=_("first"), on_delete=models.CASCADE, related_name="+", db_index=False
    )
    second = models.ForeignKey(Customer, verbose_name=_("second"), on_delete=models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField(_("score"), help_text=_("How likely they are the same, in per cent."))
    reasons = ArrayField(models.CharField(max_length=12, choices=PairReason.choices), default=list)
    state = models.CharField(_("state"), max_length=9, choices=PairState.choices, default=PairState.OPEN)
    found_at = models.DateTimeField(_("found at"), db_default=TransactionNow(), editable=False)
    dismissed_at = models.DateTimeField(_("dismissed at"), null=True, editable=False)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("dismissed by"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
    )

    class Meta:
        db_table = "crm_duplicate_pair"
        verbose_name = _("duplicate")
        verbose_name_plural = _("duplicates")
        ordering = ["-score", "-id"]
        indexes = [
            # serves: all pairs, the likeliest first
            models.Index(fields=["-score", "-id"], name="duplicate_score"),
            # serves: the pairs to decide, or dismissed ones, the likeliest first
            models.Index(fields=["state", "-score", "-id"], name="duplicate_state_score"),
        ]
        constraints = [
            # Its index also serves: the pairs of a customer, with that of `second`.
            models.UniqueConstraint(fields=["first", "second"], name="duplicate_pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="duplicate_older_first"),
            models.CheckConstraint(condition=Q(state__in=PairState.values), name="duplicate_state_known"),
            models.CheckConstraint(condition=Q(score__lte=100), name="duplicate_score_is_per_cent"),
            models.CheckConstraint(
                condition=Q(state="open", dismissed_at__isnull=True) | Q(state="dismissed", dismissed_at__isnull=False),
                name="duplicate_dismissed_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} = {self.second_id}?"
