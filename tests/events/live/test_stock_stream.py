"""What is available, for everybody, as it changes."""

from contextlib import closing
from typing import Any
from uuid import UUID

import pytest

from catalog.models.variant import Variant
from events.services.sequence_events import sequence_events
from inventory.services.receive_stock import receive_stock
from shared.actor import SYSTEM
from tests.events.live.listening import Live
from tests.shop.goods import make_level, make_variant
from tests.shop.http.api_client import NOBODYS, Caller, ok
from tests.shop.orders import order_of
from tests.shop.people import make_buyer


def last_of(live_stream: Any, available: int) -> list[dict[str, Any]]:
    """All that is told until so many are."""
    told: list[dict[str, Any]] = []
    while not told or told[-1]["available"] != available:
        told.append(live_stream.next())
    return told


def test_stock_is_told_at_once_and_as_it_changes_once_a_second_at_most(live: Live, visitor: Caller) -> None:
    level, other = make_level(on_hand=30), make_level(on_hand=7)
    sequence_events()
    with closing(live.get("/live/stock", variants=f"{level.variant_id},{other.variant_id}")) as stream:
        at_once = {told["variant"]: told["available"] for told in stream.take(2)}
        buyer = make_buyer()
        for _ in range(20):
            order_of(buyer, (level, 1))
            sequence_events()
        told = last_of(stream, 10)

    assert at_once == {str(level.variant_id): 30, str(other.variant_id): 7}
    assert {each["variant"] for each in told} == {str(level.variant_id)}
    versions = [each["version"] for each in told]
    assert versions == sorted(set(versions))
    assert len(told) < 20
    assert ok(visitor.get(f"/variants/{level.variant_id}"))["available"] == 10


def test_what_is_not_for_sale_has_none_available(live: Live) -> None:
    level = make_level(on_hand=3)
    with closing(live.get("/live/stock", variants=level.variant_id)) as stream:
        assert stream.take(1)[0]["available"] == 3
        Variant.objects.filter(pk=level.variant_id).update(is_active=False)
        receive_stock(level_id=level.pk, quantity=2, reason="delivery", actor=SYSTEM)
        sequence_events()
        assert last_of(stream, 0)


def many(number: int) -> str:
    return ",".join(str(UUID(int=one)) for one in range(number))


@pytest.mark.parametrize(
    ("variants", "status", "code"),
    [("", 400, "invalid"), ("x", 400, "invalid"), (many(201), 400, "invalid"), (NOBODYS, 404, "not_found")],
)
def test_what_cannot_be_watched_is_refused(live: Live, variants: str, status: int, code: str) -> None:
    make_variant()
    with closing(live.get("/live/stock", variants=variants)) as answer:
        assert (answer.answer.status, answer.body()["code"]) == (status, code)
