"""The admin's first page."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from crm.dashboard import cards
from crm.dashboard.card import Card, Place


def fill(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add what this colleague may see, by place; what they may not see is not read either."""
    context["now"] = timezone.now()
    shown = [card for card in all_cards() if card.may_be_seen(request)]
    for place in Place:
        context[place.value] = [
            {"template": card.template, "data": card.read(request)} for card in shown if card.place == place
        ]
    return context


@cache
def all_cards() -> list[Card]:
    """Of every module in crm/dashboard/cards, as they stand on the page."""
    names = [module.name for module in iter_modules(cards.__path__)]
    found: list[Card] = [import_module(f"{cards.__name__}.{name}").CARD for name in names]
    return sorted(found, key=lambda card: card.rank)
