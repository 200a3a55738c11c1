"""Look and navigation of the admin (django-unfold): petrol with warm greys."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


def _if_may(permission: str) -> Callable[[HttpRequest], bool]:
    return lambda request: request.user.has_perm(permission)


def _menu_item(title: str | Promise, icon: str, model: str, query: str = "", **extra: Any) -> dict[str, Any]:
    """A link to a model's list, for those who may view it; `model` is app.model."""
    app, name = model.split(".")
    url = reverse_lazy(f"admin:{app}_{name}_changelist")
    return {
        "title": title,
        "icon": icon,
        "link": (lambda request: f"{url}{query}") if query else url,
        "permission": _if_may(f"{app}.view_{name}"),
        **extra,
    }


def _is_deal_but_no_board(request: HttpRequest) -> bool:
    """The board has an entry of its own below the deals' address."""
    deals = reverse_lazy("admin:crm_deal_changelist")
    return request.path.startswith(str(deals)) and not request.path.startswith(f"{deals}board/")


def _is_shipment_but_no_worklist(request: HttpRequest) -> bool:
    """The worklist has an entry of its own below the shipments' address."""
    shipments = reverse_lazy("admin:orders_shipment_changelist")
    return request.path.startswith(str(shipments)) and not request.path.startswith(f"{shipments}worklist/")


_STAFF, _BUYERS = "?is_staff__exact=1", "?is_staff__exact=0"


def _is_list_of_users(query: str) -> Callable[[HttpRequest], bool]:
    """Two entries lead to one list, each with a filter; a login's own page is neither's."""
    name, value = query.removeprefix("?").split("=")
    users = reverse_lazy("admin:users_user_changelist")
    return lambda request: request.path == str(users) and request.GET.get(name) == value


def _menu_group(title: str | Promise, *items: dict[str, Any]) -> dict[str, Any]:
    return {"title": title, "separator": True, "collapsible": False, "items": list(items)}


_BOARD = {
    "title": _("Board"),
    "icon": "view_kanban",
    "link": reverse_lazy("admin:crm_deal_board"),
    "permission": _if_may("crm.view_deal"),
}
_TO_PACK = {
    "title": _("To pack"),
    "icon": "package_2",
    "link": reverse_lazy("admin:orders_shipment_worklist"),
    "permission": _if_may("orders.view_shipment"),
}
_HOLDS = {
    "title": _("How reservations end"),
    "icon": "hourglass_bottom",
    "link": reverse_lazy("admin:hold_report"),
    "permission": _if_may("orders.view_reservation"),
}
_HOME = {"title": _("Dashboard"), "icon": "dashboard", "link": reverse_lazy("admin:index")}
_API_DOCS = {"title": _("API documentation"), "icon": "api", "link": "/api/docs"}

_NAVIGATION = [
    _menu_group(
        _("Sell"),
        _HOME,
        _menu_item(_("Orders"), "receipt_long", "orders.order"),
        _TO_PACK,
        _menu_item(_("Drafts and quotes"), "request_quote", "orders.draft"),
        _menu_item(_("Shipments"), "local_shipping", "orders.shipment", active=_is_shipment_but_no_worklist),
        _menu_item(_("Invoices"), "receipt", "orders.invoice"),
        _menu_item(_("Payments"), "payments", "orders.payment"),
        _menu_item(_("Refunds"), "currency_exchange", "orders.refund"),
        _menu_item(_("Disputes"), "gavel", "orders.dispute"),
        _menu_item(_("Payment intents"), "credit_card", "payments.paymentintent"),
        _menu_item(_("Returns"), "assignment_return", "orders.return"),
        _menu_item(_("Reservations"), "lock_clock", "orders.reservation"),
        _HOLDS,
        _menu_item(_("Backorders"), "hourglass_top", "orders.backorder"),
    ),
    _menu_group(
        _("Catalogue & stock"),
        _menu_item(_("Products"), "inventory_2", "catalog.product"),
        _menu_item(_("Variants"), "sell", "catalog.variant"),
        _menu_item(_("Categories"), "category", "catalog.category"),
        _menu_item(_("Price lists"), "request_quote", "catalog.pricelist"),
        _menu_item(_("Coupons"), "confirmation_number", "orders.coupon"),
        _menu_item(_("Tax regions"), "account_balance", "catalog.taxregion"),
        _menu_item(_("Shipping methods"), "conveyor_belt", "orders.shippingmethod"),
        _menu_item(_("Payment deadlines"), "timer", "orders.holdpolicy"),
        _menu_item(_("Stock levels"), "warehouse", "inventory.stocklevel"),
        _menu_item(_("Stock documents"), "inventory", "inventory.stockdocument"),
        _menu_item(_("Stock ledger"), "menu_book", "inventory.stockmovement"),
        _menu_item(_("Sellers"), "storefront", "catalog.seller"),
        _menu_item(_("Locations"), "location_on", "inventory.stocklocation"),
    ),
    _menu_group(
        _("CRM"),
        _menu_item(_("Leads"), "person_search", "crm.lead"),
        _menu_item(_("Deals"), "handshake", "crm.deal", active=_is_deal_but_no_board),
        _BOARD,
        _menu_item(_("Tasks"), "task_alt", "crm.task"),
        _menu_item(_("Activities"), "history", "crm.activity"),
        _menu_item(_("Pipelines"), "linear_scale", "crm.pipeline"),
        _menu_item(_("E-mails"), "mail", "crm.email"),
        _menu_item(_("E-mail templates"), "stylus_note", "crm.emailtemplate"),
        _menu_item(_("Order e-mails"), "outgoing_mail", "crm.ordermail"),
        _menu_item(_("Order e-mail templates"), "edit_note", "crm.ordermailtemplate"),
    ),
    _menu_group(
        _("People"),
        _menu_item(_("Customers"), "group", "users.customer"),
        _menu_item(_("Companies"), "apartment", "users.company"),
        _menu_item(_("Duplicates"), "group_remove", "crm.duplicatepair"),
        _menu_item(_("Merges"), "merge", "crm.customermerge"),
        _menu_item(_("Customer groups"), "groups", "users.customergroup"),
        _menu_item(_("Tags"), "label", "users.tag"),
        _menu_item(_("Segments"), "group_work", "crm.segment"),
    ),
    _menu_group(
        _("Settings"),
        _menu_item(_("Shop"), "store", "shop.shop"),
        _menu_item(_("Payment methods"), "account_balance_wallet", "orders.paymentmethod"),
    ),
    _menu_group(
        _("System"),
        _menu_item(_("Imports"), "upload_file", "exchange.import") | {"permission": _if_may("users.import_records")},
        _menu_item(_("Exports"), "download", "exchange.export") | {"permission": _if_may("users.export_records")},
        _menu_item(_("Staff"), "manage_accounts", "users.user", _STAFF, active=_is_list_of_users(_STAFF)),
        _menu_item(_("Buyers' logins"), "person", "users.user", _BUYERS, active=_is_list_of_users(_BUYERS)),
        _menu_item(_("Roles"), "shield_person", "auth.group"),
        _menu_item(_("API keys"), "key", "users.apikey"),
        _menu_item(_("Own fields"), "list_alt_add", "users.customfield"),
        _menu_item(_("Changes"), "manage_history", "shared.recordchange"),
        _menu_item(_("Order events"), "history", "orders.orderevent"),
        _menu_item(_("Provider operations"), "sync_alt", "payments.intentoperation"),
        _menu_item(_("Provider webhooks"), "call_received", "payments.webhookevent"),
        _menu_item(_("Events"), "rss_feed", "events.event"),
        _menu_item(_("Webhook endpoints"), "webhook", "webhooks.endpoint"),
        _menu_item(_("Webhook deliveries"), "outbox", "webhooks.delivery"),
        _menu_item(_("Jobs"), "schedule", "procrastinate.procrastinatejob"),
        _API_DOCS,
    ),
]


def _badge_of(number: int, variant: str) -> dict[str, str]:
    return {"badge": str(number), "badge_variant": variant} if number else {}


def _menu_of(request: HttpRequest) -> list[dict[str, Any]]:
    """The sidebar, with the numbers of payments to give back, of open disputes, of levels to refill and of
    endpoints that nothing is sent to any more, where there are any."""
    from catalog.seller_access import sellers_of
    from crm.reads.low_stock import count_low_stock
    from crm.reads.waiting import count_open_disputes, count_refunds_due
    from webhooks.endpoints.given_up import count_given_up

    refunds = count_refunds_due() if request.user.has_perm("orders.view_payment") else 0
    disputes = count_open_disputes() if request.user.has_perm("orders.view_dispute") else 0
    refills = request.user.has_perm("inventory.adjust_stock") and sellers_of(request.user) is None
    low = count_low_stock() if refills else 0
    given_up = count_given_up() if request.user.has_perm("webhooks.view_endpoint") else 0
    badges = {
        reverse_lazy("admin:orders_payment_changelist"): _badge_of(refunds, "danger"),
        reverse_lazy("admin:orders_dispute_changelist"): _badge_of(disputes, "danger"),
        reverse_lazy("admin:inventory_stocklevel_changelist"): _badge_of(low, "warning"),
        reverse_lazy("admin:webhooks_endpoint_changelist"): _badge_of(given_up, "danger"),
    }

    def badged(item: dict[str, Any]) -> dict[str, Any]:
        return {**item, **badges.get(item["link"], {})}

    return [{**group, "items": [badged(item) for item in group["items"]]} for group in _NAVIGATION]


def _shop_name(request: HttpRequest) -> str:
    """The header's and the sign-in page's. What there is no database for is told under Kontor's own name."""
    from shop.current import current_shop

    return str(current_shop())


def _shop_logo(request: HttpRequest) -> str:
    from shop.current import current_shop
    from shop.services.set_logo import logo_url

    return logo_url(current_shop()) or static("crm/logo.svg")


_PETROL = {
    "50": "oklch(97.5% .012 212)",
    "100": "oklch(94.6% .026 212)",
    "200": "oklch(89.4% .05 213)",
    "300": "oklch(82% .082 215)",
    "400": "oklch(73.5% .1 217)",
    "500": "oklch(60.5% .1 219)",
    "600": "oklch(47.5% .083 221)",
    "700": "oklch(41% .072 223)",
    "800": "oklch(35.5% .06 225)",
    "900": "oklch(31% .05 227)",
    "950": "oklch(23.5% .04 229)",
}
_WARM_GREY = {
    "50": "oklch(98.3% .003 84)",
    "100": "oklch(96.4% .004 84)",
    "200": "oklch(92.2% .005 82)",
    "300": "oklch(86.6% .006 80)",
    "400": "oklch(71% .009 76)",
    "500": "oklch(54% .01 72)",
    "600": "oklch(44% .01 70)",
    "700": "oklch(36.8% .009 68)",
    "800": "oklch(27% .008 66)",
    "900": "oklch(20.8% .007 64)",
    "950": "oklch(15% .006 62)",
}

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": _shop_name,
    "SITE_HEADER": _shop_name,
    "SITE_SUBHEADER": _("Customers, stock, orders"),
    "SITE_URL": None,
    "SITE_ICON": _shop_logo,
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("crm/logo.svg")},
    ],
    "SITE_DROPDOWN": [_HOME, _API_DOCS],
    "LOGIN": {"image": lambda request: static("crm/login.svg"), "form": "users.sign_in_pages.sign_in.SignInForm"},
    "BORDER_RADIUS": "6px",
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_LANGUAGES": True,
    "COLORS": {"primary": _PETROL, "base": _WARM_GREY},
    "STYLES": [lambda request: static("crm/admin.css")],
    "SCRIPTS": [
        lambda request: static("crm/admin.js"),
        lambda request: static("crm/pickers.js"),
        lambda request: static("crm/accessibility.js"),
        lambda request: static("crm/keys.js"),
        lambda request: static("crm/live.js"),
    ],
    "ACCOUNT": {
        "navigation": [
            {"title": _("My settings"), "link": reverse_lazy("admin:my_settings")},
            {"title": _("Sign-in and security"), "link": reverse_lazy("admin:security")},
        ]
    },
    "DASHBOARD_CALLBACK": "crm.dashboard.page.fill",
    "COMMAND": {"search_models": False, "show_history": False},  # what is found: crm.admin.search.views
    "SIDEBAR": {"show_search": True, "command_search": True, "show_all_applications": False, "navigation": _menu_of},
}
