from django.db import migrations

# The history says who wrote a row and as part of what; the first start also made what every shop has, which is left
# out. A shop whose history is not kept so long (HISTORY_DAYS) has no list, and its demo shop cannot be told from what
# people added.
MARK = """
WITH written AS (
    SELECT "table", record::uuid AS row, at FROM shared_record_change
    WHERE operation = 'I' AND source IN ('command load_demo_shop', 'command prepare')
          AND "table" IN ('crm_task', 'crm_deal', 'crm_lead', 'crm_email_template', 'orders_coupon',
                          'orders_shipping_method', 'catalog_price_list', 'catalog_tax_region', 'users_customer',
                          'users_company', 'users_customer_group', 'users_tag', 'catalog_variant', 'catalog_product',
                          'catalog_category', 'inventory_stock_location', 'catalog_seller', 'users_user')
          AND EXISTS (SELECT FROM users_user WHERE email = 'webshop@example.com')
          AND record::uuid NOT IN (SELECT id FROM users_user WHERE is_superuser)
          AND record::uuid NOT IN (SELECT id FROM catalog_seller WHERE is_default)
          AND record::uuid NOT IN (
              SELECT place.id FROM inventory_stock_location AS place JOIN catalog_seller AS seller
                  ON seller.id = place.seller_id
              WHERE seller.is_default AND place.name = 'Main')
), placed AS (
    SELECT DISTINCT event.order_id AS row FROM orders_order_event AS event
    JOIN written ON written."table" = 'users_user' AND written.row = event.actor_id
    WHERE event.kind = 'placed' AND event.created_at <= (SELECT max(at) FROM written)
), marked AS (
    INSERT INTO crm_demo_row ("table", row, state, kept_for)
    SELECT DISTINCT "table", row, 'there', '' FROM written
    UNION SELECT 'orders_order', row, 'there', '' FROM placed
    ON CONFLICT DO NOTHING RETURNING 1
)
UPDATE shop_shop SET demo_loaded_at = (SELECT max(at) FROM written) WHERE EXISTS (SELECT FROM marked)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0012_demo_row"),
        ("shop", "0003_demo_shop"),
        ("shared", "0009_kept_file"),
        ("users", "0001_initial"),
        ("catalog", "0001_initial"),
        ("inventory", "0001_initial"),
        ("orders", "0001_initial"),
    ]
    operations = [migrations.RunSQL(MARK, migrations.RunSQL.noop)]
