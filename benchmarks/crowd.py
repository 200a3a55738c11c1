"""Everything else that the admin lists, as much of it as the generated orders bring with them.

`manage.py generate_orders` writes customers, goods, orders and lines; here come stock, ledger, payments, reservations,
events, companies, tags, logins, leads, deals, tasks, activities and jobs, so that no list is measured while empty.
Invented in SQL, and only alike enough to be listed: `manage.py audit` would report all of it.
"""

import re
from collections.abc import Callable

from django.db import connection, transaction

from catalog.services.ensure_default_seller import ensure_default_seller
from crm.services.deals.ensure_pipeline import ensure_default_pipeline
from inventory.services.ensure_location import ensure_location
from orders.generator.ballast import without_indexes
from shared.database.transactions import take_time, unlimited_session


def _id_at(moment: str) -> str:
    """An id as the application makes them: UUIDv7 of the moment."""
    milliseconds = f"lpad(to_hex((extract(epoch FROM {moment}) * 1000)::bigint), 12, '0')"
    chance = "md5(random()::text)"
    return f"({milliseconds} || '7' || substr({chance}, 1, 3) || '8' || substr({chance}, 1, 15))::uuid"


_SPREAD = "now() - random() * interval '3 years'"
_ID = _id_at(_SPREAD)
_BOSS = "(SELECT id FROM users_user ORDER BY id LIMIT 1)"
_MAIN = "(SELECT id FROM inventory_stock_location ORDER BY id LIMIT 1)"
_BUYER = "(SELECT array_agg(id) FROM (SELECT id FROM users_customer ORDER BY id LIMIT 20000) AS first_ones)"
_PIPELINE = "(SELECT id FROM crm_pipeline ORDER BY is_default DESC LIMIT 1)"

# What is said of it, and how it is written; %(many)s is the number of orders.
_FILLINGS = {
    "companies": f"""
        INSERT INTO users_company (id, created_at, updated_at, name, website, phone, address, note)
        SELECT {_ID}, now(), now(), (ARRAY['Acme','Blue','Crown','Delta','Ember'])[1 + n %% 5] || ' Company ' || n,
            '', '', '', '' FROM generate_series(1, %(many)s / 20) AS n""",
    "tags": f"""
        INSERT INTO users_tag (id, name) SELECT {_ID}, 'Tag ' || n FROM generate_series(1, 50) AS n""",
    "customers' companies": """
        WITH companies AS (SELECT array_agg(id) AS ids FROM users_company)
        UPDATE users_customer SET company_id = ids[1 + (power(random(), 6) * (cardinality(ids) - 1))::int]
        FROM companies WHERE random() < 0.2""",
    "customers' tags": """
        WITH tags AS (SELECT array_agg(id ORDER BY name) AS ids FROM users_tag)
        INSERT INTO users_customer_tag (customer_id, tag_id)
        SELECT c.id, ids[1 + (power(random(), 4) * 49)::int] FROM users_customer AS c, tags WHERE random() < 0.5""",
    "some customers with rare names": """
        UPDATE users_customer SET name = 'Zoltan Rare', email = 'zoltan.' || email
        WHERE id IN (SELECT id FROM users_customer ORDER BY id LIMIT 3)""",
    "some customers with uncommon names": """
        UPDATE users_customer SET name = 'Yara Uncommon'
        WHERE id IN (SELECT id FROM users_customer ORDER BY id OFFSET 3 LIMIT %(many)s / 300)""",
    "buyers who left": """
        UPDATE users_customer SET name = 'Ophelia Gone'
        WHERE id IN (SELECT id FROM users_customer ORDER BY id OFFSET 3 + %(many)s / 300 LIMIT 2)""",
    "their orders, the oldest of all": """
        UPDATE orders_order AS o SET customer_id = gone.ids[1 + oldest.row %% 2]
        FROM (SELECT array_agg(id) AS ids FROM users_customer WHERE name = 'Ophelia Gone') AS gone,
            (SELECT id, row_number() OVER (ORDER BY created_at) AS row FROM orders_order) AS oldest
        WHERE o.id = oldest.id AND oldest.row <= %(many)s * 12 / 100""",
    "logins": f"""
        INSERT INTO users_user (id, email, password, is_active, is_staff, is_superuser, first_name, last_name,
            date_joined)
        SELECT {_ID}, 'login' || n || '@crowd.example', '!', true, n <= 100, false, '', '', now()
        FROM generate_series(1, %(many)s / 10) AS n""",
    "products": f"""
        INSERT INTO catalog_product (id, created_at, updated_at, name, slug, description, is_active)
        SELECT {_ID}, now(), now(), (ARRAY['Oak','Steel','Tall','Quiet'])[1 + n %% 4] || ' Thing ' || n,
            'crowd-' || n, '', n %% 50 > 0 FROM generate_series(1, %(many)s / 10) AS n""",
    "variants": f"""
        INSERT INTO catalog_variant (id, created_at, updated_at, product_id, sku, name, price, currency, tax_rate,
            is_active)
        SELECT {_ID}, now(), now(), p.id, upper(p.slug) || '-' || size, 'Size ' || size, 19.99, 'USD', 0.2,
            random() > 0.02
        FROM catalog_product AS p, generate_series(1, 2) AS size WHERE p.slug LIKE 'crowd-%%'""",
    "stock levels": f"""
        INSERT INTO inventory_stock_level (id, created_at, updated_at, variant_id, location_id, on_hand, reserved,
            version, low_stock_threshold)
        SELECT {_ID}, now(), now(), v.id, {_MAIN}, 20 + (random() * 1000)::int, (random() * 10)::int, 1,
            CASE WHEN random() < 0.1 THEN 8 END
        FROM catalog_variant AS v ON CONFLICT DO NOTHING""",
    "a few low and sold-out levels": """
        UPDATE inventory_stock_level SET on_hand = reserved + (random() * 3)::int
        WHERE id IN (SELECT id FROM inventory_stock_level ORDER BY id LIMIT greatest(40, %(many)s / 2000))""",
    "the ledger": f"""
        INSERT INTO inventory_stock_movement (id, level_id, level_version, kind, quantity, on_hand_after,
            reserved_after, order_item_id, reason, created_at)
        SELECT {_id_at("o.created_at")}, l.id, 1 + row_number() OVER (PARTITION BY l.id ORDER BY i.id), 'sale',
            i.quantity, 1000, 0, i.id, '', o.created_at
        FROM orders_order_item AS i JOIN orders_order AS o ON o.id = i.order_id
        JOIN inventory_stock_level AS l ON l.variant_id = i.variant_id AND l.location_id = {_MAIN}""",
    "payments": f"""
        INSERT INTO orders_payment (id, order_id, amount, currency, reference, status, actor_id, created_at)
        SELECT {_id_at("created_at")}, id, total, currency, 'ref-' || number,
            CASE payment_status WHEN 'PAID' THEN 'PAID' ELSE 'REFUND_DUE' END, {_BOSS}, created_at
        FROM orders_order WHERE payment_status IN ('PAID', 'REFUND_DUE')""",
    "reservations": f"""
        INSERT INTO orders_reservation (id, item_id, level_id, quantity, status, created_at, updated_at)
        SELECT {_id_at("o.created_at")}, i.id, l.id, i.quantity,
            CASE o.status WHEN 'PENDING' THEN 'active' WHEN 'CANCELLED' THEN 'expired' ELSE 'converted' END,
            o.created_at, o.created_at
        FROM orders_order_item AS i JOIN orders_order AS o ON o.id = i.order_id
        JOIN inventory_stock_level AS l ON l.variant_id = i.variant_id AND l.location_id = {_MAIN}""",
    "order events": f"""
        INSERT INTO orders_order_event (id, order_id, kind, from_status, to_status, actor_id, reason, data, created_at)
        SELECT {_id_at("o.created_at")}, o.id, kind, '', o.status, {_BOSS}, '',
            CASE kind WHEN 'placed' THEN jsonb_build_object('customer', o.customer_id) ELSE '{{}}' END, o.created_at
        FROM orders_order AS o, unnest(ARRAY['placed', 'status_changed']) AS kind""",
    "leads": f"""
        INSERT INTO crm_lead (id, created_at, updated_at, name, email, phone, company_name, source, status, owner_id,
            note)
        SELECT {_ID}, {_SPREAD}, now(), (ARRAY['Ada','Ben','Cleo'])[1 + n %% 3] || ' Lead ' || n,
            'lead' || n || '@crowd.example', '', '', 'website',
            CASE WHEN n %% 1000 = 0 THEN 'working' WHEN n %% 3 = 0 THEN 'new' ELSE 'lost' END, {_BOSS}, ''
        FROM generate_series(1, %(many)s / 2) AS n""",
    "deals": f"""
        INSERT INTO crm_deal (id, created_at, updated_at, title, customer_id, pipeline_id, stage_id, status, value,
            currency, owner_id, lost_reason)
        SELECT {_ID}, {_SPREAD}, now(), 'Deal ' || n, ids[1 + n %% cardinality(ids)], {_PIPELINE}, s.id, 'open', 500,
            'USD', {_BOSS}, ''
        FROM generate_series(1, %(many)s / 2) AS n, (SELECT {_BUYER} AS ids) AS buyers,
            (SELECT id FROM crm_stage WHERE pipeline_id = {_PIPELINE} AND kind = 'open'
             ORDER BY position LIMIT 1) AS s""",
    "the same buyers' deals, the oldest of all": """
        UPDATE crm_deal AS d SET customer_id = gone.ids[1 + oldest.row %% 2]
        FROM (SELECT array_agg(id) AS ids FROM users_customer WHERE name = 'Ophelia Gone') AS gone,
            (SELECT id, row_number() OVER (ORDER BY created_at) AS row FROM crm_deal) AS oldest
        WHERE d.id = oldest.id AND oldest.row <= %(many)s / 25""",
    "tasks": f"""
        INSERT INTO crm_task (id, created_at, updated_at, title, customer_id, due_at, assignee_id, done_at, priority)
        SELECT {_ID}, now(), now(), 'Task ' || n, ids[1 + n %% cardinality(ids)], {_SPREAD}, {_BOSS},
            CASE WHEN n %% 100 > 0 THEN now() END, 2
        FROM generate_series(1, %(many)s / 2) AS n, (SELECT {_BUYER} AS ids) AS buyers""",
    "activities": f"""
        INSERT INTO crm_activity (id, kind, text, happened_at, customer_id, author_id)
        SELECT {_ID}, 'note', 'Note ' || n, {_SPREAD}, ids[1 + n %% cardinality(ids)], {_BOSS}
        FROM generate_series(1, %(many)s / 2) AS n, (SELECT {_BUYER} AS ids) AS buyers""",
    "jobs": """
        INSERT INTO procrastinate_jobs (queue_name, task_name, status)
        SELECT 'default', 'sweep', CASE WHEN n %% 10000 = 0 THEN 'failed' ELSE 'succeeded' END::procrastinate_job_status
        FROM generate_series(1, %(many)s / 10) AS n""",
}
_TABLE = re.compile(r"(?:INTO|UPDATE) (\w+)")


def fill_the_rest(say: Callable[[str], None] = lambda text: None) -> None:
    """Write all of it beside the orders that are there, in one transaction, then VACUUM ANALYZE.

    Foreign keys and triggers are put aside meanwhile, which takes a superuser of the database.
    """
    ensure_default_pipeline()
    ensure_location(seller=ensure_default_seller())
    with transaction.atomic(), connection.cursor() as cursor:
        take_time()
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SELECT count(*) FROM orders_order")
        (many,) = cursor.fetchone()
        filled = {what: _TABLE.findall(statement)[0] for what, statement in _FILLINGS.items()}
        with without_indexes(*sorted(set(filled.values())), say=say):
            for what, statement in _FILLINGS.items():
                say(what)
                cursor.execute(statement % {"many": many})
                cursor.execute(f"ANALYZE {filled[what]}")  # the next one reads it
    with unlimited_session(connection), connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
