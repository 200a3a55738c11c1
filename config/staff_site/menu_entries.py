"""What the menu leads to: a dozen entries for the day, the rest under Settings and Developers.

Why: docs/decisions/menu.md.
"""

from dataclasses import dataclass
from functools import cache

from django.http import HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
_OPENING = "opening=1"  # shared.admin.base.FROM_MENU, which comes with the admin's pages


@cache
def _address_of(page: str, _prefix: str) -> str:
    """Found once a process: a page asks each of them several times, which took a third of what drawing a list does."""
    return page if page.startswith("/") else reverse(page)


@dataclass(frozen=True, slots=True, eq=False)
class MenuLink:
    """A page for who has the permission; none asked: for all staff. There is one of each, so they are not compared by
    their titles."""

    title: Text
    page: str  # its name, or its address
    permission: str = ""
    opens: bool = False  # the list opens with what is still to be done
    query: str = ""  # of a list that more than one link leads to: a filter, name=value

    @property
    def url(self) -> str:
        return _address_of(self.page, get_script_prefix())

    @property
    def address(self) -> str:
        query = _OPENING if self.opens else self.query
        return f"{self.url}?{query}" if query else self.url

    def is_near(self, request: HttpRequest) -> bool:
        """Whether the page is this one or stands below it."""
        name, _sign, value = self.query.partition("=")
        if request.GET.get(name, value) != value:
            return False
        return request.path.startswith(self.url)

    def is_for(self, request: HttpRequest) -> bool:
        return not self.permission or bool(request.user.has_perm(self.permission))


@dataclass(frozen=True, slots=True, eq=False)
class MenuEntry:
    """One line of the menu. It leads to the first of its lists that the colleague may see; the others stand above
    each of them."""

    title: Text
    icon: str
    links: tuple[MenuLink, ...]

    def links_for(self, request: HttpRequest) -> list[MenuLink]:
        return [link for link in self.links if link.is_for(request)]


def _list(title: Text, model: str, permission: str = "", query: str = "", *, opens: bool = False) -> MenuLink:
    """The list of a model, named app.model, for who may view it."""
    app, name = model.split(".")
    return MenuLink(title, f"admin:{app}_{name}_changelist", permission or f"{app}.view_{name}", opens, query)


def _entry(title: Text, icon: str, *links: MenuLink) -> MenuEntry:
    return MenuEntry(title, icon, links)


def _alone(title: Text, icon: str, model: str, permission: str = "", *, opens: bool = False) -> MenuEntry:
    return MenuEntry(title, icon, (_list(title, model, permission, opens=opens),))


HOME = MenuEntry(_("Dashboard"), "dashboard", (MenuLink(_("Dashboard"), "admin:index"),))
API_DOCS = MenuEntry(_("API documentation"), "api", (MenuLink(_("API documentation"), "/api/docs"),))
_BOARD = MenuLink(_("Board"), "admin:crm_deal_board", "crm.view_deal")
_TO_PACK = MenuLink(_("To pack"), "admin:orders_shipment_worklist", "orders.view_shipment")
_HOLDS = MenuLink(_("Reservation outcomes"), "admin:hold_report", "orders.view_reservation")

_DAY = (
    HOME,
    _entry(
        _("Orders"),
        "receipt_long",
        _list(_("Orders"), "orders.order", opens=True),
        MenuLink(_("New order"), "admin:orders_order_add", "orders.add_order"),
        MenuLink(_("Board"), "admin:orders_order_board", "orders.view_order"),
        _list(_("Drafts and quotes"), "orders.draft", opens=True),
        _list(_("Returns"), "orders.return", opens=True),
        _list(_("Reservations"), "orders.reservation", opens=True),
        _list(_("Backorders"), "orders.backorder"),
        _HOLDS,
    ),
    _entry(_("Shipping"), "package_2", _TO_PACK, _list(_("Shipments"), "orders.shipment")),
    _entry(
        _("Money"),
        "payments",
        _list(_("Payments"), "orders.payment"),
        _list(_("Refunds"), "orders.refund", opens=True),
        _list(_("Disputes"), "orders.dispute", opens=True),
        _list(_("Invoices"), "orders.invoice"),
    ),
    _entry(
        _("Customers"),
        "group",
        _list(_("Customers"), "users.customer"),
        _list(_("Companies"), "users.company"),
        _list(_("Segments"), "crm.segment"),
        _list(_("Duplicates"), "crm.duplicatepair"),
        _list(_("Merges"), "crm.customermerge"),
    ),
    _alone(_("Leads"), "person_search", "crm.lead", opens=True),
    _entry(_("Deals"), "handshake", _list(_("Deals"), "crm.deal", opens=True), _BOARD),
    _alone(_("Tasks"), "task_alt", "crm.task", opens=True),
    _entry(
        _("E-mails"),
        "mail",
        _list(_("E-mails"), "crm.email"),
        _list(_("Order e-mails"), "crm.ordermail"),
        _list(_("Activities"), "crm.activity"),
    ),
    _entry(
        _("Products"),
        "inventory_2",
        _list(_("Products"), "catalog.product"),
        _list(_("Variants"), "catalog.variant"),
        _list(_("Categories"), "catalog.category"),
    ),
    _entry(
        _("Prices"),
        "sell",
        _list(_("Price lists"), "catalog.pricelist"),
        _list(_("Coupons"), "orders.coupon"),
    ),
    _entry(
        _("Stock"),
        "warehouse",
        _list(_("Stock levels"), "inventory.stocklevel"),
        _list(_("Stock documents"), "inventory.stockdocument"),
        _list(_("Stock ledger"), "inventory.stockmovement"),
    ),
)
_SETTINGS = (
    _alone(_("Shop"), "store", "shop.shop"),
    _alone(_("Payment methods"), "account_balance_wallet", "orders.paymentmethod"),
    _alone(_("Payment deadlines"), "timer", "orders.holdpolicy"),
    _alone(_("Shipping methods"), "conveyor_belt", "orders.shippingmethod"),
    _alone(_("Tax regions"), "account_balance", "catalog.taxregion"),
    _entry(
        _("Sellers"),
        "storefront",
        _list(_("Sellers"), "catalog.seller"),
        _list(_("Locations"), "inventory.stocklocation"),
    ),
    _entry(
        _("Pipelines"),
        "linear_scale",
        _list(_("Pipelines"), "crm.pipeline"),
        _list(_("Stages"), "crm.stage"),
    ),
    _entry(
        _("E-mail templates"),
        "stylus_note",
        _list(_("E-mail templates"), "crm.emailtemplate"),
        _list(_("Order e-mail templates"), "crm.ordermailtemplate"),
    ),
    _entry(
        _("Custom fields"),
        "list_alt_add",
        _list(_("Custom fields"), "users.customfield"),
        _list(_("Tags"), "users.tag"),
        _list(_("Customer groups"), "users.customergroup"),
    ),
    _entry(
        _("Users"),
        "manage_accounts",
        _list(_("Staff"), "users.user", query="is_staff__exact=1"),
        _list(_("Buyers' logins"), "users.user", query="is_staff__exact=0"),
        _list(_("Roles"), "auth.group"),
        _list(_("Teams"), "users.team"),
    ),
    _entry(
        _("Imports"),
        "upload_file",
        _list(_("Imports"), "exchange.import", "users.import_records"),
        _list(_("Exports"), "exchange.export", "users.export_records"),
    ),
    _alone(_("Changes"), "manage_history", "shared.recordchange"),
)
_DEVELOPERS = (
    _alone(_("API keys"), "key", "users.apikey"),
    _entry(
        _("Webhook endpoints"),
        "webhook",
        _list(_("Webhook endpoints"), "webhooks.endpoint"),
        _list(_("Webhook deliveries"), "webhooks.delivery"),
    ),
    _entry(
        _("Events"),
        "rss_feed",
        _list(_("Events"), "events.event"),
        _list(_("Order events"), "orders.orderevent"),
    ),
    _entry(
        _("Payment providers"),
        "sync_alt",
        _list(_("Payment intents"), "payments.paymentintent"),
        _list(_("Provider operations"), "payments.intentoperation"),
        _list(_("Provider webhooks"), "payments.webhookevent"),
    ),
    MenuEntry(
        _("System"),
        "monitor_heart",
        (
            MenuLink(_("System"), "admin:system", "shared.view_operationrun"),
            _list(_("Jobs"), "procrastinate.procrastinatejob"),
        ),
    ),
    API_DOCS,
)
# Title of a group, and whether it is folded up until one of its pages is open.
GROUPS: tuple[tuple[Text, bool, tuple[MenuEntry, ...]], ...] = (
    ("", False, _DAY),
    (_("Settings"), True, _SETTINGS),
    (_("Developers"), True, _DEVELOPERS),
)
