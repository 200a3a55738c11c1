"""Cells that hold JSON, as an export writes them: the free texts of a record, and a customer's addresses."""

import json
from typing import Any
from uuid import UUID

from django.utils.translation import gettext, gettext_noop

from exchange.resources.cells import Wrong
from exchange.resources.resource import Column
from shared.errors import InvalidInput
from shared.values.metadata import change_metadata
from users.customers.address_book import KeptAddress, change_addresses


def _json_of(cell: str) -> Any:
    try:
        return json.loads(cell)
    except ValueError:
        return None


def _pairs(cell: str) -> dict[str, str]:
    """All of them: what is not in the cell goes."""
    found = _json_of(cell)
    if not isinstance(found, dict):
        raise Wrong(gettext('Write texts by key as JSON, e.g. {"erp_id": "4711"}.'))
    try:
        return change_metadata({}, found)
    except InvalidInput as refusal:
        raise Wrong(refusal.detail) from None


def _addresses(cell: str) -> list[KeptAddress]:
    """All of them. An id that comes along stays: who knows whose it was?"""
    found = _json_of(cell)
    if not isinstance(found, list) or not all(_is_like_an_address(each) for each in found):
        raise Wrong(gettext('Write addresses as JSON, e.g. [{"kind": "delivery", "country": "UA", …}].'))
    there = [each for each in found if isinstance(each.get("id"), str)]
    try:
        return change_addresses(there, found)
    except InvalidInput as refusal:
        raise Wrong(refusal.detail) from None


def _is_like_an_address(value: Any) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("lines", []), list):
        return False
    try:
        UUID(str(value["id"]))
    except ValueError:
        return False
    except KeyError:
        pass
    return True


METADATA_COLUMN = Column("metadata", gettext_noop("Metadata"), _pairs, empty={})
ADDRESSES_COLUMN = Column("addresses", gettext_noop("Addresses"), _addresses, empty=[])
