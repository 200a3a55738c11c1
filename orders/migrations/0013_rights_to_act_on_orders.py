from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0012_order_expired"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="order",
            options={
                "ordering": ["-created_at", "-id"],
                "permissions": [
                    ("confirm_payment", "Can confirm payments"),
                    ("advance_order", "Can move orders on"),
                    ("cancel_order", "Can cancel orders"),
                ],
            },
        ),
    ]
