from django.db import migrations, models

KINDS = [
    ("confirmation", "Order received"),
    ("payment_reminder", "Payment reminder"),
    ("cancelled_by_staff", "Cancelled by us"),
    ("cancelled_by_customer", "Cancelled by the customer"),
    ("timed_out", "Not paid in time"),
    ("shipped", "Shipment sent"),
    ("refunded", "Money given back"),
]


class Migration(migrations.Migration):
    """Another label of one kind of e-mail: nothing of the database changes."""

    dependencies = [("crm", "0007_words_of_leads_and_deals")]
    operations = [
        migrations.AlterField(
            model_name="ordermail",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=24, verbose_name="kind"),
        ),
        migrations.AlterField(
            model_name="ordermailprogress", name="kind", field=models.CharField(choices=KINDS, max_length=24)
        ),
        migrations.AlterField(
            model_name="ordermailtemplate",
            name="kind",
            field=models.CharField(choices=KINDS, editable=False, max_length=24, verbose_name="kind"),
        ),
    ]
