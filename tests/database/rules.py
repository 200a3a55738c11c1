"""Every UNIQUE rule of the tables, and each CHECK that only a new row can break, beside raw SQL that breaks it in a
full shop."""

from typing import NamedTuple


class Rule(NamedTuple):
    """`breach` is what an UPDATE sets; or for a copied row, what changes in it, or which row to copy."""

    name: str
    table: str
    breach: str

    def __str__(self) -> str:
        return f"{self.name}: {self.breach}"


def rules_of_metadata(name: str, table: str) -> list[Rule]:
    """The two of every table that has metadata."""
    keys = "(SELECT jsonb_object_agg(key, 'x') FROM generate_series(1, 51) AS key)"
    return [
        Rule(f"{name}_metadata_texts", table, """metadata = '{"n": 1}'"""),
        Rule(f"{name}_metadata_keys", table, f"metadata = {keys}"),
    ]


def two_defaults(kind: str) -> str:
    """Two addresses of the kind that are both the default."""
    default = f'{{"kind": "{kind}", "is_default": true}}'
    return f"addresses = '[{default}, {default}]'"


CHECKED_ON_INSERT = [
    Rule("movement_kind_known", "inventory_stock_movement", '{"kind": "lost"}'),
    Rule("order_event_kind_known", "orders_order_event", '{"kind": "lost"}'),
    Rule("movement_quantity_sign", "inventory_stock_movement", '{"kind": "reserve", "quantity": -1}'),
    Rule("movement_quantity_sign", "inventory_stock_movement", '{"kind": "adjust", "quantity": 0}'),
    Rule(
        "movement_balances_never_oversold",
        "inventory_stock_movement",
        '{"on_hand_after": 3, "reserved_after": 4}',
    ),
    Rule("movement_balances_never_oversold", "inventory_stock_movement", '{"reserved_after": -1}'),
    Rule("demo_row_once", "crm_demo_row", '{"id": 2000000000}'),
    Rule("invoice_series_once_a_year", "orders_invoice_series", '{"id": 2000000000}'),
    Rule("movement_names_its_order_item", "inventory_stock_movement", '{"kind": "sale", "order_item_id": null}'),
]

UNIQUE = [
    Rule("one_movement_per_level_version", "inventory_stock_movement", "true"),
    Rule("one_level_per_variant_and_location", "inventory_stock_level", "true"),
    Rule("catalog_category_name_key", "catalog_category", "true"),
    Rule("catalog_category_slug_key", "catalog_category", "true"),
    Rule("catalog_product_slug_key", "catalog_product", "true"),
    Rule("picture_position_unique", "catalog_picture", "true"),
    Rule("catalog_seller_slug_key", "catalog_seller", "true"),
    Rule("one_default_seller", "catalog_seller", "is_default"),
    Rule("location_name_unique", "inventory_stock_location", "true"),
    Rule("catalog_variant_sku_key", "catalog_variant", "true"),
    Rule("variant_barcode_unique", "catalog_variant", "barcode <> ''"),
    Rule("order_number_unique", "orders_order", "true"),
    Rule("payment_reference_once_per_order", "orders_payment", "true"),
    Rule("dispute_once_at_its_provider", "orders_dispute", "true"),
    Rule("item_once_in_a_refund", "orders_refund_item", "true"),
    Rule("return_number_unique", "orders_return", "true"),
    Rule("item_once_in_a_return", "orders_return_item", "true"),
    Rule("shipment_number_unique", "orders_shipment", "true"),
    Rule("item_once_in_a_shipment", "orders_shipment_item", "true"),
    Rule("invoice_number_unique", "orders_invoice", "true"),
    Rule("orders_invoice_refund_id_key", "orders_invoice", "refund_id IS NOT NULL"),
    Rule("one_payment_pays_an_order", "orders_payment", "status = 'PAID'"),
    Rule("one_active_hold_per_item_and_level", "orders_reservation", "status = 'active'"),
    Rule("one_waiting_backorder_per_item", "orders_backorder", "status = 'waiting'"),
    Rule("variant_once_in_a_stock_document", "inventory_stock_document_line", "true"),
    Rule("inventory_stock_document_line_movement_id_key", "inventory_stock_document_line", "movement_id IS NOT NULL"),
    Rule("inventory_stock_document_line_arrival_id_key", "inventory_stock_document_line", "arrival_id IS NOT NULL"),
    Rule("intent_once_at_its_provider", "payments_intent", "provider_id <> ''"),
    Rule("one_open_intent_per_way_to_pay", "payments_intent", "status = 'requires_action'"),
    Rule("operation_key_unique", "payments_operation", "true"),
    Rule("events_event_position_key", "events_event", "true"),
    Rule("event_sequence_once_an_aggregate", "events_event", "true"),
    Rule("delivery_once_an_endpoint", "webhooks_delivery", "true"),
    Rule("events_stream_ticket_secret_hash_key", "events_stream_ticket", "true"),
    Rule("one_open_operation_per_intent", "payments_operation", "status = 'planned' AND refund_id IS NULL"),
    Rule("one_open_operation_per_refund", "payments_operation", "refund_id IS NOT NULL"),
    Rule("webhook_once_per_provider", "payments_webhook_event", "true"),
    Rule("idempotency_key_once_per_principal", "orders_idempotency_key", "true"),
    Rule("users_user_email_key", "users_user", "true"),
    Rule("users_api_key_secret_hash_key", "users_api_key", "true"),
    Rule("users_customer_user_id_key", "users_customer", "user_id IS NOT NULL"),
    Rule("tag_name_unique", "users_tag", "true"),
    Rule("shop_is_one", "shop_shop", "true"),
    Rule("bank_account_iban_unique", "shop_bank_account", "true"),
    Rule("coupon_code_unique", "orders_coupon", "true"),
    Rule("orders_coupon_use_order_id_key", "orders_coupon_use", "true"),
    Rule("shipping_method_code_once_a_currency", "orders_shipping_method", "true"),
    Rule("price_list_name_unique", "catalog_price_list", "true"),
    Rule("price_once_a_quantity", "catalog_price", "true"),
    Rule("tax_region_country_unique", "catalog_tax_region", "true"),
    Rule("tax_rate_once_a_class", "catalog_tax_rate", "true"),
    Rule("payment_method_code_unique", "orders_payment_method", "true"),
    Rule("one_payment_method_of_staff", "orders_payment_method", "is_staff_default"),
    Rule("hold_policy_once", "orders_hold_policy", "true"),
    Rule("draft_number_unique", "orders_draft", "true"),
    Rule("orders_draft_order_id_key", "orders_draft", "order_id IS NOT NULL"),
    Rule("order_edit_once_a_version", "orders_order_edit", "true"),
    Rule("customer_group_name_unique", "users_customer_group", "true"),
    Rule("crm_pipeline_name_key", "crm_pipeline", "true"),
    Rule("one_default_pipeline", "crm_pipeline", "is_default"),
    Rule("stage_name_unique_in_pipeline", "crm_stage", "true"),
    Rule("crm_deal_order_id_key", "crm_deal", "order_id IS NOT NULL"),
    Rule("users_user_calendar_token_key", "users_user", "calendar_token IS NOT NULL"),
    Rule("archived_order_number_unique", "orders_archived_order", "true"),
    Rule("daily_sales_once_a_day", "orders_daily_sales", "true"),
    Rule("customer_sales_once_a_currency", "orders_customer_sales", "true"),
    Rule("users_role_group_id_key", "users_role", "group_id IS NOT NULL"),
    Rule("users_role_key_key", "users_role", "key IS NOT NULL"),
    Rule("seller_member_once", "catalog_seller_member", "true"),
    Rule("team_name_unique", "users_team", "true"),
    Rule("custom_field_key_unique", "users_custom_field", "true"),
    Rule("failures_of_an_account_at_a_place", "users_sign_in_failures", "true"),
    Rule("known_place_of_a_user", "users_known_place", "true"),
    Rule("users_staff_session_session_key_key", "users_staff_session", "true"),
    Rule("one_deal_line_per_variant", "crm_deal_line", "true"),
    Rule("deal_stands_in_one_stage", "crm_deal_stage_change", "left_at IS NULL"),
    Rule("email_template_name_unique", "crm_email_template", "true"),
    Rule("order_mail_template_once", "crm_order_mail_template", "true"),
    Rule("order_mail_progress_once", "crm_order_mail_progress", "true"),
    Rule("order_mail_once", "crm_order_mail", "true"),
    Rule("crm_email_activity_id_key", "crm_email", "true"),
    Rule("saved_view_name_unique", "crm_saved_view", "true"),
    Rule("default_view_once", "crm_default_view", "true"),
    Rule("segment_name_unique", "crm_segment", "true"),
    Rule("segment_has_a_customer_once", "crm_segment_member", "true"),
    Rule("customer_is_merged_once", "crm_customer_merge", "true"),
    Rule("duplicate_pair_once", "crm_duplicate_pair", "true"),
    Rule("file_chunk_position_unique", "exchange_file_chunk", "true"),
    Rule("import_row_number_unique", "exchange_import_row", "true"),
    Rule("import_changes_a_record_once", "exchange_import_change", "true"),
]
