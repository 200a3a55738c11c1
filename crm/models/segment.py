"""A saved question about customers and what they ordered."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

from shared.models.base import BaseModel, TimestampedModel
from users.models.customer import Customer


class Segment(TimestampedModel):
    """`rule` is read by crm.segment_rule; who fulfils it is looked up by a job, as of `refreshed_at`."""

    name = models.CharField(max_length=120)
    description = models.CharField(max_length=300, blank=True)
    rule = models.JSONField(default=dict, help_text="Which customers belong to it.")
    member_count = models.PositiveIntegerField(default=0, editable=False)
    refreshed_at = models.DateTimeField(null=True, editable=False, help_text="As of when the members are (UTC).")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        db_table = "crm_segment"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="segment_name_unique")]

    def __str__(self) -> str:
        return self.name


class SegmentMember(BaseModel):
    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="members", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")

    class Meta:
        db_table = "crm_segment_member"
        constraints = [
            # Its index also serves: the members of a segment in the order of the customer list.
            models.UniqueConstraint(fields=["segment", "customer"], name="segment_has_a_customer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} in {self.segment_id}"
