"""Faults in input as a flat list: {pointer, code, detail}, the pointer being RFC 6901's into the body."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from rest_framework.settings import api_settings

from shared.errors import MAX_FAULTS, MAX_TEXT
from shared.text.json_pointer import clip, step

Fault = dict[str, str]


def list_faults(detail: Any) -> tuple[list[Fault], int]:
    """The first MAX_FAULTS faults in a DRF ValidationError's nested detail, and how many more there are."""
    faults = _walk_detail(detail, "")
    return list(islice(faults, MAX_FAULTS)), sum(1 for _fault in faults)


def _walk_detail(detail: Any, pointer: str) -> Iterator[Fault]:
    if isinstance(detail, dict):
        for key, inner in detail.items():
            same_level = key == api_settings.NON_FIELD_ERRORS_KEY
            yield from _walk_detail(inner, pointer if same_level else f"{pointer}/{step(key)}")
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            yield from _walk_detail(inner, f"{pointer}/{index}" if isinstance(inner, dict | list) else pointer)
    else:
        yield {
            "pointer": pointer,
            "code": str(getattr(detail, "code", "invalid")),
            "detail": clip(str(detail), MAX_TEXT),
        }
