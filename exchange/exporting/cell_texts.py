"""Values as the texts of cells; those that a spreadsheet would run are escaped. Pure."""

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from exchange.spreadsheets.formula_escaping import neutralize
from shared.clock import in_zone


def text_of(value: Any, zone: ZoneInfo) -> str:
    """A value as a cell of CSV: numbers, days and yes or no as they are, times in the zone, texts made harmless."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return in_zone(value, zone).strftime("%Y-%m-%d %H:%M:%S")
    return str(value) if isinstance(value, int | float | date) else neutralize(_plain_text(value))


def _plain_text(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False) if value else ""
    return str(value)
