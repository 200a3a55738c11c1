"""What a new shop has done of its first steps, by what there is."""

from django.db.models import Exists
from django_otp.plugins.otp_totp.models import TOTPDevice

from catalog.models.product import Product
from inventory.models.movement import StockMovement
from orders.models.order import Order
from shared.models.operation_run import OperationKind, OperationRun
from shop.models.shop import Shop
from users.models.user import User


def first_steps_done(user: User) -> dict[str, bool]:
    """By step, for the colleague who asks. 1 statement, of a row from each index."""
    others = User.objects.filter(is_staff=True, is_active=True).exclude(pk=user.pk)
    backups = OperationRun.objects.filter(kind=OperationKind.BACKUP, has_succeeded=True)
    found = Shop.objects.values_list(
        "name",
        Exists(Product.objects.all()),
        Exists(StockMovement.objects.all()),
        Exists(others),
        "mail_worked_at",
        Exists(Order.objects.all()),
        Exists(TOTPDevice.objects.filter(user=user, confirmed=True)),
        Exists(backups),
    ).first()
    return dict(zip(STEPS, map(bool, found or (False,) * len(STEPS)), strict=True))


STEPS = ("name", "product", "stock", "colleague", "mail", "order", "second_factor", "backup")
