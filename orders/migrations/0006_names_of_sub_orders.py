from django.db import migrations, models
from django.db.models import Q

RENAME = "ALTER TABLE orders_order RENAME CONSTRAINT {} TO {}"
OLD, NEW = "order_part_is_one_sellers", "order_sub_order_is_one_sellers"


class Migration(migrations.Migration):
    """An index and a constraint get the word for what they are about: a sub-order.

    Nothing is read: both are changes of the catalogue, and the table's lock lasts as long as they do.
    """

    dependencies = [("orders", "0005_words_of_invoices")]
    operations = [
        migrations.RenameIndex(model_name="order", old_name="order_part_seller", new_name="order_sub_order_seller"),
        migrations.RunSQL(
            RENAME.format(OLD, NEW),
            RENAME.format(NEW, OLD),
            state_operations=[
                migrations.RemoveConstraint(model_name="order", name=OLD),
                migrations.AddConstraint(
                    model_name="order",
                    constraint=models.CheckConstraint(
                        condition=Q(parent__isnull=True) | Q(payment_expires_at__isnull=True, seller__isnull=False),
                        name=NEW,
                    ),
                ),
            ],
        ),
    ]
