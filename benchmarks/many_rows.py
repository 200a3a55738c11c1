"""What staff do to very many rows at once: each prepared, then done as the admin or a job does it."""

from collections.abc import Callable
from decimal import Decimal
from uuid import UUID

from benchmarks.many_orders import place_many
from benchmarks.stage import Stage

Work = Callable[[], object]
_PLACED_LINES = 3


def receipt(stage: Stage, lines: int) -> Work:
    """A delivery of so many variants, applied."""
    from catalog.models.product import Product
    from catalog.models.variant import Variant
    from inventory.models.document import DocumentKind
    from inventory.models.location import StockLocation
    from inventory.services.apply_stock_document import apply_stock_document
    from inventory.services.create_stock_document import RequestedDocumentLine, create_stock_document

    product = Product.objects.create(name="Delivered", slug=f"delivered-{Product.objects.count()}")
    made = [Variant(product=product, sku=f"{product.slug}-{n}", price=Decimal(1), tax_rate=0) for n in range(lines)]
    wanted = [RequestedDocumentLine(variant.sku, 5) for variant in Variant.objects.bulk_create(made)]
    place = StockLocation.objects.earliest("id").pk
    document = create_stock_document(kind=DocumentKind.RECEIPT, location_id=place, lines=wanted, actor=stage.shop.actor)
    return lambda: apply_stock_document(document_id=document.pk, actor=stage.shop.actor)


def import_of_customers(stage: Stage, rows: int) -> Work:
    """A file with companies and tags, checked and written into the books; what undoing takes is kept."""
    from exchange.models.data_import import Import, ImportKind, ImportStatus
    from exchange.services.upload_import import upload_import

    text = "Full name;E-Mail address;Telephone;Company;Tags\r\n" + "".join(
        f"Person {n} Smith;person{n}@example.org;+49 30 1{n:06d};Company {n % 500};vip, press\r\n" for n in range(rows)
    )
    uploaded = upload_import(
        kind=ImportKind.CUSTOMERS, name="people.csv", pieces=[text.encode()], actor=stage.shop.actor
    )
    ours = Import.objects.filter(pk=uploaded.pk)

    def work() -> None:
        ours.update(status=ImportStatus.CHECKING, may_add_companies=True)
        _run_job("exchange.check_import", import_id=str(uploaded.pk))
        ours.update(status=ImportStatus.RUNNING)
        _run_job("exchange.apply_import", import_id=str(uploaded.pk))
        assert ours.get(status=ImportStatus.DONE).creates == rows

    return work


def export_of_orders(stage: Stage, file_format: str) -> Work:
    """All orders there are, as a file."""
    from exchange.exporting.resources import EXPORT_RESOURCES
    from exchange.models.data_export import Export, ExportStatus
    from exchange.services.request_export import request_export

    export = request_export(
        resource=EXPORT_RESOURCES["orders"], query="", file_format=file_format, actor=stage.shop.actor
    )

    def work() -> None:
        _run_job("exchange.write_export", export_id=str(export.pk))
        assert Export.objects.get(pk=export.pk).status == ExportStatus.DONE

    return work


def confirmation(stage: Stage, orders: int) -> Work:
    """Payments of so many orders, confirmed from the list."""
    from crm.services.bulk.confirm_payments import bulk_confirm_payment
    from orders.states import OrderStatus

    keys = _place(stage, orders, status=OrderStatus.PENDING)

    def work() -> None:
        assert bulk_confirm_payment(ids=keys, actor=stage.shop.actor).changed == orders

    return work


def merge(stage: Stage, orders: int) -> Work:
    """A customer who has so many orders, merged into another."""
    from benchmarks.shop import customer_id
    from crm.services.merging.merge_customers import merge_customers
    from orders.models.order import Order
    from users.models.customer import Customer

    first = Customer.objects.create(name="Twice", email="twice@example.org")
    Order.objects.filter(pk__in=_place(stage, orders)).update(customer=first)
    return lambda: merge_customers(kept_id=customer_id(1), duplicate_id=first.pk, actor=stage.shop.actor)


def audit_of_orders(stage: Stage, orders: int) -> Work:
    """All checks of `manage.py audit`, with at least so many orders of three lines."""
    from orders.services.upkeep.audit_books import audit_books

    _place(stage, orders)
    return audit_books


def _run_job(name: str, **arguments: str) -> None:
    from procrastinate.contrib.django import app

    app.tasks[name].func(**arguments)


def _place(stage: Stage, orders: int, **wanted: object) -> list[UUID]:
    from benchmarks.shop import VARIANTS
    from orders.models.order import Order

    place_many(stage, orders=orders, variants=range(1, VARIANTS + 1), lines=_PLACED_LINES)
    return list(Order.objects.filter(**wanted).order_by("-id").values_list("pk", flat=True)[:orders])
