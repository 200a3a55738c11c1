"""The pages of deals, filled in as a browser would."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from crm.models.activity import Activity
from crm.models.deal import Deal
from crm.models.deal_stage_change import DealStageChange
from crm.models.pipeline import Stage
from crm.services.deals.ensure_pipeline import ensure_default_pipeline
from crm.services.deals.open_deal import open_deal
from shared.actor import SYSTEM
from tests.shop.http.admin_pages import page_url
from tests.shop.http.answer import Answer
from tests.shop.people import Buyer


def stage(name: str) -> Stage:
    """Of the default pipeline."""
    return ensure_default_pipeline().stages.get(name=name)


def opened(buyer: Buyer, title: str = "Forty chairs", **more: Any) -> Deal:
    """A deal as a colleague opens it."""
    return open_deal(title=title, customer_id=buyer.customer.pk, actor=buyer.actor or SYSTEM, **more)


def way(deal: Deal) -> list[tuple[str, timedelta | None]]:
    """The deal's stages in order, and how long it stood there."""
    changes = DealStageChange.objects.filter(deal=deal).order_by("entered_at", "id")
    return [(change.stage.name, change.left_at - change.entered_at if change.left_at else None) for change in changes]


def told(deal: Deal) -> list[str]:
    return list(Activity.objects.filter(deal=deal).order_by("happened_at", "id").values_list("subject", flat=True))


def deal_fields(deal: Deal, *lines: tuple[Any, int, str], seen: bool = True) -> dict[str, str]:
    """The deal's form with these lines (variant, quantity, price) instead of those it has."""
    kept = list(deal.lines.order_by("id"))
    fields = {
        "title": deal.title,
        "customer": str(deal.customer_id),
        "value": str(deal.value),
        "currency": deal.currency,
        "probability": "",
        "expected_close": "",
        "owner": str(deal.owner_id or ""),
        "order": str(deal.order_id or ""),
        "seen": deal.updated_at.isoformat() if seen else "",
        "lines-TOTAL_FORMS": str(len(kept) + len(lines)),
        "lines-INITIAL_FORMS": str(len(kept)),
    }
    for place, line in enumerate(kept):
        fields |= _line(place, line.variant, line.quantity, str(line.unit_price))
        fields |= {
            f"lines-{place}-id": str(line.pk),
            f"lines-{place}-deal": str(deal.pk),
            f"lines-{place}-DELETE": "on",
        }
    for place, (variant, quantity, price) in enumerate(lines, start=len(kept)):
        fields |= _line(place, variant, quantity, price)
    return fields


def _line(place: int, variant: Any, quantity: int, price: str) -> dict[str, str]:
    return {
        f"lines-{place}-variant": str(variant.pk),
        f"lines-{place}-quantity": str(quantity),
        f"lines-{place}-unit_price": price,
    }


def save(client: Client, deal: Deal, *lines: tuple[Any, int, str]) -> Answer:
    return client.post(page_url(deal), deal_fields(deal, *lines), follow=True)


def board_url(name: str = "board") -> str:
    return reverse(f"admin:crm_deal_{name}")


def drag(client: Client, deal: Deal, to: Stage, *, lost_reason: str = "") -> Answer:
    """What the board sends when the card, as `deal` shows it, is dropped on the stage."""
    fields = {"deal": deal.pk, "stage": to.pk, "lost_reason": lost_reason, "seen": deal.updated_at.isoformat()}
    return client.post(board_url("board_move"), fields)
