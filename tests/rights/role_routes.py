"""What a role needs for every page of the admin and every route of the API. A new one fails until it has an entry."""

from typing import NamedTuple

from crm.services.privacy.export_person import EXPORT_NEEDS


class Need(NamedTuple):
    """Permissions, all of them, to look and to do; none: every member of staff may."""

    look: tuple[str, ...] = ()
    do: tuple[str, ...] | None = None

    def of(self, method: str) -> tuple[str, ...]:
        return self.look if method == "GET" or self.do is None else self.do


STAFF = Need()
_EXPORT = Need(("users.export_records",))
_IMPORT = Need(("users.import_records",))

# A page of a model's own, by the end of its name: what Django asks for.
MODEL_PAGES = {
    "changelist": ("view", "view"),
    "add": ("add", "add"),
    "change": ("view", "change"),
    "delete": ("delete", "delete"),
    "history": ("view", "view"),
}

# Pages for whom no right decides: signing in and out, and what answers everybody alike.
UNDECIDED = {"login", "logout", "app_list", "second_factor"}
# Nothing is kept there, and Django leads away from it before it asks for rights.
UNDECIDED |= {"procrastinate_procrastinatejob_history", "exchange_export_history", "exchange_import_history"}

PAGES = {
    "index": STAFF,
    "jsi18n": STAFF,
    "password_change": STAFF,
    "password_change_done": STAFF,
    "autocomplete": STAFF,  # asks for the right to view what is looked for: test_autocomplete…
    "view_on_site": STAFF,
    "search": STAFF,  # each kind of answer asks for its own right: test_the_search_box…
    "saved_view_save": STAFF,  # of a list that they may see
    "list_columns": STAFF,  # of a list that they may see
    "saved_view_change": STAFF,  # of one's own, or the choice of what a list opens with
    "first_steps_dismiss": Need(("shop.change_shop",)),
    "first_steps_mail": Need(("shop.change_shop",)),
    "shop_shop_show_first_steps": Need(("shop.change_shop",)),
    "demo_shop": Need(("shop.change_shop", "users.delete_user")),
    "demo_shop_hide": STAFF,
    "session": STAFF,
    "hold_report": Need(("orders.view_reservation",)),
    "system": Need(("shared.view_operationrun",)),
    "my_settings": STAFF,
    "settings": STAFF,
    "order_comment": Need(("crm.add_activity", "orders.view_order")),
    "deal_comment": Need(("crm.add_activity", "crm.view_deal")),
    "customer_email": Need(("crm.add_email", "users.view_customer")),
    "crm_email_again": Need(("crm.add_email",)),
    "auth_user_password_change": Need(("users.change_user",)),
    "users_user_invite": Need(("users.add_user",)),
    "users_user_invite_again": Need(("users.change_user",)),
    "users_user_sign_in": Need(("users.change_user",)),
    "users_user_reset_second_factor": Need(("users.change_user",)),
    "crm_duplicatepair_of": Need(("users.merge_customers",)),
    "crm_duplicatepair_merge": Need(("users.merge_customers",)),
    "crm_duplicatepair_dismiss": Need(("users.merge_customers",)),
    "crm_customermerge_undo": Need(("users.merge_customers",)),
    "crm_segment_members": Need(("users.view_customer",)),
    "crm_segment_refresh": Need(("crm.change_segment",)),
    "users_customer_addresses": Need(("users.change_customer",)),
    "users_customer_consent": Need(("users.add_consent",)),
    "users_customer_export_json": Need(EXPORT_NEEDS),
    "users_customer_export_pdf": Need(EXPORT_NEEDS),
    "users_customer_erase": Need(("users.erase_customers",)),
    "users_customer_restore": Need(("users.delete_customer",)),
    "catalog_product_offer_again": Need(("catalog.change_product",)),
    "catalog_product_stop_offering": Need(("catalog.change_product",)),
    "catalog_variant_offer_again": Need(("catalog.change_variant",)),
    "catalog_variant_stop_offering": Need(("catalog.change_variant",)),
    "orders_order_remove": Need(("orders.delete_order",)),
    "orders_order_restore": Need(("orders.delete_order",)),
    "crm_ordermail_again": Need(("crm.add_ordermail",)),
    "exchange_export_of": _EXPORT,
    "exchange_export_progress": _EXPORT,
    "exchange_export_file": _EXPORT,
    "exchange_export_changelist": _EXPORT,
    "exchange_export_change": _EXPORT,
    "exchange_import_progress": _IMPORT,
    "exchange_import_errors": _IMPORT,
    "exchange_import_changelist": _IMPORT,
    "exchange_import_add": _IMPORT,
    "exchange_import_change": _IMPORT,
    "bulk": Need(("crm.change_task",)),  # the right to change what is chosen; ARGUMENTS choose tasks
    "security": STAFF,
    "backup_codes": STAFF,
    "remove_second_factor": STAFF,
    "enrol_second_factor": STAFF,
    "end_session": STAFF,
    "end_other_sessions": STAFF,
    "inventory_stocklevel_adjust_stock": Need(("inventory.adjust_stock",)),
    "inventory_stocklevel_receive_stock": Need(("inventory.adjust_stock",)),
    "inventory_stockdocument_apply_document": Need(("inventory.adjust_stock",)),
    "inventory_stockdocument_paste_lines": Need(("inventory.change_stockdocument",)),
    "inventory_stockdocument_cancel_document": Need(("inventory.change_stockdocument",)),
    "inventory_stockdocument_count_sheet": Need(("inventory.view_stockdocument",)),
    "inventory_stockdocument_start_stocktake": Need(("inventory.add_stockdocument",)),
    "crm_deal_move": Need(("crm.change_deal",)),
    "crm_deal_board": Need(("crm.view_deal",)),
    "crm_deal_board_move": Need(("crm.change_deal",)),
    "crm_deal_place_order": Need(("crm.change_deal", "orders.add_order")),
    "crm_deal_price": Need(("crm.view_deal",)),
    "crm_lead_convert": Need(("crm.change_lead", "users.add_customer")),
    "crm_task_complete": Need(("crm.change_task",)),
    "orders_order_board": Need(("orders.view_order",)),
    "orders_order_advance": Need(("orders.advance_order",)),
    "orders_order_cancel": Need(("orders.cancel_order",)),
    "orders_draft_make_order": Need(("orders.view_draft", "orders.add_order")),
    "orders_draft_send": Need(("orders.change_draft",)),
    "orders_draft_decline": Need(("orders.change_draft",)),
    "orders_draft_pdf": Need(("orders.view_draft",)),
    "orders_order_duplicate": Need(("orders.add_order",)),
    "catalog_variant_find": Need(("catalog.view_variant",)),
    "users_customer_find": Need(("users.view_customer",)),
    "orders_order_extend": Need(("orders.add_order",)),
    "orders_order_edit_lines": Need(("orders.edit_order",)),
    "orders_order_change_addresses": Need(("orders.change_order",)),
    "orders_order_change_tax_number": Need(("orders.change_order",)),
    "orders_order_pack": Need(("orders.add_shipment",)),
    "orders_order_invoice": Need(("orders.add_invoice",)),
    "orders_shipment_send": Need(("orders.add_shipment",)),
    "orders_shipment_deliver": Need(("orders.add_shipment",)),
    "orders_shipment_unpack": Need(("orders.add_shipment",)),
    "orders_shipment_packing_slip": Need(("orders.view_shipment",)),
    "orders_shipment_worklist": Need(("orders.view_shipment",)),
    "orders_invoice_pdf": Need(("orders.view_invoice",)),
    "orders_payment_accept_short": Need(("orders.confirm_payment",)),
    "orders_payment_mark_settled": Need(("orders.confirm_payment",)),
    "orders_payment_refund_overpayment": Need(("orders.refund_order",)),
    "payments_paymentintent_capture": Need(("orders.confirm_payment",)),
    "payments_paymentintent_void": Need(("orders.confirm_payment",)),
    **dict.fromkeys(
        [f"webhooks_endpoint_{name}" for name in ("send_test", "replay", "rotate", "disable", "enable")],
        Need(("webhooks.change_endpoint",)),
    ),
    "webhooks_delivery_redeliver": Need(("webhooks.change_endpoint",)),
    "payments_webhookevent_replay": Need(("orders.confirm_payment",)),
    "orders_order_confirm_payment": Need(("orders.confirm_payment",)),
    "orders_order_refund": Need(("orders.refund_order",)),
    "orders_order_cancel_paid": Need(("orders.refund_order", "orders.cancel_order")),
    "orders_order_take_back": Need(("orders.add_return",)),
    "orders_dispute_close": Need(("orders.refund_order",)),
    "orders_refund_settle": Need(("orders.refund_order",)),
    "orders_refund_retry": Need(("orders.refund_order",)),
    "orders_return_approve": Need(("orders.refund_order",)),
    "orders_return_reject": Need(("orders.refund_order",)),
    "orders_return_receive": Need(("orders.refund_order",)),
    "orders_return_refund": Need(("orders.refund_order",)),
    "orders_return_withdraw": Need(("orders.add_return",)),
    "users_apikey_revoke": Need(("users.change_apikey",)),
    "catalog_product_page": Need(("catalog.view_product",)),
    "users_customer_page": Need(("users.view_customer",), ("users.view_customer", "crm.add_activity")),
}

# Only one's own are there for whoever is no superuser; tests/exchange/test_import.py tells of that.
ONES_OWN = {"exchange_import_progress", "exchange_import_errors", "exchange_import_change"}

# What a page's address needs besides a row of its model.
ARGUMENTS = {
    "exchange_export_of": {"name": "customers"},
    "view_on_site": {"content_type_id": "1", "object_id": "1"},
    "bulk": {"label": "crm.task", "name": "complete"},
    "end_session": {"session_id": "01900000-0000-7000-8000-000000000000"},
}

# A route's base name: its model, and what each action needs that is not Django's own right for the model.
PUBLIC = "public"
RESOURCES: dict[str, tuple[str, dict[str, Need | str]]] = {
    "order": (
        "orders.order",
        {
            "active": Need(("orders.view_order",)),
            "payment": Need(("orders.confirm_payment",)),
            "advance": Need(("orders.advance_order",)),
            "preview": Need(("orders.add_order",)),
            "destroy": Need(("orders.cancel_order",)),
        },
    ),
    "order-item": ("orders.orderitem", {}),
    "backorder": ("orders.backorder", {}),
    "refund": ("orders.refund", dict.fromkeys(("settlement", "retry"), Need(("orders.refund_order",)))),
    "order-refund": ("orders.refund", {"create": Need(("orders.refund_order",))}),
    "draft": (
        "orders.draft",
        {
            **dict.fromkeys(("sending", "decline"), Need(("orders.change_draft",))),
            "order": Need(("orders.view_draft", "orders.add_order")),
            "quote": Need(("orders.view_draft",)),
        },
    ),
    "order-lines": ("orders.order", dict.fromkeys(("partial_update", "preview"), Need(("orders.edit_order",)))),
    "order-extension": ("orders.order", {"create": Need(("orders.add_order",))}),
    "order-cancellation": ("orders.order", {"create": Need(("orders.refund_order", "orders.cancel_order"))}),
    "return": (
        "orders.return",
        {
            **dict.fromkeys(("approval", "rejection", "receipt", "refund"), Need(("orders.refund_order",))),
            "withdrawal": Need(("orders.add_return",)),
        },
    ),
    "order-return": ("orders.return", {"create": Need(("orders.add_return",))}),
    "shipment": (
        "orders.shipment",
        {
            **dict.fromkeys(("departure", "delivery", "cancellation"), Need(("orders.add_shipment",))),
            "packing_slip": Need(("orders.view_shipment",)),
        },
    ),
    "order-shipment": ("orders.shipment", {}),
    "invoice": ("orders.invoice", {"pdf": Need(("orders.view_invoice",))}),
    "order-invoice": ("orders.invoice", {}),
    "shop": ("shop.shop", dict.fromkeys(("replace", "remove"), Need(("shop.change_shop",)))),
    "user": ("users.user", {"me": STAFF}),
    "customer": ("users.customer", {}),
    "company": ("users.company", {}),
    "category": ("catalog.category", {"list": PUBLIC, "retrieve": PUBLIC}),
    "product": ("catalog.product", {"list": PUBLIC, "retrieve": PUBLIC}),
    "product-picture": ("catalog.picture", {}),
    "picture": ("catalog.picture", {"retrieve": PUBLIC}),
    "variant": ("catalog.variant", {"list": PUBLIC, "retrieve": PUBLIC}),
    "seller": ("catalog.seller", {"list": PUBLIC, "retrieve": PUBLIC}),
    "price-list": ("catalog.pricelist", {}),
    "tax-region": ("catalog.taxregion", {}),
    "coupon": ("orders.coupon", {}),
    "payment-method": ("orders.paymentmethod", {"list": PUBLIC, "retrieve": PUBLIC}),
    "shipping-method": ("orders.shippingmethod", {"list": PUBLIC, "retrieve": PUBLIC}),
    "stock-location": ("inventory.stocklocation", {}),
    "stock-level": (
        "inventory.stocklevel",
        {
            "adjustments": Need(("inventory.adjust_stock",)),
            "movements": Need(("inventory.view_stockmovement",)),
        },
    ),
    "stock-document": (
        "inventory.stockdocument",
        {
            "application": Need(("inventory.adjust_stock",)),
            "cancellation": Need(("inventory.change_stockdocument",)),
        },
    ),
    "payment-intent": (
        "payments.paymentintent",
        dict.fromkeys(("capture", "void"), Need(("orders.confirm_payment",))),
    ),
    "order-payment-intent": ("payments.paymentintent", {}),
    "lead": ("crm.lead", {"convert": Need(("crm.change_lead", "users.add_customer"))}),
    "pipeline": ("crm.pipeline", {}),
    "deal": (
        "crm.deal",
        {
            "stage": Need(("crm.change_deal",)),
            "lines": Need(("crm.change_deal",)),
            "order": Need(("crm.change_deal", "orders.add_order")),
        },
    ),
    "activity": ("crm.activity", {}),
    "task": ("crm.task", {"complete": Need(("crm.change_task",))}),
    "tag": ("users.tag", {}),
    "segment": (
        "crm.segment",
        {"members": Need(("crm.view_segment", "users.view_customer")), "refresh": Need(("crm.change_segment",))},
    ),
    "personal-data": (
        "users.customer",
        {**dict.fromkeys(("retrieve", "pdf"), Need(EXPORT_NEEDS)), "destroy": Need(("users.erase_customers",))},
    ),
    "duplicate": ("crm.duplicatepair", {"dismissal": Need(("users.merge_customers",))}),
    "customer-duplicates": ("users.customer", {"list": Need(("users.merge_customers", "users.view_customer"))}),
    "merge": (
        "crm.customermerge",
        dict.fromkeys(("create", "preview", "undo"), Need(("users.merge_customers",))),
    ),
    "consent": ("users.consent", {}),
    "custom-field": ("users.customfield", {}),
    "event": ("events.event", {}),
    "webhook-endpoint": (
        "webhooks.endpoint",
        dict.fromkeys(("test", "rotate", "replay"), Need(("webhooks.change_endpoint",))),
    ),
    "webhook-endpoint-delivery": ("webhooks.delivery", {}),
    "webhook-delivery": ("webhooks.delivery", {"redelivery": Need(("webhooks.change_endpoint",))}),
    "event-ticket": ("events.event", {"create": Need(("events.view_event",))}),
}
# Another's row does not exist for those who see their own alone: 404 where others answer 403.
HIDDEN = {"user-detail (retrieve)"}
ACTIONS = {"list": "view", "retrieve": "view", "create": "add", "partial_update": "change", "destroy": "delete"}
# Routes that ask for no right: signing in, and what everybody may read.
OPEN_ROUTES = {"auth-token", "auth-token-refresh", "webhook"}
