"""Every list of the admin with each filter, order, search and autocomplete: what `python -m benchmarks.admin` times and
`tests/full_tables/test_admin_plans.py` explains. Found in the admin's own registry, so a new list is in both
at once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from django.contrib import admin
from django.contrib.admin import FieldListFilter, ModelAdmin
from django.db.models import BooleanField, Count, DateTimeField, ForeignKey, ManyToManyField, Model
from django.http import HttpRequest
from django.urls import reverse

from catalog.models.variant import Variant
from crm.models.deal import Deal
from inventory.models.level import StockLevel
from orders.models.order import Order
from orders.models.order_item import OrderItem
from shop.models.shop import Shop
from users.models.customer import Customer
from users.models.user import User


class Page(NamedTuple):
    """`group` is the list that it belongs to."""

    group: str
    name: str
    url: str


# A letter, common, uncommon and rare beginnings of names, buyers whose rows are all old, and nobody; then of e-mail
# addresses, phones, SKUs and companies.
TERMS = ("a", "ada", "Ada Adler", "yara", "zoltan", "ophelia", "nobody", "ada.adler", "zoltan.", "login1")
TERMS += ("nobody@example.com", "lead77@", "+49", "+49012", "CROWD", "CROWD-7", "Oak", "Oak Thing 7", "Blue")
TERMS += ("Blue Company 7", "Tag 4", "999")


def admin_pages() -> Iterator[Page]:
    """All of them. Reads the tables for the commonest and a rare value to filter by."""
    yield Page("dashboard", "dashboard", reverse("admin:index"))
    yield Page("dashboard", "dashboard, 12 months", f"{reverse('admin:index')}?period=12m")
    for model in sorted(admin.site._registry, key=lambda model: model._meta.label):
        if model is Shop:  # of which there is one: its list leads to its form
            continue
        yield from _pages_of(model, admin.site._registry[model])
    yield from _autocompletes()
    yield from _rows()


def _pages_of(model: type[Model], model_admin: ModelAdmin) -> Iterator[Page]:
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")

    def page(name: str, **query: object) -> Page:
        return Page(model._meta.label, name, f"{url}?{urlencode(query)}" if query else url)

    yield page("first page")
    yield page("page 100", p=100)
    yield page("page 400", p=400)
    for place, column in enumerate(model_admin.list_display, start=1):
        if model_admin.sortable_by is None or column in model_admin.sortable_by:
            yield page(f"by {column}", o=place)
            yield page(f"by {column}, descending", o=-place)
    if opening := getattr(model_admin, "opens_with", ""):
        somebody = User.objects.filter(is_staff=True).order_by("pk").values_list("pk", flat=True).first()
        yield page("as it opens", **dict(parse_qsl(opening.format(user=somebody))))
    for spec in model_admin.list_filter:
        for name, query in _filterings(model, model_admin, spec):
            yield page(name, **query)
            yield page(f"{name}, page 100", p=100, **query)
    if model_admin.search_fields:
        for term in (*TERMS, *_samples()):
            yield page(f"search {term}", q=term)


def _of_an_owner() -> HttpRequest:
    """Choices of a filter may depend on who asks."""
    request = HttpRequest()
    request.user = User(is_active=True, is_staff=True, is_superuser=True)
    return request


def _filterings(model: type[Model], model_admin: Any, spec: Any) -> Iterator[tuple[str, dict[str, object]]]:
    if not isinstance(spec, tuple):
        for value, _ in spec.lookups(spec, _of_an_owner(), model_admin):
            yield f"{spec.parameter_name} {value}", {spec.parameter_name: value}
        return
    name, filter_class = spec
    field = model._meta.get_field(name)
    assert issubclass(filter_class, FieldListFilter)
    if isinstance(field, ForeignKey | ManyToManyField):
        for kind, value in _values_of(model, name):
            yield f"{name} {kind}", {f"{name}__id__exact": value}
    elif isinstance(field, DateTimeField):
        for days in (1, 30, 400):
            since, until = datetime.now(UTC) - timedelta(days=days), datetime.now(UTC) - timedelta(days=days * 0.9)
            yield (
                f"{name} of {days} days ago",
                {
                    f"{name}_from_0": since.date(),
                    f"{name}_from_1": "00:00:00",
                    f"{name}_to_0": until.date(),
                    f"{name}_to_1": "23:59:59",
                },
            )
    else:
        choices = [(1, ""), (0, "")] if isinstance(field, BooleanField) else field.flatchoices
        for value, _ in choices:
            yield f"{name} {value}", {f"{name}__exact": value}


def _values_of(model: type[Model], name: str) -> Iterator[tuple[str, object]]:
    """The commonest value, a rare one, and one that no row has."""
    rows = model._default_manager.order_by().exclude(**{name: None}).values_list(name)
    counted = rows.annotate(n=Count("pk"))
    for kind, order in (("commonest", "-n"), ("rare", "n")):
        for value in counted.order_by(order).values_list(name, flat=True)[:1]:
            yield kind, value
    yield "of none", "01900000-0000-7000-8000-000000000000"


def _samples() -> list[str]:
    """A number, an e-mail address and a SKU that are there."""
    order = Order.objects.order_by("id")[1000:1001].get()
    variant = Variant.objects.order_by("id")[100:101].get()
    return [order.number, order.customer_email, variant.sku]


def _autocompletes() -> Iterator[Page]:
    """One for each model that is pointed at: all fields that do answer alike."""
    for field in _autocompleted():
        label = field.remote_field.model._meta.label
        asked = {
            "app_label": field.model._meta.app_label,
            "model_name": field.model._meta.model_name,
            "field_name": field.name,
        }
        for term in ("", *TERMS, *_samples()):
            url = f"{reverse('admin:autocomplete')}?{urlencode(asked | {'term': term})}"
            yield Page(f"autocomplete of {label}", f"“{term}”", url)
        yield Page(
            f"autocomplete of {label}", "page 400", f"{reverse('admin:autocomplete')}?{urlencode(asked)}&page=400"
        )


def _autocompleted() -> Iterator[Any]:
    by_hand = [OrderItem._meta.get_field("variant"), OrderItem._meta.get_field("seller")]
    by_hand += [StockLevel._meta.get_field("location"), Deal._meta.get_field("order")]
    named = [
        model._meta.get_field(name)
        for model, model_admin in admin.site._registry.items()
        for name in (
            *model_admin.autocomplete_fields,
            *(spec[0] for spec in model_admin.list_filter if isinstance(spec, tuple)),
        )
    ]
    seen: dict[Any, Any] = {}
    for field in (*by_hand, *named):
        if isinstance(field, ForeignKey | ManyToManyField) and field.remote_field.model in admin.site._registry:
            seen.setdefault(field.remote_field.model, field)
    return iter(seen.values())


def _rows() -> Iterator[Page]:
    """The pages of one row each, and the page of the customer with the most orders."""
    best = (
        Order.objects.order_by()
        .values("customer")
        .annotate(n=Count("pk"))
        .order_by("-n")
        .values_list("customer", flat=True)[0]
    )
    yield Page("rows", "customer page, most orders", reverse("admin:users_customer_page", args=[best]))
    yield Page("rows", "its orders alone", f"{reverse('admin:users_customer_page', args=[best])}?kind=order")
    yield Page("rows", "customer form, most orders", reverse("admin:users_customer_change", args=[best]))
    widest = Variant.objects.order_by().values("product").annotate(n=Count("pk")).order_by("-n")
    sold = widest.values_list("product", flat=True)[0]
    yield Page("rows", "product page, most variants", reverse("admin:catalog_product_page", args=[sold]))
    yield Page("rows", "board of deals", reverse("admin:crm_deal_board"))
    for model in sorted(admin.site._registry, key=lambda model: model._meta.label):
        row = model._default_manager.order_by("pk").first()
        if row is not None and model is not Customer:
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
            yield Page("rows", f"{model._meta.verbose_name} form", reverse(name, args=[row.pk]))
