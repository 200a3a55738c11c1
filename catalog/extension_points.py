"""What the catalogue shows and does that only apps above it know: each says so when it is ready.

Stock lies in `inventory`, which imports the catalogue and never the other way round; see inventory/apps.py.
"""

from collections.abc import Callable
from typing import Any, Protocol

from django.db.models import Value
from django.db.models.expressions import Combinable

from catalog.models.seller import Seller


class SellerSetup(Protocol):
    def __call__(self, *, seller: Seller) -> Any: ...


_availability: list[Callable[[], Combinable]] = []
_seller_setups: list[SellerSetup] = []


def register_availability(count_units: Callable[[], Combinable]) -> None:
    """`count_units` makes the expression that counts a variant's units which can be ordered."""
    _availability[:] = [count_units]


def available_units() -> Combinable:
    """For a queryset of variants; 0 where no app keeps stock."""
    return _availability[0]() if _availability else Value(0)


def register_seller_setup(set_up: SellerSetup) -> None:
    """`set_up` gives a seller what every seller has. It runs in the transaction that saves the seller, and may run
    again for one that is set up."""
    if set_up not in _seller_setups:
        _seller_setups.append(set_up)


def set_up_seller(seller: Seller) -> None:
    for set_up in _seller_setups:
        set_up(seller=seller)
