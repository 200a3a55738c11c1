"""Everything that the OpenAPI says may be sent, and much that it does not: no crash, no undeclared answer, no wrong
shape. Signed in as staff, in a shop that has an order in each state."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection, transaction
from hypothesis import HealthCheck, Phase, settings
from pytest_django import DjangoDbBlocker
from schemathesis.checks import not_a_server_error
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.pytest._test_builder import build_operation_test
from schemathesis.python._constants.orchestrator import make_constants_value_source
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from catalog.models.category import Category
from catalog.models.product import Product
from catalog.models.seller import Seller
from catalog.models.variant import Variant
from crm.models.activity import Activity
from crm.models.deal import Deal
from crm.models.lead import Lead
from crm.models.pipeline import Pipeline, Stage
from crm.models.segment import Segment, SegmentMember
from crm.models.task import Task
from crm.services.deals.open_deal import open_deal
from inventory.models.level import StockLevel
from inventory.models.location import StockLocation
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.models.order_return import Return
from orders.models.refund import Refund
from shared.actor import SYSTEM
from tests.plugins.db_restore import put_back_after
from tests.shop.books import open_books
from tests.shop.every_table.refunds import fill_refunds
from tests.shop.goods import make_level
from tests.shop.http.api_client import Caller, login
from tests.shop.people import SuperuserFactory, make_buyer
from users.models.company import Company
from users.models.consent import Consent
from users.models.custom_field import CustomField
from users.models.customer import Customer
from users.models.tag import Tag
from users.models.user import User

# As it is served; made without a database.
schema = schemathesis.openapi.from_wsgi("/api/schema?format=json", get_wsgi_application())
# What schema.parametrize() does, but when a test runs: it makes up fifty cases for each operation, and each process
# that runs tests would make up all of them only to know the tests' names.
_FOUND: list[Any] = list(schema.get_all_operations())
OPERATIONS = {found.ok().label: found.ok() for found in _FOUND}

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
OF_SPARSE = [check for check in CHECKS if check is not response_schema_conformance]  # test_sparse.py says what is shown
# What a field or a path's first part of this name points at.
ROWS: dict[str, Any] = {
    "categor": Category,
    "compan": Company,
    "customer": Customer,
    "order-item": OrderItem,
    "item": OrderItem,
    "refund": Refund,
    "return": Return,
    "order": Order,
    "product": Product,
    "seller": Seller,
    "stock-level": StockLevel,
    "location": StockLocation,
    "stock-location": StockLocation,
    "user": User,
    "variant": Variant,
    "activit": Activity,
    "consent": Consent,
    "custom-field": CustomField,
    "deal": Deal,
    "lead": Lead,
    "personal-data": Customer,
    "pipeline": Pipeline,
    "segment": Segment,
    "stage": Stage,
    "tag": Tag,
    "task": Task,
}
Ids = dict[str, list[str]]


@pytest.fixture(scope="module")
def shop(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[Caller, Ids]]:
    """A staff member's login, and ids of real rows by the beginning of the names that point at them."""
    with put_back_after(django_db_blocker):
        staff = login(SuperuserFactory.create())
        open_books()
        fill_refunds(make_buyer(), make_level(on_hand=3))
        Category.objects.create(name="Cups", slug="cups")
        Company.objects.create(name="Analytical Engines Ltd")
        _open_crm()
        ids = {name: [str(pk) for pk in model.objects.values_list("pk", flat=True)] for name, model in ROWS.items()}
        yield staff, ids


def _open_crm() -> None:
    """A row of each kind that the CRM's routes lead to."""
    customer = Customer.objects.order_by("id").first()
    assert customer is not None
    Lead.objects.create(name="Grace", email="grace@example.com")
    deal = open_deal(title="40 chairs", customer_id=customer.pk, actor=SYSTEM)
    Task.objects.create(title="Call", deal=deal, customer=customer)
    Tag.objects.create(name="VIP")
    rule = {"all": [{"field": "tag", "op": "is_not", "value": "VIP"}]}
    segment = Segment.objects.create(name="Others", rule=rule)
    SegmentMember.objects.create(segment=segment, customer=customer)
    Consent.objects.create(customer=customer, purpose="profiling", is_given=True, source="web form")
    CustomField.objects.create(model="deal", key="seats", label="Seats", kind="number")


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """Requests leave the test's transaction open, as Django's own test client sees to."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("_one_connection")
@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_is_as_declared(label: str, shop: tuple[Caller, Ids], db: None) -> None:
    staff, ids = shop

    @settings(
        max_examples=3,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def is_as_declared(case: Any) -> None:
        _point_at_real_rows(case, ids)
        headers = {"Authorization": staff.authorization}
        if case.method == "GET" and "fields" in (case.query or {}):  # the answer lacks what was not asked for
            with _undone():
                case.call_and_validate(headers=headers, checks=OF_SPARSE)
            del case.query["fields"]
        with _undone():
            case.call_and_validate(headers=headers, checks=CHECKS)

    every_case = build_operation_test(
        config=schema.config,
        operation=OPERATIONS[label],
        test_func=is_as_declared,
        given_kwargs={},
        feedback=FeedbackSources(constants_value_source=constants()),
    )
    every_case()


@cache
def constants() -> Any:
    """Values that the code compares with."""
    return make_constants_value_source(schema)


class _undone:
    """Roll back what the block did, also when PostgreSQL has given up on it. No `atomic`: services open theirs."""

    def __enter__(self) -> None:
        self.savepoint = transaction.savepoint()

    def __exit__(self, *_: object) -> None:
        connection.needs_rollback = False
        transaction.savepoint_rollback(self.savepoint)


def _point_at_real_rows(case: Any, ids: Ids) -> None:
    """Every other made-up id becomes a real one, or nothing but 404 would ever be answered."""
    resource = case.path.removeprefix("/api/v1/").split("/")[0]
    for name, value in (case.path_parameters or {}).items():
        case.path_parameters[name] = _real(ids, resource, value)
    case.body = _with_real_ids(case.body, ids)


def _with_real_ids(value: Any, ids: Ids, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _with_real_ids(inner, ids, str(key)) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_real_ids(inner, ids, name) for inner in value]
    return _real(ids, name, value)


def _real(ids: Ids, name: str, value: Any) -> Any:
    known = next((rows for begin, rows in ids.items() if name.startswith(begin)), None)
    if known is None or not isinstance(value, str):
        return value
    dice = sum(value.encode("utf-8", "replace"))
    return known[dice // 2 % len(known)] if dice % 2 else value
