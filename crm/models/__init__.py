from crm.models import (
    activity,
    customer_merge,
    deal,
    deal_line,
    deal_stage_change,
    duplicate_pair,
    email,
    lead,
    pipeline,
    saved_view,
    segment,
    task,
)

__all__ = [
    "activity",
    "customer_merge",
    "deal",
    "deal_line",
    "deal_stage_change",
    "duplicate_pair",
    "email",
    "lead",
    "pipeline",
    "saved_view",
    "segment",
    "task",
]
