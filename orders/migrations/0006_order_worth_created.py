from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Cast, Floor, Greatest, Ln


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("orders", "0005_item_seller_listed")]
    operations = [
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(
                Floor(Ln(Cast(Greatest("total", models.Value(1)), models.FloatField())) * models.Value(4)),
                models.F("created_at").desc(),
                models.F("id").desc(),
                include=["total"],
                name="order_worth_created",
            ),
        ),
    ]
