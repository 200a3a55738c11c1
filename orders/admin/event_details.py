"""What an event was about, for people."""

from collections.abc import Mapping
from typing import Any

from shared.admin.display import NOTHING


def event_details(data: Mapping[str, Any]) -> str:
    """Names and values in a line or two; of rows their numbers, or how many there are."""
    return "; ".join(f"{name.replace('_', ' ')}: {_shown(value)}" for name, value in data.items()) or NOTHING


def _shown(value: Any) -> str:
    if isinstance(value, list):
        names = [str(row["number"]) for row in value if isinstance(row, dict) and "number" in row]
        return ", ".join(names) or str(len(value))
    if isinstance(value, dict):
        return ", ".join(f"{name} {inner}" for name, inner in value.items())
    return str(value)
