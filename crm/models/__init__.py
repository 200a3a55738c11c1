from crm.models import (
    activity,
    deal,
    deal_line,
    deal_stage_change,
    email,
    lead,
    pipeline,
    saved_view,
    segment,
    task,
)

__all__ = [
    "activity",
    "deal",
    "deal_line",
    "deal_stage_change",
    "email",
    "lead",
    "pipeline",
    "saved_view",
    "segment",
    "task",
]
