"""Look and navigation of the admin (django-unfold): petrol with warm greys."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


def _may(permission: str) -> Callable[[HttpRequest], bool]:
    return lambda request: request.user.has_perm(permission)


def _item(title: str | Promise, icon: str, model: str, query: str = "", **extra: Any) -> dict[str, Any]:
    """A link to a model's list, for those who may view it; `model` is app.model."""
    app, name = model.split(".")
    url = reverse_lazy(f"admin:{app}_{name}_changelist")
    return {
        "title": title,
        "icon": icon,
        "link": (lambda request: f"{url}{query}") if query else url,
        "permission": _may(f"{app}.view_{name}"),
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


def _group(title: str | Promise, *items: dict[str, Any]) -> dict[str, Any]:
    return {"title": title, "separator": True, "collapsible": False, "items": list(items)}


_BOARD = {
    "title": _("Board"),
    "icon": "view_kanban",
    "link": reverse_lazy("admin:crm_deal_board"),
    "permission": _may("crm.view_deal"),
}
_TO_PACK = {
    "title": _("To pack"),
    "icon": "package_2",
    "link": reverse_lazy("admin:orders_shipment_worklist"),
    "permission": _may("orders.view_shipment"),
}
_HOLDS = {
    "title": _("How reservations end"),
    "icon": "hourglass_bottom",
    "link": reverse_lazy("admin:hold_report"),
    "permission": _may("orders.view_reservation"),
}
_HOME = {"title": _("Dashboard"), "icon": "dashboard", "link": reverse_lazy("admin:index")}
_API_DOCS = {"title": _("API documentation"), "icon": "api", "link": "/api/docs"}

_NAVIGATION = [
    _group(
        _("Sell"),
        _HOME,
        _item(_("Orders"), "receipt_long", "orders.order"),
        _TO_PACK,
        _item(_("Drafts and quotes"), "request_quote", "orders.draft"),
        _item(_("Shipments"), "local_shipping", "orders.shipment", active=_is_shipment_but_no_worklist),
        _item(_("Invoices"), "receipt", "orders.invoice"),
        _item(_("Payments"), "payments", "orders.payment"),
        _item(_("Refunds"), "currency_exchange", "orders.refund"),
        _item(_("Disputes"), "gavel", "orders.dispute"),
        _item(_("Payment intents"), "credit_card", "payments.paymentintent"),
        _item(_("Returns"), "assignment_return", "orders.return"),
        _item(_("Reservations"), "lock_clock", "orders.reservation"),
        _HOLDS,
        _item(_("Backorders"), "hourglass_top", "orders.backorder"),
    ),
    _group(
        _("Catalogue & stock"),
        _item(_("Products"), "inventory_2", "catalog.product"),
        _item(_("Variants"), "sell", "catalog.variant"),
        _item(_("Categories"), "category", "catalog.category"),
        _item(_("Price lists"), "request_quote", "catalog.pricelist"),
        _item(_("Coupons"), "confirmation_number", "orders.coupon"),
        _item(_("Tax regions"), "account_balance", "catalog.taxregion"),
        _item(_("Shipping methods"), "conveyor_belt", "orders.shippingmethod"),
        _item(_("Payment deadlines"), "timer", "orders.holdpolicy"),
        _item(_("Stock levels"), "warehouse", "inventory.stocklevel"),
        _item(_("Stock documents"), "inventory", "inventory.stockdocument"),
        _item(_("Stock ledger"), "menu_book", "inventory.stockmovement"),
        _item(_("Sellers"), "storefront", "catalog.seller"),
        _item(_("Locations"), "location_on", "inventory.stocklocation"),
    ),
    _group(
        _("CRM"),
        _item(_("Leads"), "person_search", "crm.lead"),
        _item(_("Deals"), "handshake", "crm.deal", active=_is_deal_but_no_board),
        _BOARD,
        _item(_("Tasks"), "task_alt", "crm.task"),
        _item(_("Activities"), "history", "crm.activity"),
        _item(_("Pipelines"), "linear_scale", "crm.pipeline"),
        _item(_("E-mails"), "mail", "crm.email"),
        _item(_("E-mail templates"), "stylus_note", "crm.emailtemplate"),
        _item(_("Order e-mails"), "outgoing_mail", "crm.ordermail"),
        _item(_("Order e-mail templates"), "edit_note", "crm.ordermailtemplate"),
    ),
    _group(
        _("People"),
        _item(_("Customers"), "group", "users.customer"),
        _item(_("Companies"), "apartment", "users.company"),
        _item(_("Duplicates"), "group_remove", "crm.duplicatepair"),
        _item(_("Merges"), "merge", "crm.customermerge"),
        _item(_("Customer groups"), "groups", "users.customergroup"),
        _item(_("Tags"), "label", "users.tag"),
        _item(_("Segments"), "group_work", "crm.segment"),
    ),
    _group(
        _("System"),
        _item(_("Imports"), "upload_file", "exchange.import") | {"permission": _may("users.import_records")},
        _item(_("Exports"), "download", "exchange.export") | {"permission": _may("users.export_records")},
        _item(_("Users"), "manage_accounts", "users.user"),
        _item(_("Roles"), "shield_person", "auth.group"),
        _item(_("API keys"), "key", "users.apikey"),
        _item(_("Own fields"), "list_alt_add", "users.customfield"),
        _item(_("Changes"), "manage_history", "shared.recordchange"),
        _item(_("Order events"), "history", "orders.orderevent"),
        _item(_("Provider operations"), "sync_alt", "payments.intentoperation"),
        _item(_("Webhooks"), "webhook", "payments.webhookevent"),
        _item(_("Jobs"), "schedule", "procrastinate.procrastinatejob"),
        _API_DOCS,
    ),
]


def _badge(number: int, variant: str) -> dict[str, str]:
    return {"badge": str(number), "badge_variant": variant} if number else {}


def _navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The sidebar, with the numbers of payments to give back, of open disputes and of levels to refill where there are
    any."""
    from catalog.seller_reach import sellers_of
    from crm.reads.low_stock import count_low_stock
    from crm.reads.waiting import count_open_disputes, count_refunds_due

    refunds = count_refunds_due() if request.user.has_perm("orders.view_payment") else 0
    disputes = count_open_disputes() if request.user.has_perm("orders.view_dispute") else 0
    refills = request.user.has_perm("inventory.adjust_stock") and sellers_of(request.user) is None
    low = count_low_stock() if refills else 0
    badges = {
        reverse_lazy("admin:orders_payment_changelist"): _badge(refunds, "danger"),
        reverse_lazy("admin:orders_dispute_changelist"): _badge(disputes, "danger"),
        reverse_lazy("admin:inventory_stocklevel_changelist"): _badge(low, "warning"),
    }

    def badged(item: dict[str, Any]) -> dict[str, Any]:
        return {**item, **badges.get(item["link"], {})}

    return [{**group, "items": [badged(item) for item in group["items"]]} for group in _NAVIGATION]


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
    "SITE_TITLE": "Kontor",
    "SITE_HEADER": "Kontor",
    "SITE_SUBHEADER": _("Customers, stock, orders"),
    "SITE_URL": None,
    "SITE_ICON": lambda request: static("crm/logo.svg"),
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
        lambda request: static("crm/accessibility.js"),
        lambda request: static("crm/keys.js"),
    ],
    "ACCOUNT": {
        "navigation": [
            {"title": _("My settings"), "link": reverse_lazy("admin:my_settings")},
            {"title": _("Sign-in and security"), "link": reverse_lazy("admin:security")},
        ]
    },
    "DASHBOARD_CALLBACK": "crm.dashboard.page.fill",
    "COMMAND": {"search_models": False, "show_history": False},  # what is found: crm.admin.search.views
    "SIDEBAR": {"show_search": True, "command_search": True, "show_all_applications": False, "navigation": _navigation},
}
