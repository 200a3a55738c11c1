from crm.admin import (
    activity,
    custom_field,
    customer,
    deal,
    duplicates,
    email,
    job,
    lead,
    merges,
    pipeline,
    segment,
    task,
)

__all__ = [
    "activity",
    "custom_field",
    "customer",
    "deal",
    "duplicates",
    "email",
    "job",
    "lead",
    "merges",
    "pipeline",
    "segment",
    "task",
]
