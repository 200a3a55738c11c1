"""Forget the rows that a merge kept for its way back."""

from crm.merging import sql as merge_sql
from crm.models.customer_merge import CustomerMerge


def forget_rows(merge: CustomerMerge) -> None:
    """Delete what the merge wrote down: personal data that nothing needs any more. The caller saves the header."""
    merge_sql.forget_rows(merge.pk)
    merge.duplicate_name = ""
