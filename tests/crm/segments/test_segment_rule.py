"""A segment's rule in SQL and the same rule read naively in Python pick the same customers."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.models.seller import Seller
from catalog.models.variant import Variant
from crm.segments.query import customers_in
from crm.segments.rule import as_json, parse_rule
from orders.models.order import Order
from orders.models.order_item import OrderItem
from tests.shop.goods import CategoryFactory, ProductFactory, SellerFactory, VariantFactory
from tests.shop.people import CompanyFactory, CustomerFactory, StaffFactory
from users.customers.tagging import tag_customer
from users.models.consent import Consent
from users.models.custom_field import CustomField
from users.models.customer import Customer
from users.models.customer_group import CustomerGroup

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)
EQUAL, WITHIN, COMPARED = ["is", "is_not"], ["within_days", "not_within_days"], ["at_least", "at_most"]


@dataclass
class Bought:
    days_ago: int
    total: Decimal
    currency: str = "USD"
    paid: bool = True
    cancelled: bool = False
    sku: str = "CUP"


@dataclass
class Person:
    """What the naive reading knows of a customer."""

    days_known: int
    language: str = "en"
    tags: set[str] = field(default_factory=set)
    company: str | None = None
    owner: str | None = None
    group: str | None = None
    country: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    consents: list[tuple[str, bool]] = field(default_factory=list)
    orders: list[Bought] = field(default_factory=list)
    erased: bool = False


PEOPLE = [
    Person(400),
    Person(400, "uk", {"VIP"}, "Acme", "ann@example.com", "Trade", "DE", {"tier": "gold", "size": "10"}),
    Person(
        10,
        "en",
        {"vip"},
        None,
        "bob@example.com",
        "VIP",
        fields={"tier": "silver", "size": "9.5", "since": "2026-01-02"},
    ),
    Person(30, "uk", {"Wholesale"}, "ACME", None, None, "UA", {"wants": True, "size": "-3"}, [("profiling", True)]),
    Person(30, consents=[("profiling", True), ("profiling", False), ("marketing_email", True)]),
    Person(90, consents=[("marketing_email", False), ("marketing_email", True)], orders=[Bought(5, Decimal(50))]),
    Person(90, orders=[Bought(100, Decimal(1000)), Bought(89, Decimal(500), "EUR"), Bought(1, Decimal(5), paid=False)]),
    Person(91, tags={"VIP", "Wholesale"}, orders=[Bought(90, Decimal(100), sku="POT"), Bought(3, Decimal(9), "USD")]),
    Person(5, company="Other", orders=[Bought(2, Decimal(2000), cancelled=True, paid=False)]),
    Person(
        5, fields={"wants": False, "since": "2027-01-01"}, orders=[Bought(4, Decimal("99.99")), Bought(30, Decimal(1))]
    ),
    Person(
        400,
        "uk",
        {"VIP"},
        "Acme",
        "ann@example.com",
        "Trade",
        "DE",
        {"tier": "gold"},
        erased=True,
        orders=[Bought(1, Decimal(70))],
    ),
]


def condition(**choices: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {k: v if isinstance(v, st.SearchStrategy) else st.sampled_from(v) for k, v in choices.items()}
    )


def _one(name: str) -> list[str]:
    return [name]


_DAYS = st.sampled_from([1, 4, 30, 89, 90, 95, 400])
CONDITIONS = st.one_of(
    condition(field=_one("tag"), op=EQUAL, value=["vip", "VIP", "Wholesale", "nobody's"]),
    condition(field=_one("company"), op=EQUAL, value=["acme", "Other", "none such"]),
    condition(field=_one("company"), op=["is_set", "is_empty"]),
    condition(field=_one("owner"), op=EQUAL, value=["ann@example.com", "bob@example.com", "no@example.com"]),
    condition(field=_one("owner"), op=["is_set", "is_empty"]),
    condition(field=_one("group"), op=EQUAL, value=["trade", "VIP", "none such"]),
    condition(field=_one("country"), op=EQUAL, value=["DE", "ua", "FR"]),
    condition(field=st.sampled_from(["group", "country"]), op=["is_set", "is_empty"]),
    condition(field=_one("language"), op=EQUAL, value=["en", "uk"]),
    condition(field=_one("created"), op=["before", "from"], value=["2027-05-01", "2026-06-01", "2027-05-22"]),
    condition(field=_one("created_ago"), op=WITHIN, value=_DAYS),
    condition(field=_one("custom_field"), op=EQUAL, key=_one("tier"), value=["gold", "silver"]),
    condition(field=_one("custom_field"), op=EQUAL, key=_one("wants"), value=["yes", "false"]),
    condition(field=_one("custom_field"), op=[*COMPARED, *EQUAL], key=_one("size"), value=["9.50", "10", "0", "junk"]),
    condition(field=_one("custom_field"), op=COMPARED, key=_one("since"), value=["2026-01-02", "2026-12-31"]),
    condition(field=_one("custom_field"), op=["is_set", "is_empty"], key=["tier", "wants", "unknown"]),
    condition(field=_one("consent"), op=["given", "not_given"], value=["profiling", "marketing_email"]),
    condition(field=_one("last_order"), op=WITHIN, value=_DAYS),
    condition(field=_one("order_count"), op=COMPARED, value=[0, 1, 2]),
    condition(field=_one("order_count"), op=COMPARED, value=[0, 1, 2], days=_DAYS),
    condition(field=_one("lifetime_value"), op=COMPARED, value=["0", "50", "109", "1000"], currency=["USD", "EUR"]),
    condition(field=_one("bought_variant"), op=EQUAL, value=["CUP", "POT", "NONE"]),
    condition(field=_one("bought_category"), op=EQUAL, value=["cups", "pots", "none"]),
)


def _grouped(parts: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.one_of(
        *(st.fixed_dictionaries({kind: st.lists(parts, min_size=1, max_size=3)}) for kind in ("all", "any"))
    )


RULES = _grouped(st.one_of(CONDITIONS, _grouped(CONDITIONS)))


@pytest.fixture
def people(db: None) -> dict[UUID, Person]:
    """PEOPLE as rows, by the customer's id."""
    for key, kind in {"tier": "text", "wants": "boolean", "size": "number", "since": "date"}.items():
        CustomField.objects.create(model="customer", key=key, label=key, kind=kind)
    for sku, slug in {"CUP": "cups", "POT": "pots"}.items():
        VariantFactory.create(sku=sku, product=ProductFactory.create(category=CategoryFactory.create(slug=slug)))
    SellerFactory.create(slug="any")
    owners = {email: StaffFactory.create(email=email) for email in ("ann@example.com", "bob@example.com")}
    groups = {name: CustomerGroup.objects.create(name=name) for name in ("Trade", "VIP")}
    companies = {name: CompanyFactory.create(name=name) for name in ("Acme", "ACME", "Other")}
    made = {}
    for number, person in enumerate(PEOPLE):
        customer = CustomerFactory.create(
            language=person.language,
            company=companies.get(person.company or ""),
            owner=owners.get(person.owner or ""),
            group=groups.get(person.group or ""),
            country=person.country,
            custom_fields=person.fields,
            erased_at=NOW if person.erased else None,
            created_at=NOW - timedelta(days=person.days_known),
        )
        tag_customer(customer=customer, names=person.tags)
        for minute, (purpose, given_) in enumerate(person.consents):
            at = NOW - timedelta(days=1) + timedelta(minutes=minute)
            Consent.objects.create(customer=customer, purpose=purpose, is_given=given_, source="x", recorded_at=at)
        for index, bought in enumerate(person.orders):
            _order(customer, bought, f"{number}-{index}")
        made[customer.pk] = person
    return made


def _order(customer: Customer, bought: Bought, number: str) -> None:
    at = NOW - timedelta(days=bought.days_ago)
    status = "CANCELLED" if bought.cancelled else "CONFIRMED" if bought.paid else "PENDING"
    order = Order.objects.create(
        number=number,
        customer=customer,
        currency=bought.currency,
        subtotal=bought.total,
        total=bought.total,
        status=status,
        payment_status="PAID" if bought.paid else "PENDING",
        paid_at=at if bought.paid else None,
        cancelled_at=at if bought.cancelled else None,
        cancel_reason="staff" if bought.cancelled else "",
        created_at=at,
    )
    OrderItem.objects.create(
        order=order,
        position=1,
        variant=Variant.objects.get(sku=bought.sku),
        seller=Seller.objects.get(slug="any"),
        sku=bought.sku,
        name="x",
        quantity=1,
        unit_price=bought.total,
        total_price=bought.total,
        status=status,
    )


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck), database=None, derandomize=True)
@given(raw=RULES)
def test_sql_and_python_agree(people: dict[UUID, Person], raw: dict[str, Any]) -> None:
    rule = parse_rule(raw)

    picked = set(customers_in(rule, now=NOW).values_list("pk", flat=True))

    assert picked == {key for key, person in people.items() if not person.erased and fulfils(person, raw)}
    assert parse_rule(as_json(rule)) == rule


def fulfils(person: Person, rule: dict[str, Any]) -> bool:
    if "all" in rule or "any" in rule:
        join = all if "all" in rule else any
        return join(fulfils(person, part) for part in rule.get("all", rule.get("any", [])))
    return _NAIVE[rule["field"]](person, rule)


def _is(rule: dict[str, Any], holds: bool) -> bool:
    return holds == (rule["op"] in ("is", "is_set", "within_days", "given"))


def _compare(rule: dict[str, Any], amount: Any, limit: Any) -> bool:
    return bool(amount >= limit if rule["op"] == "at_least" else amount <= limit)


def _text(rule: dict[str, Any], value: str | None) -> bool:
    return _is(rule, value is not None and ("value" not in rule or value.lower() == rule["value"].lower()))


def _kept(person: Person) -> list[Bought]:
    return [bought for bought in person.orders if not bought.cancelled]


def _custom(person: Person, rule: dict[str, Any]) -> bool:
    has, stored, wanted = rule["key"] in person.fields, person.fields.get(rule["key"]), rule.get("value")
    if wanted is None:
        return _is(rule, has)
    if rule["key"] == "size":
        if wanted == "junk":
            return rule["op"] == "is_not"
        if rule["op"] in COMPARED:
            return has and _compare(rule, Decimal(str(stored)), Decimal(str(wanted)))
        return _is(rule, has and Decimal(str(stored)) == Decimal(str(wanted)))
    if rule["op"] in COMPARED:
        return has and _compare(rule, stored, wanted)
    return _is(rule, has and stored == (wanted == "yes" if rule["key"] == "wants" else wanted))


def _count(person: Person, rule: dict[str, Any]) -> bool:
    within = [bought for bought in _kept(person) if bought.days_ago <= rule.get("days", 10_000)]
    return _compare(rule, len(within), rule["value"])


def _worth(person: Person, rule: dict[str, Any]) -> bool:
    paid = [b.total for b in _kept(person) if b.paid and b.currency == rule["currency"]]
    return _compare(rule, sum(paid, Decimal(0)), Decimal(rule["value"]))


def _day(rule: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(rule["value"]).replace(tzinfo=UTC)


_NAIVE: dict[str, Any] = {
    "tag": lambda p, r: _is(r, r["value"].lower() in {tag.lower() for tag in p.tags}),
    "company": lambda p, r: _text(r, p.company),
    "owner": lambda p, r: _text(r, p.owner),
    "group": lambda p, r: _text(r, p.group),
    "country": lambda p, r: _text(r, p.country or None),
    "language": lambda p, r: _is(r, p.language == r["value"]),
    "created": lambda p, r: (NOW - timedelta(days=p.days_known) < _day(r)) == (r["op"] == "before"),
    "created_ago": lambda p, r: _is(r, p.days_known <= r["value"]),
    "custom_field": _custom,
    "consent": lambda p, r: _is(r, dict(p.consents).get(r["value"], False)),
    "last_order": lambda p, r: _is(r, any(b.days_ago <= r["value"] for b in _kept(p))),
    "order_count": _count,
    "lifetime_value": _worth,
    "bought_variant": lambda p, r: _is(r, any(b.sku == r["value"] for b in _kept(p))),
    "bought_category": lambda p, r: _is(r, any(b.sku.lower() + "s" == r["value"] for b in _kept(p))),
}
