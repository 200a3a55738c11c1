"""Orders by what people remember of them: their number, or words of who bought."""

from typing import Any
from uuid import UUID

from django.db.models import Q

from orders.models.invoice import INVOICES_BY_WORDS, Invoice
from orders.models.order import Order
from shared.planner.lookups import one_of
from shared.planner.newest import newest_of_each
from shared.planner.word_search import LONGEST_TERM, with_words
from users.models.customer import CUSTOMERS_BY_WORDS, Customer

_MAX_CUSTOMERS = 200
_MAX_NUMBERS = 200
_MAX_INVOICES = 1_000
_FEWEST_DIGITS = 4
_NEWEST = "created_at DESC, id DESC"
_LATEST_ENDING = 50


def orders_with(term: str) -> list[UUID]:
    """Ids of the live order with that number; else of the orders whose number begins or, from four digits on, ends so,
    and of the newest of the customers who have these words. A thousand at most of either."""
    term = term.strip()[:LONGEST_TERM]
    if "\0" in term:  # PostgreSQL has no such text
        return []
    orders = Order.objects.live()
    named = orders.filter(number=term.removeprefix("#")).values_list("pk", flat=True)
    if term[-1:].isdigit() and (exact := list(named)):
        return exact
    numbered: list[UUID] = []
    if numbers := numbers_like(term.removeprefix("#")):
        numbered = list(orders.filter(number__in=numbers).values_list("pk", flat=True))
    customers = with_words(Customer.objects.order_by("-id"), CUSTOMERS_BY_WORDS, term)
    owners: list[Any] = list(customers.values_list("pk", flat=True)[:_MAX_CUSTOMERS])
    found = newest_of_each(Order, "customer", owners, _NEWEST, "deleted_at IS NULL") if owners else []
    return [*numbered, *found]


def invoices_with(term: str) -> Q:
    """Invoices with these words in their number or its last digits, and those of the orders that are found so."""
    newest = with_words(Invoice.objects.order_by("-id"), INVOICES_BY_WORDS, term).values_list("pk", flat=True)
    return one_of("pk", newest[:_MAX_INVOICES]) | one_of("order", orders_with(term))


def numbers_like(term: str) -> list[str]:
    """Numbers of orders that begin with these digits, some of them, and the latest that end with them."""
    # Fewer digits begin too many numbers to be meant; no number is longer than 18 (the sequence is a bigint).
    if not (term.isascii() and term.isdigit() and _FEWEST_DIGITS <= len(term) <= 18):
        return []
    # A range of the unique index in whatever collation: LIKE 'x%' would need an operator class of its own.
    beginning = Order.objects.filter(number__gte=term, number__lte=term + "9" * 14).order_by("number")
    return [*beginning.values_list("number", flat=True)[:_MAX_NUMBERS], *_latest_ending(term)]


def _latest_ending(digits: str) -> list[str]:
    """Numbers are given out one by one: the latest that may end so are counted back from the newest order's."""
    newest = Order.objects.filter(parent=None).order_by("-created_at", "-id").values_list("number", flat=True).first()
    if newest is None or not newest.isdigit():
        return []
    step = 10 ** len(digits)
    latest = int(newest) + step - (int(newest) - int(digits)) % step
    return [str(number) for number in range(latest, max(0, latest - _LATEST_ENDING * step), -step)]
