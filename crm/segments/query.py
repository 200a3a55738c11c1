"""A segment's rule as a query: each condition a Q on customers, its rows found by sub-queries over their indexes."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, DecimalField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce

from catalog.models.variant import Variant
from crm.segments import conditions
from crm.segments.rule import Rule, parts_of
from orders.incoming_payments.balances import refunds_of_total
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.states import OrderStatus, PaymentStatus
from shared.clock import start_of_day
from shared.errors import InvalidInput
from shared.planner.folding import folded, in_any_case
from users.custom_fields import validate_custom_fields
from users.models.company import Company
from users.models.consent import Consent
from users.models.custom_field import CustomField, CustomFieldOwner
from users.models.customer import Customer
from users.models.customer_group import CustomerGroup
from users.models.tag import Tag
from users.models.user import User

_NOBODY = Q(pk__in=[])


def customers_in(rule: Rule, *, now: datetime) -> QuerySet[Customer]:
    """The customers that fulfil the rule at `now` (UTC), in no order."""
    return Customer.objects.filter(erased_at__isnull=True).filter(_q_of_part(rule, now)).order_by()


def _q_of_part(part: Any, now: datetime) -> Q:
    if isinstance(part, conditions.All | conditions.Any_):
        joined = Q()
        for inner in parts_of(part):
            joined = (
                joined & _q_of_part(inner, now) if isinstance(part, conditions.All) else joined | _q_of_part(inner, now)
            )
        return joined
    return _CONDITIONS[type(part)](part, now)


def _tag_condition(condition: conditions.TagCondition, now: datetime) -> Q:
    tag = _first_key(Tag.objects.filter(in_any_case("name", condition.value)))
    links = Customer.tags.through.objects.filter(customer_id=OuterRef("pk"), tag_id=tag)
    return _negate_if(condition.op == "is_not", Q(Exists(links)) if tag else _NOBODY)


def _company_condition(condition: conditions.CompanyCondition, now: datetime) -> Q:
    if condition.value is None:
        return Q(company__isnull=condition.op == "is_empty")
    named = Company.objects.filter(folded("name", condition.value))
    is_of_it = Q(company__isnull=False) & Q(company__in=list(named.values_list("pk", flat=True)[:1000]))
    return _negate_if(condition.op == "is_not", is_of_it)


def _owner_condition(condition: conditions.OwnerCondition, now: datetime) -> Q:
    if condition.value is None:
        return Q(owner__isnull=condition.op == "is_empty")
    owner = _first_key(User.objects.filter(email=condition.value.lower()))
    return _negate_if(condition.op == "is_not", Q(owner__isnull=False, owner_id=owner) if owner else _NOBODY)


def _group_condition(condition: conditions.GroupCondition, now: datetime) -> Q:
    if condition.value is None:
        return Q(group__isnull=condition.op == "is_empty")
    group = _first_key(CustomerGroup.objects.filter(in_any_case("name", condition.value)))
    return _negate_if(condition.op == "is_not", Q(group__isnull=False, group_id=group) if group else _NOBODY)


def _country_condition(condition: conditions.CountryCondition, now: datetime) -> Q:
    is_there = Q(country=condition.value or "")
    return _negate_if(condition.op in ("is_not", "is_set"), is_there)


def _language_condition(condition: conditions.LanguageCondition, now: datetime) -> Q:
    return _negate_if(condition.op == "is_not", Q(language=condition.value))


def _created_condition(condition: conditions.CreatedCondition, now: datetime) -> Q:
    # Nobody came before the first of these days or after the last; the outermost of all have no beginning in UTC.
    day = start_of_day(min(max(condition.value, date(1900, 1, 1)), date(2200, 1, 1)))
    return Q(created_at__lt=day) if condition.op == "before" else Q(created_at__gte=day)


def _created_ago(condition: conditions.CreatedWithinCondition, now: datetime) -> Q:
    return _negate_if(condition.op == "not_within_days", Q(created_at__gte=now - timedelta(days=condition.value)))


def _consent_condition(condition: conditions.ConsentCondition, now: datetime) -> Q:
    said = Consent.objects.filter(customer_id=OuterRef("pk"), purpose=condition.value)
    newest = said.order_by("-recorded_at", "-id").values("is_given")[:1]
    stated = Customer.objects.filter(pk__in=Consent.objects.filter(purpose=condition.value).values("customer_id"))
    given = stated.alias(given=Subquery(newest)).filter(given=True)
    return _negate_if(condition.op == "not_given", Q(pk__in=given.values("pk")))


def _custom_field(condition: conditions.CustomFieldCondition, now: datetime) -> Q:
    key = condition.key
    if condition.value is None:
        return _negate_if(condition.op == "is_empty", Q(custom_fields__has_key=key))
    fields = list(CustomField.objects.filter(model=CustomFieldOwner.CUSTOMER, key=key))
    try:
        stored = validate_custom_fields(CustomFieldOwner.CUSTOMER, {key: condition.value}, fields=fields)
    except InvalidInput:  # the field is gone, or no longer has such values
        return _negate_if(condition.op == "is_not", _NOBODY)
    if condition.op in ("is", "is_not"):
        return _negate_if(condition.op == "is_not", Q(custom_fields__contains=stored))
    return Q(pk__in=_compare_field(key, condition.op, stored[key], is_number=fields[0].kind == "number"))


def _compare_field(key: str, op: str, limit: Any, *, is_number: bool) -> QuerySet[Any]:
    """By number where the field is one, else by text: days are written so that both are the same."""
    text = KT(f"custom_fields__{key}")
    by = Cast(text, DecimalField(max_digits=21, decimal_places=6)) if is_number else text
    rows = Customer.objects.filter(custom_fields__has_key=key).annotate(compared=by)
    lookup = "gte" if op == "at_least" else "lte"
    return rows.filter(**{f"compared__{lookup}": Decimal(limit) if is_number else str(limit)}).values("pk")


def _last_order(condition: conditions.LastOrderCondition, now: datetime) -> Q:
    since = now - timedelta(days=condition.value)
    recent = _orders_that_count().filter(created_at__gte=since, created_at__lte=now)
    return _negate_if(condition.op == "not_within_days", Q(Exists(recent.filter(customer_id=OuterRef("pk")))))


def _order_count(condition: conditions.OrderCountCondition, now: datetime) -> Q:
    orders = _orders_that_count()
    if condition.days is not None:
        orders = orders.filter(created_at__gte=now - timedelta(days=condition.days), created_at__lte=now)
    return _by_sum(orders, Count("pk"), condition.op, condition.value)


def _lifetime_value(condition: conditions.LifetimeValueCondition, now: datetime) -> Q:
    had = (PaymentStatus.PAID, PaymentStatus.PARTIALLY_REFUNDED)
    paid = _orders_that_count().filter(payment_status__in=had, currency=condition.currency)
    refunds = refunds_of_total().filter(payment__order=OuterRef("pk")).values("payment__order")
    back = refunds.annotate(back=Sum("amount")).values("back")
    # Refunds are looked up where the state says that there are some.
    left = F("total") - Coalesce(Subquery(back), Decimal(0), output_field=DecimalField())
    kept = Case(
        When(payment_status=PaymentStatus.PARTIALLY_REFUNDED, then=left),
        default=F("total"),
        output_field=DecimalField(),
    )
    return _by_sum(paid, Sum(kept), condition.op, condition.value)


def _bought_condition(condition: conditions.BoughtCondition, now: datetime) -> Q:
    by = (
        {"sku": condition.value}
        if condition.field == "bought_variant"
        else {"product__category__slug": condition.value}
    )
    variants = Variant.objects.filter(**by).values("pk")
    items = OrderItem.objects.filter(variant_id__in=variants).exclude(order__status=OrderStatus.CANCELLED)
    return _negate_if(condition.op == "is_not", Q(pk__in=items.values("order__customer_id")))


def _orders_that_count() -> QuerySet[Order]:
    return Order.objects.whole().exclude(status=OrderStatus.CANCELLED).order_by()


def _by_sum(orders: QuerySet[Order], total: Any, op: str, limit: Any) -> Q:
    """Customers whose orders come to `limit` at least, or at most; those without any come to nothing."""
    sums = orders.values("customer_id").annotate(summed=total)
    if op == "at_least":
        return Q(pk__in=sums.filter(summed__gte=limit).values("customer_id")) if limit > 0 else Q(pk__isnull=False)
    return ~Q(pk__in=sums.filter(summed__gt=limit).values("customer_id"))


def _first_key(rows: QuerySet[Any]) -> Any:
    return rows.values_list("pk", flat=True).first()


def _negate_if(negated: bool, q: Q) -> Q:
    return ~q if negated else q


_CONDITIONS: dict[type, Callable[[Any, datetime], Q]] = {
    conditions.TagCondition: _tag_condition,
    conditions.CompanyCondition: _company_condition,
    conditions.OwnerCondition: _owner_condition,
    conditions.GroupCondition: _group_condition,
    conditions.CountryCondition: _country_condition,
    conditions.LanguageCondition: _language_condition,
    conditions.CreatedCondition: _created_condition,
    conditions.CreatedWithinCondition: _created_ago,
    conditions.CustomFieldCondition: _custom_field,
    conditions.ConsentCondition: _consent_condition,
    conditions.LastOrderCondition: _last_order,
    conditions.OrderCountCondition: _order_count,
    conditions.LifetimeValueCondition: _lifetime_value,
    conditions.BoughtCondition: _bought_condition,
}
