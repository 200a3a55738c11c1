"""A row in every table that has a rule, as the services make them."""

from datetime import UTC, datetime

from catalog.models.category import Category
from catalog.models.variant import Variant
from catalog.services.pictures.add_picture import add_picture
from crm.models.deal import Deal
from crm.models.lead import Lead
from crm.models.pipeline import Stage, StageKind
from crm.models.task import Task
from orders.models.order import Order
from orders.services.payments.confirm_payment import confirm_payment
from shared.actor import SYSTEM
from shared.database.operation_runs import record_run
from shared.models.alert import Alert
from shared.models.operation_run import OperationKind
from shared.models.rate_limit import RateLimitWindow
from shop.services.save_bank_account import save_bank_account
from tests.shop.every_table.crm import fill_crm
from tests.shop.every_table.edits import fill_edits
from tests.shop.every_table.payments import fill_payments
from tests.shop.every_table.pricing import fill_archive, fill_pricing
from tests.shop.every_table.shipping import fill_shipping
from tests.shop.every_table.sign_in import fill_sign_in
from tests.shop.every_table.stock import fill_stock
from tests.shop.every_table.webhooks import fill_webhooks
from tests.shop.goods import make_level
from tests.shop.orders import order_of
from tests.shop.people import CompanyFactory, make_buyer
from tests.shop.pictures import png
from users.models.api_key import ApiKey
from users.models.tag import Tag
from users.models.user import User


def fill_every_table() -> Order:
    """A pending order is among them."""
    buyer, level = make_buyer(), make_level(on_hand=10)
    Variant.objects.filter(pk=level.variant_id).update(barcode="4006381333931")
    pending, paid = order_of(buyer, (level, 2), key="once"), order_of(buyer, (level, 1))
    confirm_payment(order_id=paid.pk, actor=SYSTEM)
    save_bank_account(account_id=None, values={"iban": "DE89370400440532013000"})
    Variant.objects.filter(pk=level.variant_id).update(barcode="4006381333931")
    add_picture(product_id=level.variant.product_id, data=png())
    Category.objects.create(name="Lamps", slug="lamps")
    Tag.objects.create(name="Regular")
    ApiKey.objects.create(name="Till", owner=User.objects.all()[0], prefix="kontor_1", secret_hash="0" * 64)
    RateLimitWindow.objects.create(bucket="sign-in", count=1, expires_at=datetime(2030, 1, 1, tzinfo=UTC))
    record_run(OperationKind.AUDIT, began_at=datetime(2026, 1, 1, tzinfo=UTC), has_succeeded=True)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    Alert.objects.create(rule="KontorBooksAreWrong", looked_at=now, opened_at=now, raised_at=now)
    CompanyFactory.create()
    Lead.objects.create(name="Grace", email="grace@example.com")
    Task.objects.create(title="Call back")
    stage = Stage.objects.filter(kind=StageKind.OPEN)[0]
    deal = Deal.objects.create(
        title="40 chairs", customer=buyer.customer, pipeline=stage.pipeline, stage=stage, order_id=paid.pk
    )
    fill_sign_in(User.objects.all()[0])
    fill_webhooks(User.objects.all()[0])
    fill_crm(buyer, deal, variant_id=level.variant_id)
    fill_shipping(buyer, level)
    fill_payments(buyer, level)
    fill_pricing(buyer, make_level(on_hand=5))
    fill_stock(buyer, level)
    fill_edits(buyer, make_level(on_hand=4))
    fill_archive(buyer)
    return pending
