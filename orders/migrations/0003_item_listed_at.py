from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_order_number_sequence")]
    operations = [
        migrations.AddField(
            model_name="orderitem",
            name="listed_at",
            field=models.DateTimeField(
                editable=False,
                help_text="When the order was placed (UTC), on each seller's first line in it; empty on the seller's others.",
                null=True,
            ),
        ),
    ]
