"""Everything that the database may know of somebody, made from the list of models: a new text column is either filled
by itself (marked_rows.py), or somebody has to say below why it cannot hold anything of a person."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

_TEXT = (models.CharField, models.TextField, models.JSONField, models.BinaryField, models.GenericIPAddressField)
_SHORT = 3  # a currency, a country: no name fits

# What is the shop's own: whole tables, and why.
NOT_OF_PEOPLE = {
    "auth_": "rights and roles",
    "django_content_type": "the code's own names",
    "catalog_": "goods",
    "inventory_": "stock",
    "users_role": "a role",
    "users_team": "the shop's teams",
    "users_company": "a company; staff change it by themselves",
    "users_customer_group": "the shop's word",
    "users_tag": "the shop's word",
    "users_custom_field": "a field's name",
    "shared_alert": "rules and what they saw; whom they were told to is a hash",
    "shared_kept_file": "pictures of goods, and the shop's logo",
    "shop_shop": "the shop itself",
    "shop_bank_account": "the shop's own",
    "orders_coupon": "the shop's word",
    "orders_payment_method": "the shop's offer",
    "orders_hold_policy": "how long goods are held",
    "orders_shipping_method": "the shop's offer",
    "orders_invoice_series": "a counter",
    "orders_daily_sales": "sums",
    "orders_archived_order": "numbers, states and sums of orders that left",
    "orders_customer_sales": "sums",
    "orders_order_item": "goods and prices",
    "crm_pipeline": "the shop's word",
    "crm_stage": "the shop's word",
    "crm_email_template": "a text for everybody",
    "crm_order_mail_template": "a text for everybody",
    "crm_order_mail_progress": "how far a job came",
    "crm_segment": "a question about many; a rule has no condition on a name or an address",
    "crm_demo_row": "tables, ids and a word of the code's own",
    "crm_default_view": "the code's name of a page",
    "webhooks_": "where events are sent, which have nothing about a person, and what the receivers said",
    "procrastinate_": "jobs take ids alone",
    "django_session": "signed, and of whom is signed in: gone with the session",
    "token_blacklist_": "a token names its user by id alone; deleted with the login",
}
# Single columns, and why.
_NUMBER, _CODE, _SECRET = "Kontor's own number", "a word of the code's or the shop's own", "drawn at random"
NOT_ABOUT_A_PERSON = {
    "django_admin_log.object_id": "an id",
    "otp_totp_totpdevice.key": _SECRET,
    "otp_static_statictoken.token": _SECRET,
    "orders_idempotency_key.fingerprint": "a hash",
    "orders_idempotency_key.route": _CODE,
    "shared_record_change.source": "a path or a command",
    "shared_record_change.table": _CODE,
    "events_event.type": _CODE,
    "events_event.aggregate_type": _CODE,
    "events_stream_ticket.secret_hash": "a hash",
    "events_stream_ticket.session_key": _SECRET,
    "events_event.data": "ids, states and amounts: the test has all that is known of the person put into the feed",
    "shared_record_change.record": "an id",
    "shared_rate_limit_window.bucket": "what is counted, and a hash of whom; gone within a day",
    "users_api_key.prefix": _SECRET,
    "users_api_key.secret_hash": "a hash",
    "users_api_key.scopes": _CODE,
    "shared_operation_run.data": "what a job of operations counted and made: sizes, names of files, a cause",
    "users_user.password": "a hash",
    "users_user.time_zone": "a name of the tz database; emptied with the login",
    "users_user.list_layouts": "the code's names of lists and columns; emptied with the login",
    "orders_sales_rollup.time_zone": _CODE,
    "users_user.calendar_token": "a hash",
    "users_customer.phone_e164": "digits; the test looks for them",
    "crm_lead.phone_e164": "digits; the test looks for them",
    "users_staff_session.address": "an address of the network, which holds no word; deleted with the login",
    "users_staff_session.session_key": _SECRET,
    "orders_order.number": _NUMBER,
    "orders_order.shipping_method": _CODE,
    "orders_order.coupon_code": _CODE,
    "orders_order.payment_method": _CODE,
    "orders_adjustment.data": "rates, codes and amounts",
    "orders_payment.provider": _CODE,
    "orders_payment.method": _CODE,
    "orders_dispute.provider": _CODE,
    "orders_draft.number": _NUMBER,
    "orders_draft.shipping_method": _CODE,
    "orders_draft.payment_method": _CODE,
    "orders_draft.coupon_code": _CODE,
    "orders_return.number": _NUMBER,
    "orders_invoice.number": _NUMBER,
    "orders_order_edit.before": "lines and amounts",
    "orders_order_edit.after": "lines and amounts",
    "orders_shipment.number": _NUMBER,
    "payments_intent.provider": _CODE,
    "payments_intent.method": _CODE,
    "payments_webhook_event.provider": _CODE,
    "payments_webhook_event.event_id": "the provider's number, by which a repeat is known",
    "payments_webhook_event.kind": _CODE,
    "crm_customer_merge.moved": "how many rows of which kind",
    "crm_merged_row.table_name": _CODE,
    "crm_merged_row.column_name": _CODE,
    "crm_merged_row.row_id": "an id",
    "crm_duplicate_pair.reasons": _CODE,
    "crm_saved_view.page": _CODE,
    "exchange_export.kind": _CODE,
    "exchange_import.encoding": _CODE,
    "exchange_import.key": _CODE,
    "exchange_import_row.tags": "ids",
    "exchange_import_change.model": _CODE,
    "exchange_import_change.conflict": _CODE,
}


def text_columns() -> set[str]:
    """Every table.column that can hold words, and no list of choices says which."""
    return {f"{model._meta.db_table}.{field.column}" for model in apps.get_models() for field in text_fields(model)}


def judged(column: str) -> bool:
    return column in NOT_ABOUT_A_PERSON or any(column.startswith(table) for table in NOT_OF_PEOPLE)


def text_fields(model: Any) -> Iterator[Any]:
    for field in model._meta.local_concrete_fields:
        is_text = isinstance(field, _TEXT) or (isinstance(field, ArrayField) and isinstance(field.base_field, _TEXT))
        is_short = field.max_length is not None and field.max_length <= _SHORT
        if is_text and not field.choices and not is_short and not isinstance(field, models.GeneratedField):
            yield field


def places_that_say(word: str) -> set[str]:
    """Every table.column in the database whose text holds the word, in any case."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, udt_name = 'bytea' FROM information_schema.columns WHERE table_schema ="
            " 'public' AND (data_type IN ('text', 'character varying', 'json', 'jsonb', 'ARRAY', 'inet', 'bytea'))"
        )
        found = set()
        for table, column, is_bytes in cursor.fetchall():
            text = f"encode(\"{column}\", 'escape')" if is_bytes else f'"{column}"::text'
            cursor.execute(f'SELECT 1 FROM "{table}" WHERE {text} ILIKE %s LIMIT 1', [f"%{word}%"])
            if cursor.fetchone():
                found.add(f"{table}.{column}")
    return found
