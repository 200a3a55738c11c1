from django.db import migrations

from shared.database.names_only import NamesOnly


class Migration(migrations.Migration):
    """What the progress of orders' e-mails is called."""

    dependencies = [
        ("crm", "0013_order_mail_texts"),
    ]

    operations = [
        NamesOnly(
            [
                migrations.AlterModelOptions(
                    name="ordermailprogress",
                    options={
                        "verbose_name": "progress of order e-mails",
                        "verbose_name_plural": "progress of order e-mails",
                    },
                ),
            ]
        )
    ]
