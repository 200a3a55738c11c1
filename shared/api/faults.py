"""Faults in input as a flat list: {pointer, code, detail}, the pointer being RFC 6901's into the body."""

from collections.abc import Iterator
from typing import Any

from rest_framework.settings import api_settings

from shared.json_pointer import step

Fault = dict[str, str]


def list_faults(detail: Any, pointer: str = "") -> list[Fault]:
    """Every fault in a DRF ValidationError's nested detail."""
    return list(_walk(detail, pointer))


def _walk(detail: Any, pointer: str) -> Iterator[Fault]:
    if isinstance(detail, dict):
        for key, inner in detail.items():
            same_level = key == api_settings.NON_FIELD_ERRORS_KEY
            yield from _walk(inner, pointer if same_level else f"{pointer}/{step(key)}")
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            yield from _walk(inner, f"{pointer}/{index}" if isinstance(inner, dict | list) else pointer)
    else:
        yield {"pointer": pointer, "code": str(getattr(detail, "code", "invalid")), "detail": str(detail)}
