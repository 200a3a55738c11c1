"""What REST has and GraphQL has not, with the reason: whatever is not in this table must be there."""

# Operations, by their reason.
OPERATIONS: dict[str, set[str]] = {
    "read beneath its order or product, by an edge": {
        "get_order_item", "get_picture", "get_refund", "get_return", "get_shipment", "list_order_items",
        "list_order_refunds", "list_order_returns",
    },
    "how one signs in, or who one is: before any query": {"get_me", "refresh_token", "sign_in"},
    "a file, not an object": {
        "create_product_picture", "get_draft_quote", "get_invoice_pdf", "get_packing_slip", "get_personal_data_pdf",
        "remove_logo", "set_logo",
    },
    "told by a payment provider, not by an integration": {"receive_provider_event"},
    "of the feed and its webhooks, which are no records of the shop; set up once, by REST or in the admin": {
        "create_event_ticket", "create_webhook_endpoint", "delete_webhook_endpoint", "get_webhook_delivery",
        "get_webhook_endpoint", "list_webhook_endpoint_deliveries", "list_webhook_endpoints", "redeliver_webhook",
        "replay_webhook_endpoint", "rotate_webhook_secret", "test_webhook_endpoint", "update_webhook_endpoint",
    },
    "how the shop is set up: seldom, and by REST or in the admin": {
        "create_category", "create_coupon", "create_payment_method", "create_price_list", "create_product",
        "create_seller", "create_shipping_method", "create_stock_level", "create_stock_location", "create_tag",
        "create_tax_region", "create_variant", "delete_category", "delete_coupon", "delete_payment_method",
        "delete_picture", "delete_price_list", "delete_product", "delete_seller", "delete_shipping_method",
        "delete_variant", "get_category", "get_coupon", "get_custom_field", "get_payment_method", "get_pipeline",
        "get_price_list", "get_shipping_method", "get_stock_location", "get_tag", "get_tax_region", "get_user",
        "list_categories", "list_coupons", "list_custom_fields", "list_payment_methods", "list_pipelines",
        "list_price_lists", "list_shipping_methods", "list_shop", "list_stock_locations", "list_tags",
        "list_tax_regions", "list_users", "update_category", "update_coupon", "update_payment_method",
        "update_picture", "update_price_list", "update_product", "update_seller", "update_shipping_method",
        "update_shop", "update_stock_level", "update_stock_location", "update_tag", "update_tax_region",
        "update_variant",
    },
    "money that goes out, or goods that go or come back: one route each, with steps of its own": {
        "approve_return", "cancel_paid_order", "cancel_shipment", "capture_payment_intent", "create_payment_intent",
        "create_refund", "create_shipment", "deliver_shipment", "get_payment_intent", "list_payment_intents",
        "receive_return", "refund_return", "reject_return", "request_return", "retry_refund", "send_shipment",
        "settle_refund", "void_payment_intent", "withdraw_return",
    },
    "what was promised and is changed afterwards: looked at before it is done, so by REST's previews": {
        "edit_order", "extend_order", "preview_order", "preview_order_edit",
    },
    "a page that is made for one screen": {"list_active_orders"},
    "bookkeeping and the warehouse's papers": {
        "apply_stock_document", "cancel_stock_document", "create_stock_document", "get_backorder", "get_invoice",
        "get_stock_document", "issue_invoice", "list_backorders", "list_invoices", "list_stock_documents",
    },
    "persons' data, and what cannot be undone": {
        "create_consent", "delete_company", "delete_customer", "dismiss_duplicate", "erase_personal_data",
        "get_consent", "get_duplicate", "get_merge", "get_personal_data", "list_consents", "list_customer_duplicates",
        "list_duplicates", "list_merges", "merge_customers", "preview_merge", "undo_merge",
    },
    "work of the sales team that nothing outside has asked for yet": {
        "convert_lead", "create_company", "create_lead", "create_segment", "delete_segment", "get_lead",
        "get_segment", "list_leads", "list_segment_members", "list_segments", "refresh_segment", "update_company",
        "update_lead", "update_segment",
    },
}  # fmt: skip
# Members of known operations, by their reason.
_OF_A_PICTURE = ("", ".alternative_text", ".height", ".id", ".position", ".urls", ".variant", ".width")
MEMBERS: dict[str, set[tuple[str, str]]] = {
    "another name of `pictures`, which is there": {
        *(("get_product", f"images{part}") for part in (*_OF_A_PICTURE, ".urls.large", ".urls.medium", ".urls.small")),
        *(("list_products", f"images{part}") for part in _OF_A_PICTURE),
    },
    "it can only be `paid`": {("confirm_payment", "status")},
    "these records count no changes: their tag is a hash of REST's bytes (docs/decisions/etags.md)": {
        (name, "If-Match")
        for name in (
            "complete_task", "move_deal", "order_deal", "set_deal_lines", "update_customer", "update_deal",
            "update_task",
        )
    },
}  # fmt: skip
