import django.db.models.deletion
from django.db import migrations, models

# By name: AlterField alone drops every index on that one column, one_payment_pays_an_order with it.
DROP = "DROP INDEX CONCURRENTLY orders_payment_order_id_bdccf250"
CREATE = "CREATE INDEX CONCURRENTLY orders_payment_order_id_bdccf250 ON orders_payment (order_id)"


class Migration(migrations.Migration):
    """payment_reference_once_per_order begins with the order, so its index serves an order's payments."""

    atomic = False
    dependencies = [("orders", "0008_drop_order_customer_status_created")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(DROP, CREATE)],
            state_operations=[
                migrations.AlterField(
                    model_name="payment",
                    name="order",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="orders.order",
                    ),
                ),
            ],
        ),
    ]
