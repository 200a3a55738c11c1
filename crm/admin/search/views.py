"""One search for everything, opened with Ctrl+K: at most three statements for each kind, each answered by an index.

What a colleague finds is what the admin's lists would show them: the same permissions, the same rows.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, cast

from django.contrib import admin
from django.contrib.admin import AdminSite
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.models.product import PRODUCTS_BY_WORDS, Product
from catalog.models.variant import VARIANTS_BY_WORDS, Variant
from crm.models.deal import DEALS_BY_WORDS, Deal
from crm.models.lead import LEADS_BY_WORDS, Lead
from orders.models.order import Order
from shared.admin.base import KontorAdmin
from shared.admin.display import change_url
from shared.admin.search import looks_like_email, looks_like_number
from shared.planner.beginnings import Beginning, begins, begins_lower, begins_upper
from shared.planner.near_words import near_search
from shared.planner.word_search import WordIndex, WordSearch, is_met_soon, word_searches
from users.admin.customer import beginnings
from users.models.company import COMPANIES_BY_WORDS, Company
from users.models.customer import CUSTOMERS_BY_WORDS, Customer
from users.queries import begins_tax_number

EACH = 5
MOST_CHARACTERS = 200
_FEWEST_CHARACTERS = 2


class Hit(NamedTuple):
    title: str
    kind: str
    description: str
    link: str
    icon: str


class Kind(NamedTuple):
    """`fields` are the key, the title and, where there is a third, the description of what is found."""

    model: type[Model]
    name: Any
    icon: str
    fields: tuple[str, ...]
    beginnings: Callable[[str], Sequence[Beginning]]
    words: WordIndex
    url: str = ""


def _of_lead(term: str) -> list[Beginning]:
    by_email = begins_lower("email", term)
    return [by_email] if looks_like_email(term) else [begins("name", term), by_email]


def _of_variant(term: str) -> list[Beginning]:
    return [begins_upper("sku", term)]


def _of_buyer(usual: Callable[[str], Sequence[Beginning]]) -> Callable[[str], Sequence[Beginning]]:
    """By its tax number, too."""
    return lambda term: [*usual(term), *filter(None, (begins_tax_number(term),))]


def _by(field: str) -> Callable[[str], list[Beginning]]:
    return lambda term: [begins(field, term)]


_CUSTOMER_PAGE, _PRODUCT_PAGE = "admin:users_customer_page", "admin:catalog_product_page"
_KINDS = (
    Kind(
        Customer,
        _("Customer"),
        "person",
        ("pk", "name", "email"),
        _of_buyer(beginnings),
        CUSTOMERS_BY_WORDS,
        _CUSTOMER_PAGE,
    ),
    Kind(Company, _("Company"), "apartment", ("pk", "name"), _of_buyer(_by("name")), COMPANIES_BY_WORDS),
    Kind(Lead, _("Lead"), "person_search", ("pk", "name", "company_name"), _of_lead, LEADS_BY_WORDS),
    Kind(Deal, _("Deal"), "handshake", ("pk", "title", "customer__name"), _by("title"), DEALS_BY_WORDS),
    Kind(Product, _("Product"), "inventory_2", ("pk", "name"), _by("name"), PRODUCTS_BY_WORDS, _PRODUCT_PAGE),
    Kind(Variant, _("Variant"), "sell", ("pk", "sku", "product__name"), _of_variant, VARIANTS_BY_WORDS),
)


def search_everything(request: HttpRequest, term: str) -> list[Hit]:
    """What begins with the term, then what has its words, the newest first: EACH of every kind that the colleague may
    see."""
    term = term.strip()[:MOST_CHARACTERS]
    number = term.removeprefix("#")
    if "\0" in term:  # PostgreSQL has no such text
        return []
    hits = list(_order_numbered(request, number)) if looks_like_number(number) else []
    if len(term) >= _FEWEST_CHARACTERS:
        searches = {search.index.name: search for search in word_searches(term, *(kind.words for kind in _KINDS))}
        for kind in _KINDS:
            hits += _hits_of_kind(request, kind, term, searches.get(kind.words.name))
    return hits


def search_page(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """The lines below the search box."""
    term = request.GET.get("s", "").strip()
    hits = [*search_everything(request, term), *_hits_of_pages(site, request, term)] if term else []
    near = [] if hits else _spelled_nearly_so(request, term[:MOST_CHARACTERS])
    context = {"term": term, "hits": hits or near, "is_near": bool(near)}
    return TemplateResponse(request, "admin/kontor/search_results.html", context)


def _searchable_rows(request: HttpRequest, model: type[Model]) -> QuerySet[Model] | None:
    model_admin = admin.site.get_model_admin(model)
    if not model_admin.has_view_permission(request):
        return None
    return model_admin.get_queryset(request).select_related(None).prefetch_related(None)


def _hits_of_kind(request: HttpRequest, kind: Kind, term: str, search: WordSearch | None) -> Iterator[Hit]:
    rows = _searchable_rows(request, kind.model)
    if rows is None:
        return
    first, *others = [start.first_of(rows, EACH).values_list(*kind.fields) for start in kind.beginnings(term)]
    answer: Any = first.union(*others, all=True) if others else first
    found = {values[0]: cast("tuple[Any, ...]", values) for values in answer}
    if len(found) < EACH and search is not None:
        newest = rows.filter(search.compared() if is_met_soon(rows, search) else search.looked_up())
        found |= {values[0]: values for values in newest.values_list(*kind.fields)[:EACH] if values[0] not in found}
    yield from _as_hits(kind, list(found.values())[:EACH])


def _spelled_nearly_so(request: HttpRequest, term: str) -> list[Hit]:
    """Of the kinds whose lists would show it."""
    kinds = [kind for kind in _KINDS if _forgives(request, kind.model)]
    searches = {search.index.name: search for search in word_searches(term, *(kind.words for kind in kinds))}
    return [hit for kind in kinds if searches for hit in _near_hits(request, kind, searches[kind.words.name], term)]


def _forgives(request: HttpRequest, model: type[Model]) -> bool:
    model_admin = cast("KontorAdmin", admin.site.get_model_admin(model))
    return model_admin.has_view_permission(request) and model_admin.forgives_mistyping(request)


def _near_hits(request: HttpRequest, kind: Kind, search: WordSearch, term: str) -> Iterator[Hit]:
    rows, near = _searchable_rows(request, kind.model), near_search(search, term)
    if rows is None or near is None:
        return
    found = rows.filter(near.compared() if is_met_soon(rows, near) else near.looked_up())
    yield from _as_hits(kind, list(found.values_list(*kind.fields)[:EACH]))


def _as_hits(kind: Kind, rows: Sequence[tuple[Any, ...]]) -> Iterator[Hit]:
    for key, title, *more in rows:
        link = reverse(kind.url, args=[key]) if kind.url else change_url(kind.model, key)
        yield Hit(title, str(kind.name), more[0] if more else "", link, kind.icon)


def _order_numbered(request: HttpRequest, number: str) -> Iterator[Hit]:
    rows = _searchable_rows(request, Order)
    if rows is None:
        return
    for key, found, buyer in rows.filter(number=number).values_list("pk", "number", "customer_name"):
        yield Hit(found, gettext("Order"), buyer, change_url(Order, key), "receipt_long")


def _hits_of_pages(site: AdminSite, request: HttpRequest, term: str) -> Iterator[Hit]:
    """Lists whose name has the term in it, and the order desk."""
    names = [
        (str(model["name"]), model["admin_url"])
        for app in site.get_app_list(request)
        for model in app["models"]
        if model["admin_url"] and term.lower() in str(model["name"]).lower()
    ]
    desk = (gettext("New order"), reverse("admin:orders_order_add"))
    if request.user.has_perm("orders.add_order") and term.lower() in desk[0].lower():
        names.insert(0, desk)
    for name, url in names[:EACH]:
        yield Hit(name, gettext("Page"), "", url, "list")
