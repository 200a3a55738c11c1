"""The OpenAPI document says what is sent: each type of event, with the shape of its data."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from events.feed.types import EVENT_TYPES
from events.services.sequence_events import sequence_events
from tests.shop.customer_pasts import give_past
from tests.shop.every_table.fill import fill_every_table
from tests.shop.http.api_client import Caller, ok
from tests.shop.http.declared import document
from tests.shop.people import SuperuserFactory, make_buyer


def described(event_type: str) -> dict[str, Any]:
    operation = document()["webhooks"][event_type]["post"]
    found: dict[str, Any] = operation["requestBody"]["content"]["application/json"]["schema"]
    return found


def test_every_type_is_described() -> None:
    assert set(document()["webhooks"]) == {*EVENT_TYPES, "webhook.test"}
    for name, text in EVENT_TYPES.items():
        operation = document()["webhooks"][name]["post"]
        assert operation["summary"] == text
        assert [header["name"] for header in operation["parameters"]] == [
            "webhook-id",
            "webhook-timestamp",
            "webhook-signature",
        ]


@pytest.mark.django_db
def test_events_are_as_they_are_described(staff: Caller) -> None:
    SuperuserFactory.create()
    fill_every_table()
    give_past(make_buyer(), ["order", "paid order", "deal's task", "note", "lead"], tags=["red"], segments=["Big"])
    sequence_events()

    events = ok(staff.get("/events", limit=500))["events"]

    assert len({event["type"] for event in events}) > 12
    for event in events:
        faults = [fault.message for fault in Draft202012Validator(described(event["type"])).iter_errors(event)]
        assert not faults, (event, faults)
