"""Forget what merges kept of a person."""

from django.db.models import Q

from crm.models.customer_merge import CustomerMerge, MergedRow
from crm.models.duplicate_pair import DuplicatePair
from shared.privacy.erasure import Person


def erase_merges(person: Person) -> None:
    """Merges into this customer cannot be undone any more: the duplicates were the same person."""
    merges = CustomerMerge.objects.filter(kept_id=person.customer_id)
    person.records.update(str(key) for key in merges.values_list("duplicate_id", flat=True))
    MergedRow.objects.filter(merge__in=merges).delete()
    merges.update(duplicate_name="")
    merges.filter(undone_at=None, forgotten_at=None).update(forgotten_at=person.now)
    pairs = Q(first_id=person.customer_id) | Q(second_id=person.customer_id)
    DuplicatePair.objects.filter(pairs).delete()
