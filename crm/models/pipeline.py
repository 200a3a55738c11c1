"""The way a deal goes from first talk to won or lost."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shared.models.base import BaseModel, TimestampedModel


class StageKind(models.TextChoices):
    """What a deal in a stage is; also the deal's status."""

    OPEN = "open", pgettext_lazy("deal", "Open")
    WON = "won", _("Won")
    LOST = "lost", pgettext_lazy("deal", "Lost")


class Pipeline(TimestampedModel):
    """A named row of stages, e.g. one for new business and one for renewals."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    is_default = models.BooleanField(
        _("is default"), default=False, help_text=_("New deals start here unless they name another.")
    )

    class Meta:
        db_table = "crm_pipeline"
        verbose_name = _("pipeline")
        verbose_name_plural = _("pipelines")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="one_default_pipeline"),
        ]

    def __str__(self) -> str:
        return self.name


class Stage(BaseModel):
    """One step of a pipeline."""

    pipeline = models.ForeignKey(
        Pipeline, verbose_name=_("pipeline"), on_delete=models.CASCADE, related_name="stages", db_index=False
    )
    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(_("position"), help_text=_("Place in the pipeline, lowest first."))
    kind = models.CharField(
        _("kind"),
        max_length=4,
        choices=StageKind.choices,
        default=StageKind.OPEN,
        help_text=_("What a deal is once it stands here. Fixed after the stage is made: deals rest on it."),
    )
    probability = models.PositiveSmallIntegerField(
        _("probability"), default=0, help_text=_("Chance in per cent that a deal in this stage is won: 0 to 100.")
    )

    class Meta:
        db_table = "crm_stage"
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        ordering = ["pipeline", "position", "id"]
        constraints = [
            # Its index also serves: a pipeline's stages in order.
            models.UniqueConstraint(fields=["pipeline", "name"], name="stage_name_unique_in_pipeline"),
            # A deal's composite foreign key points here: see crm/migrations/0002.
            models.UniqueConstraint(fields=["id", "pipeline", "kind"], name="stage_identity"),
            models.CheckConstraint(condition=Q(probability__lte=100), name="stage_probability_is_per_cent"),
            models.CheckConstraint(condition=Q(kind__in=StageKind.values), name="stage_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name
