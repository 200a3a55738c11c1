from django.db import migrations

# Numbers come from sequences: no row that every order must lock. Gaps after a rollback are accepted.
FIRST = {"orders_order_number_seq": 1001, "orders_draft_number_seq": 1, "orders_quote_number_seq": 1}


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]
    operations = [
        migrations.RunSQL(f"CREATE SEQUENCE {name} START WITH {first} CACHE 1", f"DROP SEQUENCE {name}")
        for name, first in FIRST.items()
    ]
