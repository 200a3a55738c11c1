"""Open deals by stage: how many, and what they are worth."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import connection

# Deals of one stage that are added up, the newest first.
MAX_OF_STAGE = 2_000
_MAX_STAGES = 40
_PIPELINE = """
SELECT pipeline.name, stage.id, stage.name, coalesce(deal.currency, ''), count(deal.value), coalesce(sum(deal.value), 0)
FROM (
    SELECT id, pipeline_id, name, position FROM crm_stage WHERE kind = 'open' ORDER BY pipeline_id, position LIMIT %s
) AS stage
JOIN crm_pipeline AS pipeline ON pipeline.id = stage.pipeline_id
LEFT JOIN LATERAL (
    SELECT value, currency FROM crm_deal WHERE stage_id = stage.id ORDER BY created_at DESC LIMIT %s
) AS deal ON true
GROUP BY pipeline.is_default, pipeline.name, stage.position, stage.id, stage.name, deal.currency
ORDER BY pipeline.is_default DESC, pipeline.name, stage.position, stage.id, 6 DESC
"""


@dataclass(frozen=True, slots=True)
class OpenDeals:
    """The deals in one open stage in one currency ('' where the stage has none)."""

    pipeline: str
    stage_id: UUID
    stage: str
    currency: str
    deals: int
    value: Decimal


def open_deals_by_stage() -> list[OpenDeals]:
    """Stage by stage, the default pipeline in front; of each stage the newest MAX_OF_STAGE and one to know of more."""
    with connection.cursor() as cursor:
        cursor.execute(_PIPELINE, [_MAX_STAGES, MAX_OF_STAGE + 1])
        return [OpenDeals(*row) for row in cursor.fetchall()]
