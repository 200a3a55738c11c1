from django.db import migrations

# As orders' numbers: no row that everybody must lock, and gaps after a rollback.
CREATE = "CREATE SEQUENCE {} START WITH 1 CACHE 1"
DROP = "DROP SEQUENCE {}"
SEQUENCES = ("orders_draft_number_seq", "orders_quote_number_seq")


class Migration(migrations.Migration):
    dependencies = [("orders", "0024_order_deleted")]
    operations = [migrations.RunSQL(CREATE.format(name), DROP.format(name)) for name in SEQUENCES]
