from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("orders", "0004_list_earlier_items")]
    operations = [
        AddIndexConcurrently(
            model_name="orderitem",
            index=models.Index(
                fields=["seller", "-listed_at", "-order"],
                condition=models.Q(listed_at__isnull=False),
                name="item_seller_listed",
            ),
        ),
    ]
