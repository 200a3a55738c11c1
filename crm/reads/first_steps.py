"""What a new shop has done of its first steps, by what there is."""

from typing import Any

from django.db.models import Exists, Model, OuterRef, QuerySet
from django_otp.plugins.otp_totp.models import TOTPDevice

from catalog.models.product import Product
from catalog.models.variant import Variant
from crm.models.demo_row import DemoRow
from inventory.models.level import StockLevel
from inventory.models.movement import StockMovement
from orders.models.order import Order
from shared.models.operation_run import OperationKind, OperationRun
from shop.current import current_shop
from shop.models.shop import Shop
from users.models.user import User


def first_steps_done(user: User) -> dict[str, bool]:
    """By step, for the colleague who asks; what the demo shop brought is nobody's work. 1 statement, of a row from
    each index, besides the shop's own."""
    others = User.objects.filter(is_staff=True, is_active=True).exclude(pk=user.pk)
    products, orders = Product.objects.all(), Order.objects.all()
    movements: QuerySet[Any] = StockMovement.objects.all()
    if current_shop().demo_loaded_at is not None:
        others, products = others.exclude(_is_demo(User)), products.exclude(_is_demo(Product))
        orders = orders.exclude(_is_demo(Order))
        # By level, of which there are few: the demo shop's ledger is not walked through.
        moved = Exists(StockMovement.objects.filter(level=OuterRef("pk")))
        movements = StockLevel.objects.exclude(_is_demo(Variant, "variant")).filter(moved)
    backups = OperationRun.objects.filter(kind=OperationKind.BACKUP, has_succeeded=True)
    found = Shop.objects.values_list(
        "name",
        Exists(products),
        Exists(movements),
        Exists(others),
        "mail_worked_at",
        Exists(orders),
        Exists(TOTPDevice.objects.filter(user=user, confirmed=True)),
        Exists(backups),
    ).first()
    return dict(zip(STEPS, map(bool, found or (False,) * len(STEPS)), strict=True))


def _is_demo(model: type[Model], column: str = "pk") -> Exists:
    return Exists(DemoRow.objects.filter(table=model._meta.db_table, row=OuterRef(column)))


STEPS = ("name", "product", "stock", "colleague", "mail", "order", "second_factor", "backup")
