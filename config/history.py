"""Which tables have a history, and why the others have none. A model in neither list fails tests/architecture."""

from django.contrib.auth.models import Group
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from catalog.models.category import Category
from catalog.models.picture import Picture
from catalog.models.price_list import Price, PriceList
from catalog.models.product import Product
from catalog.models.seller import Seller
from catalog.models.seller_member import SellerMember
from catalog.models.tax import TaxRate, TaxRegion
from catalog.models.variant import Variant
from crm.models.activity import Activity
from crm.models.deal import Deal
from crm.models.deal_line import DealLine
from crm.models.email import Email, EmailTemplate
from crm.models.lead import Lead
from crm.models.order_mail import OrderMailTemplate
from crm.models.pipeline import Pipeline, Stage
from crm.models.saved_view import SavedView
from crm.models.segment import Segment
from crm.models.task import Task
from inventory.models.location import StockLocation
from orders.models.coupon import Coupon
from orders.models.draft import Draft, DraftLine
from orders.models.hold_policy import HoldPolicy
from orders.models.payment_method import PaymentMethod
from orders.models.shipping_method import ShippingMethod
from shared.history.tracking import Tracked
from shop.models.bank_account import BankAccount
from shop.models.shop import Shop
from users.models.api_key import ApiKey
from users.models.company import Company
from users.models.consent import Consent
from users.models.custom_field import CustomField
from users.models.customer import Customer
from users.models.customer_group import CustomerGroup
from users.models.role import Role
from users.models.sign_in import SignInFailures
from users.models.staff_session import StaffSession
from users.models.tag import Tag
from users.models.team import Team
from users.models.user import User
from webhooks.models.endpoint import Endpoint

_USE_OF_A_DEVICE = ("throttling_failure_timestamp", "throttling_failure_count", "last_used_at")
_SIGN_INS = "users.view_staffsession"  # how a colleague signs in
_USER_SECRETS = ("password", "calendar_token")

TRACKED = (
    Tracked(Shop, ignore=("updated_at", "version")),
    Tracked(BankAccount, parent="shop_id", keep=("iban",)),
    Tracked(Customer),
    Tracked(Customer.tags.through, parent="customer_id"),
    Tracked(Consent, parent="customer_id"),
    Tracked(Company),
    Tracked(CustomerGroup),
    Tracked(Tag),
    Tracked(CustomField),
    Tracked(Team),
    Tracked(User, redact=_USER_SECRETS, ignore=("last_login", "token_generation", "list_layouts")),
    Tracked(User.groups.through, parent="user_id"),
    Tracked(User.user_permissions.through, parent="user_id", right="auth.view_group"),
    Tracked(StaffSession, parent="user_id", redact=("session_key",), ignore=("last_seen_at", "session_key")),
    Tracked(
        SignInFailures,
        parent="user_id",
        ignore=("failures", "first_at", "last_at", "user_id"),
        operations="U",
        right=_SIGN_INS,
    ),
    Tracked(
        TOTPDevice, parent="user_id", right=_SIGN_INS, redact=("key",), ignore=("last_t", "drift", *_USE_OF_A_DEVICE)
    ),
    Tracked(StaticDevice, parent="user_id", right=_SIGN_INS, ignore=_USE_OF_A_DEVICE),
    Tracked(Group),
    Tracked(Role, parent="group_id"),
    Tracked(Group.permissions.through, parent="group_id", right="auth.view_group"),
    Tracked(ApiKey, redact=("secret_hash",), ignore=("updated_at", "last_used_at")),
    Tracked(Category),
    Tracked(Product),
    Tracked(Variant),
    Tracked(Picture, parent="product_id", keep=("alternative_text",)),
    Tracked(Seller),
    Tracked(SellerMember, parent="seller_id"),
    Tracked(StockLocation),
    Tracked(PriceList),
    Tracked(Price, parent="price_list_id", keep=("variant_id",)),
    Tracked(TaxRegion),
    Tracked(TaxRate, parent="region_id"),
    Tracked(ShippingMethod),
    Tracked(Coupon, ignore=("updated_at", "used_count")),
    Tracked(HoldPolicy),
    Tracked(PaymentMethod),
    Tracked(Draft),
    Tracked(DraftLine, parent="draft_id", keep=("variant_id",)),
    Tracked(Pipeline),
    Tracked(Stage, parent="pipeline_id", keep=("name",)),
    Tracked(Lead),
    Tracked(Deal),
    Tracked(DealLine, parent="deal_id", keep=("variant_id",)),
    Tracked(Task),
    Tracked(Segment, ignore=("updated_at", "member_count", "refreshed_at")),
    Tracked(SavedView),
    Tracked(EmailTemplate),
    Tracked(OrderMailTemplate),
    Tracked(
        Endpoint,
        redact=("secret", "previous_secret", "older_secrets"),
        ignore=("updated_at", "position", "failures", "failing_since", "held_until"),
    ),
    # The timeline says who wrote an entry and when; what happens to it afterwards is a change like any other.
    Tracked(Activity, operations="UD"),
    Tracked(Email, operations="UD"),
)

# By table. Nothing here may be about a person's master data without another book that follows it.
UNTRACKED = {
    "shared_kept_file": "content of pictures, never changed",
    "inventory_stock_level": "the stock ledger follows every change",
    "inventory_stock_movement": "is a ledger itself",
    "orders_order": "order events follow every change; placing must write nothing more",
    "orders_order_item": "belongs to the order's events",
    "orders_order_event": "is a history itself",
    "webhooks_delivery": "its attempts tell what happened",
    "webhooks_attempt": "is a history itself",
    "events_event": "made of histories",
    "events_aggregate_sequence": "a counter",
    "events_sequencer": "a counter",
    "events_stream_ticket": "good for a minute",
    "orders_payment": "refunds and the order's events follow every change",
    "orders_adjustment": "never changed once written",
    "orders_coupon_use": "belongs to the order's events",
    "orders_shipment": "the order's events follow every change",
    "orders_shipment_item": "never changed once written",
    "orders_return": "the order's events follow every change",
    "orders_return_item": "the order's events follow every change",
    "orders_dispute": "the order's events follow every change",
    "orders_refund": "the order's events follow every change",
    "orders_refund_item": "never changed once written",
    "orders_invoice": "never changed once written",
    "orders_invoice_series": "a counter",
    "orders_order_edit": "is a history itself",
    "inventory_backorder_count": "sums of backorders",
    "orders_backorder": "the order's events and the stock ledger follow every change",
    "inventory_stock_document": "the stock ledger follows what it did",
    "inventory_stock_document_line": "the stock ledger follows what it did",
    "payments_intent": "its operations and webhooks tell what happened",
    "payments_operation": "is a history itself",
    "payments_webhook_event": "kept as it came",
    "orders_reservation": "the stock ledger follows every change",
    "orders_sales_rollup": "sums of orders",
    "orders_daily_sales": "sums of orders",
    "orders_customer_sales": "sums of orders",
    "orders_archived_order": "what stays of orders whose history is in the archive",
    "orders_idempotency_key": "kept for 30 days, by machines",
    "crm_demo_row": "says itself what became of each row",
    "crm_default_view": "how a colleague likes a list to open",
    "crm_deal_stage_change": "is a history itself",
    "crm_segment_member": "computed anew by a job",
    "crm_duplicate_pair": "computed anew by a job; says itself who dismissed it",
    "crm_customer_merge": "is a history itself",
    "crm_merged_row": "is a history itself",
    "crm_order_mail": "says itself what was sent, and when",
    "crm_order_mail_progress": "how far a job came",
    "exchange_stored_file": "the file of an import or export",
    "exchange_file_chunk": "the file of an import or export",
    "exchange_export": "says itself who asked for what, and when",
    "exchange_import": "says itself who asked for what, and when",
    "exchange_import_row": "a line of a file",
    "exchange_import_change": "is a history itself",
    "users_known_place": "follows from sign-ins",
    "users_refresh_family": "follows from sign-ins over the API",
    "shared_alert": "says itself since when, a row for each rule",
    "shared_operation_run": "is a history itself",
    "shared_rate_limit_window": "counters",
    "shared_record_change": "is the history",
}
