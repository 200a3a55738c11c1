"""What each scope of an API key covers: the tables that may be read with it, and those that may be written.

Whoever may write a thing may read it, because the answer shows it. tests/rights/test_scopes.py drives every route
with the scopes that it asks for and holds the statements against this.
"""

from typing import NamedTuple

from users.models.api_key import Scope


class Covers(NamedTuple):
    reads: frozenset[str] = frozenset()
    writes: frozenset[str] = frozenset()


def _named(app: str, names: str) -> frozenset[str]:
    return frozenset(f"{app}_{name}" for name in names.split())


# What everybody may read: what is sold, whether it is there, how it travels and is paid; and of the shop what counts
# where nothing else is said, such as the region of a phone number, and what its documents show.
PUBLIC = _named("catalog", "category product variant seller picture") | _named(
    "inventory", "stock_level stock_location"
)
PUBLIC |= _named("orders", "shipping_method payment_method") | _named("shop", "shop bank_account")
# What a price and a deadline depend on: who buys, and the shop's terms. The number on documents may be the company's.
TERMS = _named("catalog", "price price_list tax_region tax_rate") | _named("orders", "coupon hold_policy")
BUYER = _named("users", "customer customer_group company")
ORDER = _named("orders", "order order_item order_event reservation adjustment backorder idempotency_key order_edit")
ORDER |= _named("orders", "archived_order")
PAPERS = _named("orders", "draft draft_line invoice invoice_series shipment shipment_item return return_item")
MONEY = _named("orders", "payment refund refund_item dispute") | _named("payments", "intent operation")
# An order's life holds, sells and gives back stock.
STOCK = _named("inventory", "stock_level stock_movement backorder_count")
STOCK_PAPERS = _named("inventory", "stock_location stock_document stock_document_line")
PEOPLE = _named("users", "customer customer_tag tag company customer_group custom_field")
CRM = _named("crm", "lead deal deal_line deal_stage_change task activity pipeline stage segment segment_member")
CRM |= _named("crm", "duplicate_pair customer_merge merged_row") | _named("users", "tag consent custom_field")
LOGINS = _named("users", "user user_groups customer") | _named("auth", "group")

SHOP = _named("shop", "shop bank_account")

_ORDERS = ORDER | PAPERS | MONEY
_BOOKS = _ORDERS | TERMS | BUYER
# All that is kept about a person, and what may point at them.
_ALL_OF_A_PERSON = (
    PEOPLE | CRM | _ORDERS | LOGINS | _named("crm", "email order_mail saved_view") | _named("shared", "record_change")
)
_TO_FORGET = _named("users", "sign_in_failures known_place api_key staff_session refresh_family") | _named(
    "shared", "rate_limit_window"
)
_TO_FORGET |= _named("token_blacklist", "outstandingtoken")
_TO_FORGET |= _named("otp", "static_staticdevice static_statictoken totp_totpdevice")
_TO_FORGET |= _named("django", "admin_log") | _named("payments", "webhook_event")
_TO_FORGET |= _named("exchange", "import export import_row import_change stored_file")
_TO_FORGET |= _named("orders", "coupon_use customer_sales")

SCOPES: dict[str, Covers] = {
    Scope.SHOP_READ: Covers(SHOP),
    Scope.SHOP_WRITE: Covers(SHOP, SHOP | _named("shared", "kept_file")),
    Scope.ORDERS_READ: Covers(_BOOKS),
    Scope.ORDERS_WRITE: Covers(_BOOKS | STOCK, ORDER | PAPERS | STOCK | _named("orders", "coupon_use")),
    Scope.MCP: Covers(),  # opens a door; what is done behind it asks for the other scopes: tests/mcp_server
    Scope.PRICES_WRITE: Covers(),  # lets other prices into drafts and orders: test_agreed_prices.py
    # Money decides what becomes of an order and its goods, and of what came back.
    Scope.PAYMENTS_WRITE: Covers(_BOOKS | STOCK, ORDER | MONEY | STOCK | _named("orders", "return")),
    Scope.CATALOG_WRITE: Covers(
        PUBLIC | TERMS,
        _named("catalog", "category product variant seller picture price price_list tax_region tax_rate")
        | _named("inventory", "stock_location")
        | _named("shared", "kept_file")
        | _named("orders", "coupon shipping_method payment_method"),
    ),
    Scope.STOCK_READ: Covers(STOCK | STOCK_PAPERS),
    # What comes in fills the orders that wait for it.
    Scope.STOCK_WRITE: Covers(STOCK | STOCK_PAPERS | ORDER, STOCK | STOCK_PAPERS | ORDER),
    Scope.CUSTOMERS_READ: Covers(PEOPLE),
    Scope.CUSTOMERS_WRITE: Covers(PEOPLE | LOGINS, PEOPLE),
    Scope.USERS_READ: Covers(LOGINS),
    Scope.CRM_READ: Covers(CRM),
    Scope.CRM_WRITE: Covers(CRM | BUYER | LOGINS, CRM),
    Scope.WEBHOOKS_WRITE: Covers(_named("webhooks", "attempt"), _named("webhooks", "endpoint delivery")),
    # What an event says; whose it is decides who sees it.
    Scope.EVENTS_READ: Covers(_named("events", "event sequencer"), _named("events", "stream_ticket")),
    Scope.PRIVACY_READ: Covers(_ALL_OF_A_PERSON),
    Scope.PRIVACY_ERASE: Covers(_ALL_OF_A_PERSON | _TO_FORGET, _ALL_OF_A_PERSON | _TO_FORGET),
}

# Kept by every request, whatever it is about: counters, jobs to do, what was asked before, history by triggers.
MACHINERY = _named("shared", "rate_limit_window idempotent_request record_change") | _named(
    "procrastinate", "jobs events periodic_defers"
)

# Merging says of every row that it is the other customer's now, and changes nothing else of it.
_MERGED = (
    _ORDERS | PEOPLE | LOGINS | _named("orders", "coupon_use customer_sales sales_rollup") | _named("crm", "email")
)
_MERGING = Covers(_MERGED, _MERGED)

# What a route touches beyond its scopes, each with its reason.
BESIDES: dict[str, Covers] = {
    "merge-list (create)": _MERGING,
    "merge-preview (preview)": Covers(_MERGED),  # counts
    "merge-undo (undo)": _MERGING,
    # Whether something names the customer still: yes or no.
    "customer-detail (destroy)": Covers(
        _named("orders", "order draft coupon_use archived_order") | _named("crm", "deal")
    ),
}
