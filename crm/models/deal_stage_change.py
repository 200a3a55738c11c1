"""How long a deal stood in each stage."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.models.deal import Deal
from crm.models.pipeline import Stage
from shared.models.base import BaseModel


class DealStageChange(BaseModel):
    """One row for each time a deal entered a stage; the one without `left_at` is where it stands now."""

    deal = models.ForeignKey(
        Deal, verbose_name=_("deal"), on_delete=models.CASCADE, related_name="stage_changes", db_index=False
    )
    stage = models.ForeignKey(Stage, verbose_name=_("stage"), on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(_("entered at"), editable=False)
    left_at = models.DateTimeField(_("left at"), null=True, blank=True, editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("actor"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
    )

    class Meta:
        db_table = "crm_deal_stage_change"
        verbose_name = _("deal stage change")
        verbose_name_plural = _("deal stage changes")
        ordering = ["deal", "entered_at", "id"]
        indexes = [
            models.Index(fields=["deal", "entered_at"], name="stage_change_deal"),  # serves: a deal's way, in order
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["deal"], condition=Q(left_at__isnull=True), name="deal_stands_in_one_stage"
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("entered_at")), name="stage_left_after_entered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage} since {self.entered_at}"
