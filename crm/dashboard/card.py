"""What a card of the dashboard is.

A new one is a module in crm/dashboard/cards and its template: nothing else names it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.http import HttpRequest

from catalog.seller_access import sellers_of

MOST_SHOWN = 6


class Place(Enum):
    """Figures in a row at the top, then what is as wide as the page, then the tables in two columns."""

    TOP = "top"
    WIDE = "wide"
    TABLES = "tables"


@dataclass(frozen=True, slots=True)
class Card:
    """`read` answers what the template shows as `data`, in few bounded statements (one, as a rule), and is called only
    for a colleague who has all `permissions`. `is_of_whole_shop`: not for who sees some sellers alone. `rank` orders
    the cards of a place."""

    template: str
    permissions: tuple[str, ...]
    read: Callable[[HttpRequest], Any]
    rank: int
    place: Place = Place.TABLES
    is_of_whole_shop: bool = False

    def may_be_seen(self, request: HttpRequest) -> bool:
        if self.is_of_whole_shop and sellers_of(request.user) is not None:
            return False
        return bool(request.user.has_perms(self.permissions))
