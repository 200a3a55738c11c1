"""The roles that Kontor brings, and what each may do: the one table.

docs/roles.md is written from it (`make roles`), `ensure_roles` makes groups of it, and a test walks every page and
route as every role. It names models of all apps by label, and imports none of them.
"""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_noop

from users.models.role import AccessLevel

VERBS: Final = {"v": "view", "a": "add", "c": "change", "d": "delete"}


@dataclass(frozen=True, slots=True)
class RoleKind:
    """`sees` and `changes` say whose customers, companies, leads, deals and tasks."""

    key: str
    does: str
    sees: AccessLevel = AccessLevel.ALL
    changes: AccessLevel = AccessLevel.ALL
    only_own_sellers: bool = False


ROLES: Final = (
    RoleKind("sales", gettext_noop("Wins customers and places their orders."), changes=AccessLevel.TEAM),
    RoleKind("warehouse", gettext_noop("Receives and counts stock, packs and ships orders.")),
    RoleKind("finance", gettext_noop("Confirms payments and gives money back; reads the rest.")),
    RoleKind(
        "seller", gettext_noop("A seller's own people: its orders and stock, and nobody else's."), only_own_sellers=True
    ),
    RoleKind("manager", gettext_noop("Runs the shop: everything but logins, roles and keys.")),
    RoleKind("admin", gettext_noop("Everything, logins, roles and keys included.")),
)

# model: what each role may do with it, in the order of ROLES; v view, a add, c change, d delete, - nothing.
MODELS: Final[dict[str, str]] = {
    #                               sales warehouse finance seller manager admin
    "shop.shop":                   "v     v         v       -      vc      vacd",
    "shop.bankaccount":            "v     -         v       -      vacd    vacd",
    "orders.order":                "va    v         v       v      vad     vacd",
    "orders.orderitem":            "v     v         v       v      v       vacd",
    "orders.payment":              "v     -         v       -      v       vacd",
    "orders.reservation":          "v     v         v       -      v       vacd",
    "orders.orderevent":           "v     v         v       -      v       vacd",
    "events.event":                "v     v         v       v      v       vacd",
    "events.aggregatesequence":    "-     -         -       -      v       vacd",
    "events.sequencer":            "-     -         -       -      v       vacd",
    "webhooks.endpoint":           "-     -         -       -      vacd    vacd",
    "webhooks.delivery":           "-     -         -       -      v       vacd",
    "webhooks.attempt":            "-     -         -       -      v       vacd",
    "events.streamticket":         "-     -         -       -      -       vacd",
    "shared.keptfile":             "-     -         -       -      -       vacd",
    "shared.idempotencykey":       "-     -         -       -      -       vacd",
    "orders.adjustment":           "v     -         v       -      v       vacd",
    "orders.orderedit":            "v     v         v       -      v       vacd",
    "orders.shipment":             "v     va        v       va     va      vacd",
    "orders.shipmentitem":         "v     va        v       va     va      vacd",
    "orders.return":               "va    v         va      -      va      vacd",
    "orders.returnitem":           "va    v         va      -      va      vacd",
    "orders.dispute":              "v     v         v       -      v       vacd",
    "orders.refund":               "v     -         va      -      va      vacd",
    "orders.refunditem":           "v     -         va      -      va      vacd",
    "orders.invoice":              "v     -         va      -      va      vacd",
    "orders.draft":                "vac   -         v       -      vac     vacd",
    "orders.draftline":            "vacd  -         v       -      vacd    vacd",
    "orders.coupon":               "v     -         v       -      vac     vacd",
    "orders.couponuse":            "v     -         v       -      v       vacd",
    "orders.shippingmethod":       "v     v         v       -      vac     vacd",
    "orders.paymentmethod":        "v     -         v       -      vac     vacd",
    "orders.holdpolicy":           "v     -         v       -      vacd    vacd",
    "payments.paymentintent":      "va    -         va      -      va      vacd",
    "payments.intentoperation":    "-     -         v       -      v       vacd",
    "payments.webhookevent":       "-     -         v       -      v       vacd",
    "catalog.pricelist":           "v     -         v       -      vac     vacd",
    "catalog.price":               "v     -         v       -      vacd    vacd",
    "catalog.taxregion":           "v     -         vac     -      vac     vacd",
    "catalog.taxrate":             "v     -         vacd    -      vacd    vacd",
    "inventory.stockdocument":     "-     vac       v       v      vac     vacd",
    "inventory.stockdocumentline": "-     vacd      v       v      vacd    vacd",
    "orders.backorder":            "v     v         v       v      v       vacd",
    "users.customergroup":         "v     -         v       -      vacd    vacd",
    "catalog.category":            "v     v         v       v      vacd    vacd",
    "catalog.product":             "v     v         v       v      vac     vacd",
    "catalog.variant":             "v     v         v       v      vac     vacd",
    "catalog.picture":             "v     v         v       v      vacd    vacd",
    "catalog.seller":              "v     v         v       v      vac     vacd",
    "catalog.sellermember":        "-     -         -       -      vacd    vacd",
    "inventory.stocklocation":     "v     vac       v       v      vac     vacd",
    "inventory.stocklevel":        "v     vac       v       v      vac     vacd",
    "inventory.stockmovement":     "-     v         v       v      v       vacd",
    "crm.lead":                    "vac   -         -       -      vacd    vacd",
    "crm.deal":                    "vac   -         v       -      vacd    vacd",
    "crm.dealline":                "vacd  -         v       -      vacd    vacd",
    "crm.dealstagechange":         "v     -         -       -      v       vacd",
    "crm.task":                    "vacd  vac       vac     -      vacd    vacd",
    "crm.activity":                "va    -         va      -      vacd    vacd",
    "crm.pipeline":                "v     -         -       -      vac     vacd",
    "crm.stage":                   "v     -         -       -      vac     vacd",
    "crm.segment":                 "vac   -         v       -      vacd    vacd",
    "crm.segmentmember":           "v     -         v       -      v       vacd",
    "crm.savedview":               "vacd  vacd      vacd    vacd   vacd    vacd",
    "crm.emailtemplate":           "v     -         v       -      vacd    vacd",
    "crm.email":                   "va    -         va      -      va      vacd",
    "crm.ordermailtemplate":       "v     -         -       -      vc      vacd",
    "crm.ordermail":               "va    v         va      -      va      vacd",
    "users.customer":              "vac   -         v       -      vacd    vacd",
    "crm.duplicatepair":           "v     -         -       -      v       vacd",
    "crm.customermerge":           "v     -         -       -      v       vacd",
    "crm.mergedrow":               "-     -         -       -      -       vacd",
    "users.company":               "vac   -         v       -      vacd    vacd",
    "users.tag":                   "va    -         v       -      vacd    vacd",
    "users.consent":               "va    -         -       -      va      vacd",
    "users.customfield":           "v     -         -       -      vacd    vacd",
    "users.team":                  "v     -         -       -      vacd    vacd",
    "users.user":                  "v     v         v       -      v       vacd",
    "users.staffsession":          "-     -         -       -      -       vacd",
    "users.apikey":                "-     -         -       -      -       vacd",
    "users.role":                  "-     -         -       -      v       vacd",
    "shared.alert":                "-     -         -       -      v       vacd",
    "shared.operationrun":         "-     -         -       -      v       vacd",
    "shared.recordchange":         "-     -         -       -      v       vacd",
    "auth.group":                  "-     -         -       -      v       vacd",
    "procrastinate.procrastinatejob": "- -         -       -      v       vacd",
}  # fmt: skip

# permission: what it is for, and who has it besides admin.
ACTIONS: Final[dict[str, tuple[str, set[str]]]] = {
    "orders.confirm_payment": (gettext_noop("Confirm payments"), {"finance", "manager"}),
    "orders.advance_order": (gettext_noop("Move orders on: processing, shipped, delivered"), {"warehouse", "manager"}),
    "orders.cancel_order": (gettext_noop("Cancel orders"), {"sales", "finance", "manager"}),
    "orders.agree_prices": (gettext_noop("Agree prices other than the catalogue's"), {"sales", "manager"}),
    "orders.edit_order": (gettext_noop("Change the lines of orders"), {"sales", "manager"}),
    "orders.ship_unsettled": (
        gettext_noop("Ship orders that are not paid in full or disputed"),
        {"finance", "manager"},
    ),
    "orders.refund_order": (gettext_noop("Refund orders and handle returns"), {"finance", "manager"}),
    "inventory.adjust_stock": (gettext_noop("Receive and adjust stock"), {"warehouse", "manager"}),
    "users.merge_customers": (gettext_noop("Merge duplicate customers"), {"sales", "manager"}),
    "users.export_person": (gettext_noop("Export all data about a person"), {"manager"}),
    "users.erase_customers": (gettext_noop("Erase all data about a person"), {"manager"}),
    "users.import_records": (gettext_noop("Import from files"), {"manager"}),
    "users.export_records": (gettext_noop("Export lists to files"), {"finance", "manager"}),
}

# What a permission was enough for before Kontor knew its own: who held it keeps what they could do.
FORMERLY: Final[dict[str, tuple[str, ...]]] = {
    "orders.change_order": ("orders.confirm_payment", "orders.advance_order", "orders.cancel_order"),
    "inventory.change_stocklevel": ("inventory.adjust_stock",),
    "orders.change_draft": ("orders.agree_prices",),
    "crm.change_deal": ("orders.agree_prices",),
    "users.erase_customers": ("users.export_person",),
}


def letters(model: str, key: str) -> str:
    """What the role may do with the model: letters of VERBS, none for nothing."""
    columns = MODELS[model].split()
    return columns[[role.key for role in ROLES].index(key)].strip("-")


def permissions_of(key: str) -> set[str]:
    """Every permission of the role, as app_label.codename."""
    app_and_name = {model: model.split(".") for model in MODELS}
    held = {f"{app}.{VERBS[x]}_{name}" for model, (app, name) in app_and_name.items() for x in letters(model, key)}
    return held | {action for action, (_, keys) in ACTIONS.items() if key == "admin" or key in keys}
