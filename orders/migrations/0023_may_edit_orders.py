from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0022_lists_of_whole_orders"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="orderedit",
            options={
                "ordering": ["-id"],
                "permissions": [("edit_order", "Can change the lines of orders")],
                "verbose_name": "change of an order",
                "verbose_name_plural": "changes of orders",
            },
        ),
    ]
