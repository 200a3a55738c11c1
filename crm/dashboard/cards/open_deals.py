"""The card of the pipelines: open deals by stage, and what they are worth."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.http import HttpRequest

from crm.dashboard.card import Card
from crm.reads import open_deals as open_deals_reads
from crm.reads import waiting
from shared.admin.display import money


def _pipelines() -> Iterator[dict[str, Any]]:
    """Each pipeline with its stages, each with how many deals and what they are worth."""
    for pipeline, members in groupby(open_deals_reads.open_deals_by_stage(), key=lambda row: row.pipeline):
        stages = []
        for (stage_id, name), rows in groupby(members, key=lambda row: (row.stage_id, row.stage)):
            found = [row for row in rows if row.deals]
            number = sum(row.deals for row in found)
            least = number > open_deals_reads.MAX_OF_STAGE
            stages.append(
                {
                    "id": stage_id,
                    "name": name,
                    "number": number,
                    "deals": waiting.bounded_number(number, open_deals_reads.MAX_OF_STAGE),
                    "value": [money(row.value, row.currency) for row in found],
                    "is_least": least,
                }
            )
        most = max(stage["number"] for stage in stages)
        for stage in stages:
            stage["share"] = round(100 * stage["number"] / most) if most else 0
        yield {"name": pipeline, "stages": stages}


def _shown(_request: HttpRequest) -> list[dict[str, Any]]:
    return list(_pipelines())


CARD = Card("admin/kontor/cards/open_deals.html", permissions=("crm.view_deal",), read=_shown, rank=30)
