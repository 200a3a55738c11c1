from django.db import migrations

# Placing sets listed_at; this does it for the orders that were placed before it did.
LIST = """
UPDATE orders_order_item AS item SET listed_at = placed.created_at
FROM orders_order AS placed
WHERE placed.id = item.order_id AND item.listed_at IS NULL AND NOT EXISTS (
    SELECT FROM orders_order_item AS earlier
    WHERE earlier.order_id = item.order_id AND earlier.seller_id = item.seller_id AND earlier.position < item.position
)
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0003_item_listed_at")]
    operations = [migrations.RunSQL(LIST, migrations.RunSQL.noop)]
