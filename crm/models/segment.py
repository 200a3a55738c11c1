"""A saved question about customers and what they ordered."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from shared.models.base import BaseModel, TimestampedModel
from users.models.customer import Customer


class Segment(TimestampedModel):
    """`rule` is read by crm.segments.rule; who fulfils it is looked up by a job, as of `refreshed_at`."""

    name = models.CharField(_("name"), max_length=120)
    description = models.CharField(_("description"), max_length=300, blank=True)
    rule = models.JSONField(_("rule"), default=dict, help_text=_("Which customers belong to it."))
    member_count = models.PositiveIntegerField(_("member count"), default=0, editable=False)
    refreshed_at = models.DateTimeField(
        _("refreshed at"), null=True, editable=False, help_text=_("As of when the members are.")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )

    class Meta:
        db_table = "crm_segment"
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="segment_name_unique")]

    def __str__(self) -> str:
        return self.name


class SegmentMember(BaseModel):
    segment = models.ForeignKey(
        Segment, verbose_name=_("segment"), on_delete=models.CASCADE, related_name="members", db_index=False
    )
    customer = models.ForeignKey(Customer, verbose_name=_("customer"), on_delete=models.CASCADE, related_name="+")

    class Meta:
        db_table = "crm_segment_member"
        verbose_name = _("segment member")
        verbose_name_plural = _("segment members")
        constraints = [
            # Its index also serves: the members of a segment in the order of the customer list.
            models.UniqueConstraint(fields=["segment", "customer"], name="segment_has_a_customer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} in {self.segment_id}"
