"""Every CHECK and UNIQUE rule of the tables, each beside raw SQL that breaks it in a full shop."""

from typing import NamedTuple


class Rule(NamedTuple):
    """`breach` is what an UPDATE sets; or for a copied row, what changes in it, or which row to copy."""

    name: str
    table: str
    breach: str

    def __str__(self) -> str:
        return f"{self.name}: {self.breach}"


CHECKED = [
    Rule("catalog_seller_priority_check", "catalog_seller", "priority = -1"),
    Rule("catalog_stock_location_priority_check", "catalog_stock_location", "priority = -1"),
    Rule("variant_price_not_negative", "catalog_variant", "price = -0.01"),
    Rule("variant_tax_rate_is_a_share", "catalog_variant", "tax_rate = 1.0001"),
    Rule("variant_tax_rate_is_a_share", "catalog_variant", "tax_rate = -0.0001"),
    Rule("variant_currency_code", "catalog_variant", "currency = 'usd'"),
    Rule("stock_never_oversold", "catalog_stock_level", "reserved = on_hand + 1"),
    Rule("stock_never_oversold", "catalog_stock_level", "reserved = -1"),
    Rule("stock_never_oversold", "catalog_stock_level", "on_hand = -1"),
    Rule("stock_never_oversold", "catalog_stock_level", "on_hand = 2000000001"),
    Rule("catalog_stock_level_low_stock_threshold_check", "catalog_stock_level", "low_stock_threshold = -1"),
    Rule("order_amounts_not_negative", "orders_order", "total = -1"),
    Rule("order_amounts_not_negative", "orders_order", "subtotal = -1"),
    Rule("order_amounts_not_negative", "orders_order", "discount_total = -1"),
    Rule("order_amounts_not_negative", "orders_order", "tax_total = -1"),
    Rule("order_amounts_not_negative", "orders_order", "shipping_total = -1"),
    Rule("order_total_adds_up", "orders_order", "total = total + 0.01"),
    Rule("order_currency_code", "orders_order", "currency = 'usd'"),
    Rule("order_status_known", "orders_order", "status = 'LOST'"),
    Rule("order_payment_status_known", "orders_order", "payment_status = 'MAYBE'"),
    Rule("order_cancelled_says_when_and_why", "orders_order", "cancelled_at = now(), cancel_reason = ''"),
    Rule("order_cancelled_says_when_and_why", "orders_order", "status = 'CANCELLED', cancelled_at = NULL"),
    Rule("order_cancelled_says_when_and_why", "orders_order", "status = 'CANCELLED', cancel_reason = ''"),
    Rule("order_goes_on_only_when_paid", "orders_order", "status = 'CONFIRMED', payment_status = 'PENDING'"),
    Rule("order_goes_on_only_when_paid", "orders_order", "status = 'SHIPPED', paid_at = NULL"),
    Rule("orders_order_version_check", "orders_order", "version = -1"),
    Rule("item_quantity_positive", "orders_order_item", "quantity = 0"),
    Rule("orders_order_item_quantity_check", "orders_order_item", "quantity = -1"),
    Rule("item_total_adds_up", "orders_order_item", "total_price = total_price + 0.01"),
    Rule("item_amounts_not_negative", "orders_order_item", "unit_price = -1"),
    Rule("item_amounts_not_negative", "orders_order_item", "tax_amount = -1"),
    Rule("item_refunds_within_quantity", "orders_order_item", "refunded_quantity = quantity + 1"),
    Rule("orders_order_item_refunded_quantity_check", "orders_order_item", "refunded_quantity = -1"),
    Rule("orders_order_item_position_check", "orders_order_item", "position = -1"),
    Rule("item_status_known", "orders_order_item", "status = 'LOST'"),
    Rule("payment_amount_not_negative", "orders_payment", "amount = -1"),
    Rule("payment_currency_code", "orders_payment", "currency = 'usd'"),
    Rule("payment_record_status_known", "orders_payment", "status = 'MAYBE'"),
    Rule("reservation_quantity_positive", "orders_reservation", "quantity = 0"),
    Rule("orders_reservation_quantity_check", "orders_reservation", "quantity = -1"),
    Rule("reservation_status_known", "orders_reservation", "status = 'forgotten'"),
    Rule("user_email_is_lower_case", "users_user", "email = 'Loud@example.com'"),
    Rule("shared_rate_limit_window_count_check", "shared_rate_limit_window", "count = -1"),
    Rule("deal_value_not_negative", "crm_deal", "value = -1"),
    Rule("deal_currency_code", "crm_deal", "currency = 'eur'"),
    Rule("deal_lost_says_why", "crm_deal", "lost_reason = 'too dear'"),
    Rule("deal_closed_says_when", "crm_deal", "closed_at = now()"),
    Rule("deal_stands_in_a_stage_of_its_pipeline", "crm_deal", "status = 'won'"),
    Rule("lead_status_known", "crm_lead", "status = 'lukewarm'"),
    Rule("lead_source_known", "crm_lead", "source = 'stars'"),
    Rule("lead_with_customer_is_converted", "crm_lead", "customer_id = gen_random_uuid()"),
    Rule("stage_probability_is_per_cent", "crm_stage", "probability = 101"),
    Rule("crm_stage_probability_check", "crm_stage", "probability = -1"),
    Rule("crm_stage_position_check", "crm_stage", "position = -1"),
    Rule("stage_kind_known", "crm_stage", "kind = 'odd'"),
    Rule("task_priority_known", "crm_task", "priority = 99"),
    Rule("crm_task_priority_check", "crm_task", "priority = -1"),
]

# Append-only tables cannot be updated: a copy carries the fault.
CHECKED_ON_INSERT = [
    Rule("movement_kind_known", "catalog_stock_movement", '{"kind": "lost"}'),
    Rule("order_event_kind_known", "orders_order_event", '{"kind": "lost"}'),
    Rule("movement_quantity_sign", "catalog_stock_movement", '{"kind": "reserve", "quantity": -1}'),
    Rule("movement_quantity_sign", "catalog_stock_movement", '{"kind": "adjust", "quantity": 0}'),
    Rule(
        "movement_balances_never_oversold",
        "catalog_stock_movement",
        '{"on_hand_after": 3, "reserved_after": 4}',
    ),
    Rule("movement_balances_never_oversold", "catalog_stock_movement", '{"reserved_after": -1}'),
    Rule("movement_names_its_order_item", "catalog_stock_movement", '{"kind": "sale", "order_item_id": null}'),
]

UNIQUE = [
    Rule("one_movement_per_level_version", "catalog_stock_movement", "true"),
    Rule("one_level_per_variant_and_location", "catalog_stock_level", "true"),
    Rule("catalog_category_name_key", "catalog_category", "true"),
    Rule("catalog_category_slug_key", "catalog_category", "true"),
    Rule("catalog_product_slug_key", "catalog_product", "true"),
    Rule("catalog_seller_slug_key", "catalog_seller", "true"),
    Rule("one_default_seller", "catalog_seller", "is_default"),
    Rule("location_name_unique", "catalog_stock_location", "true"),
    Rule("catalog_variant_sku_key", "catalog_variant", "true"),
    Rule("order_number_unique", "orders_order", "true"),
    Rule("payment_reference_once_per_order", "orders_payment", "true"),
    Rule("one_payment_pays_an_order", "orders_payment", "status = 'PAID'"),
    Rule("one_active_hold_per_item_and_level", "orders_reservation", "status = 'active'"),
    Rule("idempotency_key_once_per_principal", "orders_idempotency_key", "true"),
    Rule("users_user_email_key", "users_user", "true"),
    Rule("users_api_key_secret_hash_key", "users_api_key", "true"),
    Rule("users_customer_user_id_key", "users_customer", "user_id IS NOT NULL"),
    Rule("tag_name_unique", "users_tag", "true"),
    Rule("crm_pipeline_name_key", "crm_pipeline", "true"),
    Rule("one_default_pipeline", "crm_pipeline", "is_default"),
    Rule("stage_name_unique_in_pipeline", "crm_stage", "true"),
    Rule("crm_deal_order_id_key", "crm_deal", "order_id IS NOT NULL"),
]
