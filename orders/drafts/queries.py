"""Reads of drafts, each with what it prefetches decided once."""

from django.db.models import Prefetch, QuerySet

from orders.models.draft import Draft, DraftLine


def drafts_in_full() -> QuerySet[Draft]:
    """With their lines and what these are: 2 statements for any page."""
    lines = DraftLine.objects.select_related("variant__product", "seller").order_by("id")
    return Draft.objects.prefetch_related(Prefetch("lines", lines))
