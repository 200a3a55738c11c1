from django.db import migrations

# Numbers come from a sequence: no row that every order must lock. Gaps after a rollback are accepted.
CREATE = "CREATE SEQUENCE orders_order_number_seq START WITH 1001 CACHE 1"
DROP = "DROP SEQUENCE orders_order_number_seq"


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
